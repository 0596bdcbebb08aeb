import { Command } from "commander";
import type { Hex } from "../../core/hex.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addressOrName } from "../chain/signer.ts";
import { addDocumentsOption, documentsOf } from "../documents/document-store.ts";
import { outputOf } from "../output.ts";
import { allEscalations, escalationState, positionsOf, type EscalationState } from "../state/escalations.ts";
import { teamText } from "../state/teams.ts";
import { boundaryText } from "../text/boundary-text.ts";
import { endText, escalationText } from "../text/escalation-text.ts";
import { tableText } from "../text/table.ts";
import { bytes32 } from "../values/bytes32.ts";
import { functionName } from "../values/function-name.ts";
import { escalationViewOf } from "./escalation-view.ts";
import { escalationExecuteCommand, escalationOpenCommand, escalationWithdrawCommand } from "./escalation-call.ts";
import { escalationApproveCommand, escalationRejectCommand } from "./escalation-resolve.ts";

/** Whether it waits for `account`: now, or from a later time on. */
function waitsFor(escalation: EscalationState, account: Hex): boolean {
  return escalation.status === "pending" && positionsOf(escalation.resolvers, account).length > 0;
}

function listCommand(): Command {
  const command = addDocumentsOption(addSessionOptions(new Command("list")))
    .description("show escalations, the newest first")
    .option("--pending", "only those that wait for a human")
    .option("--for <account>", "only those that this anchor, or substitute, may resolve, now or later", addressOrName);
  return command.action(async (options: { pending?: boolean; for?: Hex }) => {
    const session = await sessionOf(command);
    const [all, view] = await Promise.all([allEscalations(session), escalationViewOf(session, documentsOf(command))]);
    const account = options.for;
    const escalations = all.filter((each) => {
      if (options.pending === true && each.status !== "pending") return false;
      return account === undefined || waitsFor(each, account);
    });
    const { book, places, scopes, now } = view;
    const rows = escalations.map((each) => [
      each.operation,
      each.status,
      teamText(places, each.team),
      `${book.short(each.caller)}: ${book.short(each.target)}.${functionName(each.data.slice(0, 10) as Hex)}`,
      boundaryText(each, scopes),
      endText(each, now),
    ]);
    const head = ["escalation", "status", "team", "call", "because", "end"];
    outputOf(command).result({ escalations }, tableText(head, rows, "No escalation waits."));
  });
}

function showCommand(): Command {
  const base = new Command("show").argument("<escalation>", "id of the operation", bytes32);
  const command = addDocumentsOption(addSessionOptions(base));
  command.description("show the exact call, the limit it crosses and by how much, and who may resolve from when");
  return command.action(async (operation: Hex) => {
    const session = await sessionOf(command);
    const escalation = await escalationState(session, operation);
    const view = await escalationViewOf(session, documentsOf(command));
    const context = view.store.find(escalation.context);
    const recommendation = view.store.find(escalation.recommendation);
    outputOf(command).result(
      { ...escalation, now: view.now, documents: { context, recommendation } },
      escalationText(escalation, view),
    );
  });
}

/** `mandate escalation …` */
export function escalationCommand(): Command {
  return new Command("escalation")
    .description("escalations: what a limit refused waits for a human; silence denies")
    .addCommand(escalationOpenCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(escalationApproveCommand())
    .addCommand(escalationRejectCommand())
    .addCommand(escalationWithdrawCommand())
    .addCommand(escalationExecuteCommand())
    .addHelpText(
      "after",
      `
Examples:
  $ mandate escalation open --target BudgetVault --function withdraw --args 0x… TestToken agent 5000 --recommendation 'the supplier delivered' --as agent
  $ mandate escalation list --for anchor
  $ mandate escalation show 0x…
  $ mandate escalation approve 0x… --reason 'checked the delivery' --as anchor
  $ mandate escalation execute 0x… --as agent`,
    );
}
