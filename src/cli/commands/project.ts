import { Command } from "commander";
import type { Hex } from "../../core/hex.ts";
import { planFrom, readPlanFile } from "../treasury/plan-file.ts";
import * as project from "../../sdk/project.ts";
import { chainTime } from "../../sdk/read.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { outputOf } from "../output.ts";
import { factsText } from "../text/table.ts";
import {
  planFacts,
  projectState,
  projectTerms,
  risingText,
  stateFacts,
  windowText,
  type ProjectState,
} from "../treasury/project-terms.ts";
import { momentText } from "../treasury/vault.ts";
import { addressBookOf } from "../values/address-book.ts";
import { amountText, assetOf } from "../../sdk/asset.ts";
import { bytes32 } from "../values/bytes32.ts";
import { acceptCommand, signAcceptanceCommand } from "./project-accept.ts";
import { commitCommand, fundCommand } from "./project-fund.ts";
import { reclaimCommand } from "./project-reclaim.ts";
import { amendCommand, cancelCommand, planCommand } from "./project-agree.ts";
import { extendCommand } from "./project-extend.ts";
import { renewCommand } from "./project-renew.ts";

function factsOf({ id, found, status, asset, leaseRunning, milestones }: ProjectState) {
  return {
    project: id,
    ...found,
    status,
    committedText: amountText(asset, found.committed),
    leaseRunning,
    milestones: milestones.map((milestone) => ({
      ...milestone,
      status: project.milestoneStatuses[milestone.status] ?? "none",
      amountText: amountText(asset, milestone.amount),
    })),
  };
}

type ProjectFacts = ReturnType<typeof factsOf>;

function textOf(facts: ProjectFacts): string {
  const lease =
    facts.status === "active"
      ? `, lease ${facts.leaseRunning ? "running" : "lapsed"}, paid through report ${facts.paidThrough}${risingText(facts)}`
      : "";
  const milestones = facts.milestones.map((each, index) => `  milestone ${index}: ${each.amountText}, ${each.status}`);
  return [
    `${facts.project}\n  ${facts.status}, ${facts.committedText} committed to ${facts.payee}${lease}`,
    ...milestones,
  ].join("\n");
}

function listCommand(): Command {
  const command = addSessionOptions(new Command("list")).description("show every project");
  return command.action(async () => {
    const session = await sessionOf(command);
    const ids = await project.allProjects(session);
    const projects = await Promise.all(ids.map(async (id) => factsOf(await projectState(session, id))));
    outputOf(command).result({ projects }, projects.map(textOf).join("\n") || "There is no project yet.");
  });
}

function showCommand(): Command {
  const command = addSessionOptions(new Command("show").argument("<project>", "id of the project", bytes32));
  command.description("show a project, its lease and its milestones");
  return command.action(async (id: Hex) => {
    const terms = await projectTerms(await sessionOf(command), id);
    const plan = planFacts(terms).filter(([name]) => name !== "project");
    const text = `${factsText(stateFacts(terms))}\n\nThe plan:\n${factsText(plan)}`;
    outputOf(command).result(factsOf(terms), text);
  });
}

function openCommand(): Command {
  const command = addTransactOptions(new Command("open").argument("<plan>", "file with the plan (JSON)"), "finance");
  command.description("propose a plan; its payee and its anchor must accept it before money is committed");
  return command.action(async (path: string) => {
    await transact(command, async (session, opener) => {
      const plan = await planFrom(session, readPlanFile(path), opener);
      const [id, asset, now] = await Promise.all([
        project.planId(session, plan),
        assetOf(session, plan.asset),
        chainTime(session),
      ]);
      const book = addressBookOf(session);
      const total = plan.milestones.reduce((sum, { amount }) => sum + amount, 0n);
      const milestones = plan.milestones.map((each, index) => {
        const amount = amountText(asset, each.amount);
        return `${index}: ${amount}, proved before ${momentText(each.deadline, now)}, ${windowText(each)}`;
      });
      return {
        call: project.openProjectCall(session, plan),
        title: `Propose a plan of ${amountText(asset, total)}`,
        preview: [
          ["project", id],
          ["pays", book.full(plan.payee)],
          ["answers for it", book.full(plan.anchor)],
          ["milestones", milestones.join("\n")],
          ["accepted before", momentText(plan.acceptBy, now)],
          ["moves", "nothing until it is accepted and funded"],
        ],
        done: "The plan is proposed.",
        result: { project: id },
      };
    });
  });
}

/** `mandate project …` */
export function projectCommand(): Command {
  const command = new Command("project").description(
    "projects: budgets released on proof, kept only while the project is alive",
  );
  const verbs = [
    listCommand(),
    showCommand(),
    openCommand(),
    acceptCommand(),
    signAcceptanceCommand(),
    fundCommand(),
    commitCommand(),
    renewCommand(),
    extendCommand(),
    reclaimCommand(),
    planCommand(),
    amendCommand(),
    cancelCommand(),
  ];
  for (const verb of verbs) command.addCommand(verb);
  return command.addHelpText(
    "after",
    `
Examples:
  $ mandate project open plan.json --as finance
  $ mandate project accept 0x… --party payee --as payee.key
  $ mandate project sign-acceptance 0x… --party anchor --signer anchor.key --out acceptance.json
  $ mandate project accept 0x… --party anchor --signature acceptance.json --as relayer
  $ mandate project commit 0x… --as finance
  $ mandate project fund 0x… --from wallet --as finance
  $ mandate project renew 0x… --operators http://127.0.0.1:4111
  $ mandate project renew --all --operators http://127.0.0.1:4111
  $ mandate project reclaim 0x…
  $ mandate project reclaim --all --dry-run

  $ mandate project plan 0x… --next --out next.json
  $ mandate project amend next.json --payee payeeOne --anchor anchor
  $ mandate project cancel 0x… --sign --as payee.key
  $ mandate project cancel 0x… --payee 0x… --until 1767225600 --as anchor.key`,
  );
}
