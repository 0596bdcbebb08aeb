import { Command } from "commander";
import type { Hex } from "../../core/hex.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addressOrName } from "../chain/signer.ts";
import { addDocumentsOption, documentsOf } from "../documents/document-store.ts";
import { outputOf } from "../output.ts";
import { allChallenges, challengeState } from "../state/challenges.ts";
import { positionsOf } from "../state/escalations.ts";
import { teamText } from "../state/teams.ts";
import { challengeEndText, challengeText, coinText, leafText } from "../text/challenge-text.ts";
import { tableText } from "../text/table.ts";
import { bytes32 } from "../values/bytes32.ts";
import { challengeReturnCommand, challengeRuleCommand, challengeWithdrawCommand } from "./challenge-end.ts";
import { challengeFetchEvidenceCommand, challengeStoreEvidenceCommand } from "./challenge-evidence.ts";
import {
  challengeClaimCommand,
  challengeFundCommand,
  challengeSetTermsCommand,
  challengeTermsCommand,
} from "./challenge-money.ts";
import { challengeOpenCommand } from "./challenge-open.ts";
import { challengeViewOf } from "./challenge-view.ts";

interface ListOptions {
  readonly open?: boolean;
  readonly project?: Hex;
  readonly for?: Hex;
}

function listCommand(): Command {
  const command = addDocumentsOption(addSessionOptions(new Command("list")))
    .description("show challenges, the newest first")
    .option("--open", "only those that wait for a ruling")
    .option("--project <id>", "only those of this project", bytes32)
    .option("--for <account>", "only those on which this anchor, or substitute, may rule, now or later", addressOrName);
  return command.action(async (options: ListOptions) => {
    const session = await sessionOf(command);
    const [all, view] = await Promise.all([allChallenges(session), challengeViewOf(session, documentsOf(command))]);
    const { for: account, project } = options;
    const challenges = all.filter((each) => {
      if (options.open === true && each.status !== "open") return false;
      if (project !== undefined && each.project !== project.toLowerCase()) return false;
      return account === undefined || positionsOf(each.rulers, account).length > 0;
    });
    const rows = challenges.map((each) => [
      each.challenge,
      each.status,
      teamText(view.places, each.team),
      leafText(each),
      coinText(each.bond),
      challengeEndText(each, view.now),
    ]);
    const head = ["challenge", "status", "team", "leaf", "bond", "end"];
    outputOf(command).result({ challenges }, tableText(head, rows, "Nothing is challenged."));
  });
}

function showCommand(): Command {
  const base = new Command("show").argument("<challenge>", "id of the challenge", bytes32);
  const command = addDocumentsOption(addSessionOptions(base));
  command.description("show what is challenged, by which evidence, at what price, and who may rule from when");
  return command.action(async (challenge: Hex) => {
    const session = await sessionOf(command);
    const found = await challengeState(session, challenge);
    const view = await challengeViewOf(session, documentsOf(command));
    const evidence = view.store.find(found.evidence);
    outputOf(command).result({ ...found, now: view.now, documents: { evidence } }, challengeText(found, view));
  });
}

/** `mandate challenge …` */
export function challengeCommand(): Command {
  return new Command("challenge")
    .description("challenges: red teams put a bond on it that a score was gamed, and an anchor rules")
    .addCommand(challengeTermsCommand())
    .addCommand(challengeOpenCommand())
    .addCommand(challengeStoreEvidenceCommand())
    .addCommand(challengeFetchEvidenceCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(challengeRuleCommand())
    .addCommand(challengeWithdrawCommand())
    .addCommand(challengeReturnCommand())
    .addCommand(challengeClaimCommand())
    .addCommand(challengeFundCommand())
    .addCommand(challengeSetTermsCommand())
    .addHelpText(
      "after",
      `
Examples:
  $ mandate challenge terms
  $ mandate challenge open 0x… --evidence lockstep.json --operators http://127.0.0.1:4111 --as red-team.key
  $ mandate challenge list --for anchor
  $ mandate challenge rule 0x… --uphold --reason 'the stars came from one address block' --as anchor
  $ mandate challenge claim --as red-team.key
  $ mandate challenge fund --amount 2 --as finance`,
    );
}
