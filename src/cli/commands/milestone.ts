import { Command } from "commander";
import { vaultCall } from "../../chain/treasury/vault-call.ts";
import type { Hex } from "../../core/hex.ts";
import { milestoneStatuses } from "../../sdk/project.ts";
import { nameEvidence, orStored } from "../treasury/evidence-file.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { outputOf } from "../output.ts";
import { factsText } from "../text/table.ts";
import { paymentResult } from "../treasury/payment-result.ts";
import { milestoneFacts, milestoneOf, projectTerms, restText } from "../treasury/project-terms.ts";
import { bytes32 } from "../values/bytes32.ts";
import { countOf } from "../values/count.ts";
import { attestCommand } from "./milestone-attest.ts";
import { coSignCommand } from "./milestone-co-sign.ts";
import { releaseCommand } from "./milestone-release.ts";

function addMilestoneArguments(command: Command): Command {
  return command
    .argument("<project>", "id of the project", bytes32)
    .argument("<milestone>", "number of the milestone, from 0", countOf);
}

async function milestoneTerms(session: Session, project: Hex, index: number) {
  const [facts, terms] = await Promise.all([milestoneOf(session, project, index), projectTerms(session, project)]);
  return { facts, terms, amount: facts.milestone.amount };
}

function showCommand(): Command {
  const command = addMilestoneArguments(addSessionOptions(new Command("show")));
  command.description("show a milestone: its terms, where it stands, whose signatures it needs");
  return command.action(async (project: Hex, index: number) => {
    const session = await sessionOf(command);
    const { facts, terms } = await milestoneTerms(session, project, index);
    const found = terms.milestones[index];
    const attestors = facts.attestors.map((signer, seat) => ({
      seat,
      signer,
      revoked: ((facts.revoked >> BigInt(seat)) & 1n) === 1n,
    }));
    const people = attestors.map(({ seat, signer, revoked }) => `${seat}: ${signer}${revoked ? ", revoked" : ""}`);
    const text = factsText([
      ["project", `${project}, ${terms.status}`],
      ["pays", terms.book.full(terms.found.payee)],
      ...milestoneFacts(terms, index),
      ["signatures needed", `${facts.threshold} of\n${people.join("\n")}`],
      ["specification", facts.milestone.specification],
      ["overturned", `${facts.overturned} times`],
    ]);
    const status = milestoneStatuses[found?.status ?? 0];
    const { specification } = facts.milestone;
    const { threshold, overturned } = facts;
    outputOf(command).result(
      { project, ...found, index, specification, threshold, attestors, overturned, status },
      text,
    );
  });
}

function payCommand(): Command {
  const command = addMilestoneArguments(addTransactOptions(new Command("pay"), "relayer"));
  command.description("pay a proved milestone after its challenge window; anyone may");
  return command.action(async (project: Hex, index: number) => {
    await transact(command, async (session) => {
      const { terms } = await milestoneTerms(session, project, index);
      const settled = `Milestone ${index} is settled.`;
      return {
        call: vaultCall(addressOf(session, "BudgetVault"), "pay", [project, index]),
        title: `Pay ${restText(terms, index)} to the payee`,
        preview: [["to", terms.book.full(terms.found.payee)], ...milestoneFacts(terms, index)],
        done: settled,
        result: { project, milestone: index },
        resultOf: (receipt) => paymentResult(session, receipt, terms.asset),
        doneOf: (receipt) =>
          paymentResult(session, receipt, terms.asset).outcome === "held"
            ? `Nothing was paid: the circuit breaker is tripped now, and milestone ${index} waits for a co-signature.`
            : settled,
      };
    });
  });
}

function overturnCommand(): Command {
  const command = addMilestoneArguments(addTransactOptions(new Command("overturn"), "anchor"))
    .description("overturn a proof within its challenge window; the project's anchor and its opener may")
    .requiredOption("--evidence <file>", `why it is not delivered (JSON, ${orStored}); the chain keeps its hash`);
  return command.action(async (project: Hex, index: number, { evidence }: { evidence: string }) => {
    await transact(command, async (session) => {
      const { hash, document } = nameEvidence(evidence);
      const { terms } = await milestoneTerms(session, project, index);
      const back =
        terms.status === "reclaimed" ? terms.destination : "the project: it can be proved again, by a new proof";
      return {
        call: vaultCall(addressOf(session, "BudgetVault"), "overturn", [project, index, hash]),
        title: `Overturn the proof of milestone ${index}; ${restText(terms, index)} is not paid`,
        preview: [["stays with", back], ...milestoneFacts(terms, index), ["evidence", hash]],
        documents: document === undefined ? [] : [document],
        done: `The proof of milestone ${index} is overturned.`,
        result: { project, milestone: index, evidence: hash },
      };
    });
  });
}

function reclaimCommand(): Command {
  const command = addMilestoneArguments(addTransactOptions(new Command("reclaim"), "relayer"));
  command.description("take back a pending milestone of an active project whose deadline passed; anyone may");
  return command.action(async (project: Hex, index: number) => {
    await transact(command, async (session) => {
      const { terms, amount } = await milestoneTerms(session, project, index);
      const rest = restText(terms, index);
      return {
        call: vaultCall(addressOf(session, "BudgetVault"), "reclaimMilestone", [project, index]),
        title: `Reclaim ${rest} of milestone ${index}`,
        preview: [["moves", rest], ["to", terms.destination], ...milestoneFacts(terms, index)],
        done: `${rest} is back in the ${terms.destination}.`,
        result: { project, milestone: index, amount: amount - (terms.milestones[index]?.paid ?? 0n) },
      };
    });
  });
}

/** `mandate milestone …` */
export function milestoneCommand(): Command {
  const command = new Command("milestone").description("milestones: released on a quorum of attestors");
  for (const verb of [
    showCommand(),
    attestCommand(),
    releaseCommand(),
    coSignCommand(),
    payCommand(),
    overturnCommand(),
    reclaimCommand(),
  ])
    command.addCommand(verb);
  return command.addHelpText(
    "after",
    `
Examples:
  $ mandate milestone show 0x… 0
  $ mandate milestone attest 0x… 0 --evidence evidence.json --as one.key --out one.json
  $ mandate milestone attest 0x… 0 --same-as one.json --as two.key --out two.json
  $ mandate milestone release 0x… 0 --signatures one.json two.json
  $ mandate milestone release 0x… 0 --evidence evidence.json --attestors http://127.0.0.1:4121 http://127.0.0.1:4122
  $ mandate milestone attest 0x… 0 --evidence april.json --part 250 --as one.key --out april-one.json
  $ mandate milestone overturn 0x… 0 --evidence why-not.json --as anchor.key
  $ mandate milestone co-sign 0x… 0 --as anchor.key
  $ mandate milestone pay 0x… 0
  $ mandate milestone reclaim 0x… 0 --dry-run`,
  );
}
