import { Command } from "commander";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { eventsOf } from "../actions/events.ts";
import { planFrom, readPlanFile } from "../actions/plan.ts";
import { approveVault, newIntent } from "../actions/pool.ts";
import * as project from "../actions/project.ts";
import { act, addActOptions } from "../chain/act.ts";
import { addressOf, addSessionOptions, sessionOf, type Session } from "../chain/session.ts";
import { signerOf } from "../chain/signer.ts";
import { outputOf } from "../output.ts";
import { amountText, assetOf } from "../values/asset.ts";
import { bytes32 } from "../values/bytes32.ts";
import { amendCommand, cancelCommand, planCommand } from "./project-agree.ts";
import { renewCommand } from "./project-renew.ts";

async function factsOf(session: Session, id: Hex) {
  const found = await project.readProject(session, id);
  const [asset, milestones, leaseRunning] = await Promise.all([
    assetOf(session, found.asset),
    project.readMilestones(session, id, found.milestones),
    project.isLeaseRunning(session, id),
  ]);
  return {
    project: id,
    ...found,
    status: project.projectStatuses[found.status] ?? "none",
    committedText: amountText(asset, found.committed),
    leaseRunning,
    milestones: milestones.map((milestone) => ({
      ...milestone,
      status: project.milestoneStatuses[milestone.status] ?? "none",
      amountText: amountText(asset, milestone.amount),
    })),
  };
}

type ProjectFacts = Awaited<ReturnType<typeof factsOf>>;

function textOf(facts: ProjectFacts): string {
  const lease =
    facts.status === "active"
      ? `, lease ${facts.leaseRunning ? "running" : "lapsed"}, paid through report ${facts.paidThrough}`
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
    const opened = await eventsOf(session, addressOf(session, "BudgetVault"), iBudgetVaultAbi, "ProjectOpened");
    const projects = await Promise.all(opened.map(({ args }) => factsOf(session, args.project)));
    outputOf(command).result({ projects }, projects.map(textOf).join("\n") || "There is no project yet.");
  });
}

function showCommand(): Command {
  const command = addSessionOptions(new Command("show").argument("<project>", "id of the project", bytes32));
  command.description("show a project, its lease and its milestones");
  return command.action(async (id: Hex) => {
    const facts = await factsOf(await sessionOf(command), id);
    outputOf(command).result(facts, textOf(facts));
  });
}

function openCommand(): Command {
  const command = addActOptions(new Command("open").argument("<plan>", "file with the plan (JSON)"), "finance");
  command.description("propose a plan; its payee and its anchor must accept it before money is committed");
  return command.action(async (path: string) => {
    await act(command, async (session, opener) => {
      const plan = await planFrom(session, readPlanFile(path), opener);
      const id = await project.planId(session, plan);
      return { call: project.openProjectCall(session, plan), done: "The plan is proposed.", result: { project: id } };
    });
  });
}

function partyOf(text: string): project.Party {
  if (text === "payee" || text === "anchor") return text;
  throw new MandateError("PartyUnknown", `${text} is no party: say payee or anchor`, {
    kind: "input",
    data: { party: text },
  });
}

function acceptCommand(): Command {
  const command = addActOptions(new Command("accept").argument("<project>", "id of the project", bytes32), "relayer")
    .description("sign the acceptance of a plan as its payee or its anchor, and relay the signature")
    .requiredOption("--party <party>", "payee or anchor")
    .requiredOption("--signer <account>", "who accepts: a key file, or the name of a development account");
  return command.action(async (id: Hex, options: { party: string; signer: string }) => {
    await act(command, async (session) => {
      const party = partyOf(options.party);
      const signer = signerOf(options.signer, session.deployment.chainId);
      const signature = await project.signAcceptance(session, signer, id, party);
      return {
        call: project.acceptProjectCall(session, { project: id, party, signature }),
        done: `Accepted for its ${party}.`,
      };
    });
  });
}

function fundCommand(): Command {
  const command = addActOptions(new Command("fund").argument("<project>", "id of the project", bytes32), "finance")
    .description("commit an accepted project's total, from its pool or from your wallet; the lease starts")
    .option("--from <source>", "pool or wallet", "pool");
  return command.action(async (id: Hex, options: { from: string; as: string; dryRun?: boolean }) => {
    await act(command, async (session) => {
      if (options.from === "pool")
        return { call: project.commitProjectCall(session, id), done: "The project is funded from its pool." };
      const [{ asset: address }, total] = await Promise.all([
        project.readProject(session, id),
        project.totalOf(session, id),
      ]);
      const asset = await assetOf(session, address);
      if (options.dryRun !== true)
        await approveVault(session, signerOf(options.as, session.deployment.chainId), asset, total);
      const funding = { project: id, intent: newIntent(), value: asset.native ? total : 0n };
      return {
        call: project.fundProjectCall(session, funding),
        done: `The project is funded with ${amountText(asset, total)}.`,
      };
    });
  });
}

function reclaimCommand(): Command {
  const command = addActOptions(new Command("reclaim").argument("<project>", "id of the project", bytes32), "relayer");
  command.description("return what is committed to a project whose lease ran out; anyone may");
  return command.action(async (id: Hex) => {
    await act(command, (session) =>
      Promise.resolve({ call: project.reclaimCall(session, id), done: "The money is back in its pool." }),
    );
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
    fundCommand(),
    renewCommand(),
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
  $ mandate project accept 0x… --party anchor --signer anchor
  $ mandate project renew 0x… --operators http://127.0.0.1:4111
  $ mandate project reclaim 0x…
  $ mandate project plan 0x… --next --out next.json
  $ mandate project amend next.json --payee payeeOne --anchor anchor
  $ mandate project cancel 0x… --sign --as payee.key
  $ mandate project cancel 0x… --payee 0x… --until 1767225600 --as anchor.key`,
  );
}
