import { Command } from "commander";
import { parseEventLogs } from "viem";
import { iEscalationsAbi } from "../../chain/abi.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { openEscalationCall, operationOf, withdrawEscalationCall } from "../../sdk/escalation.ts";
import { act, addActOptions } from "../chain/act.ts";
import type { ContractCall } from "../../sdk/contract-call.ts";
import { escalationState, type EscalationState } from "../state/escalations.ts";
import { boundaryText } from "../text/boundary-text.ts";
import { scopeNames } from "../state/teams.ts";
import { functionFrom } from "../values/action.ts";
import { addressBookOf } from "../values/address-book.ts";
import { bytes32 } from "../values/bytes32.ts";
import { argumentsIn, callTo, decodedCall } from "../values/call-data.ts";
import { boundaries, nameIn } from "../../sdk/contract-enums.ts";
import { functionOf } from "../values/function-name.ts";
import { timeText } from "../values/time.ts";
import { readDocument } from "../documents/read-document.ts";

interface OpenOptions {
  readonly target: string;
  readonly function: string;
  readonly args: string[];
  readonly recommendation: string;
  readonly context?: string;
}

/** `mandate escalation open` */
export function escalationOpenCommand(): Command {
  const command = addActOptions(new Command("open"), "agent")
    .description("ask the humans up the team's path to allow one exact call that a limit refuses")
    .requiredOption("--target <contract>", "name or address of the contract")
    .requiredOption("--function <signature>", "function of the contract: its name, signature or selector")
    .option("--args <values...>", "its arguments, in order; lists and tuples as JSON", [])
    .requiredOption("--recommendation <text>", "what you recommend, and why")
    .option("--context <file>", "the decision's full context (JSON; default: the call in words)");
  return command.action(async (options: OpenOptions) => {
    await act(command, async (session, caller) => {
      const call = callTo(session, options.target, options.function, options.args);
      const context =
        options.context === undefined
          ? {
              kind: "mandate.context/1",
              title: "A call that a limit refuses",
              call: decodedCall(call, addressBookOf(session)) ?? call,
            }
          : readDocument(options.context);
      const recommendation = { recommendation: options.recommendation };
      const scopes = await scopeNames(session);
      const hashes = { recommendation: documentHash(recommendation), context: documentHash(context) };
      return {
        call: openEscalationCall(session, call, hashes),
        documents: [recommendation, context],
        done: "It waits for a human. Silence denies.",
        result: { operation: operationOf({ caller, ...call }), ...hashes },
        resultOf: (receipt) => {
          const [opened] = parseEventLogs({ abi: iEscalationsAbi, eventName: "EscalationOpened", logs: receipt.logs });
          if (opened === undefined) return {};
          const { boundary, limit, actual, deadline, team } = opened.args;
          const because = boundaryText({ boundary: nameIn(boundaries, boundary), limit, actual }, scopes);
          return { team, because, deadline, "deadline (text)": timeText(deadline) };
        },
      };
    });
  });
}

/** @throws {MandateError} `NotTheCaller`: an approval is nobody else's to use. */
function requireCaller(escalation: EscalationState, from: Hex): void {
  if (escalation.caller.toLowerCase() === from.toLowerCase()) return;
  throw new MandateError("NotTheCaller", `the escalation is of ${escalation.caller}, not of ${from}`, {
    kind: "input",
    data: { caller: escalation.caller, from },
    remedy: "Say who acts: --as <account>.",
  });
}

/** `mandate escalation withdraw` */
export function escalationWithdrawCommand(): Command {
  const base = new Command("withdraw").argument("<escalation>", "id of the operation", bytes32);
  const command = addActOptions(base, "agent").description("take one's own escalation back, pending or approved");
  return command.action(async (operation: Hex) => {
    await act(command, async (session, from) => {
      const escalation = await escalationState(session, operation);
      requireCaller(escalation, from);
      return { call: withdrawEscalationCall(session, escalation), done: "It is withdrawn.", result: { operation } };
    });
  });
}

function calledIn(escalation: EscalationState, signature: string | undefined): ContractCall {
  const item = signature === undefined ? functionOf(escalation.data.slice(0, 10) as Hex) : functionFrom(signature);
  if (item === undefined) {
    throw new MandateError("FunctionUnknown", "no contract of the system declares the function", {
      kind: "input",
      data: { selector: escalation.data.slice(0, 10) },
      remedy: "Say its signature: --function 'pay(address,uint256)'.",
    });
  }
  const args = argumentsIn(item, escalation.data);
  return { contract: "the target", address: escalation.target, abi: [item], functionName: item.name, args, value: 0n };
}

/** `mandate escalation execute` */
export function escalationExecuteCommand(): Command {
  const base = new Command("execute").argument("<escalation>", "id of the operation", bytes32);
  const command = addActOptions(base, "agent")
    .description("make the call that was approved: once, by who asked for it")
    .option("--function <signature>", "the function, where no contract of the system declares it");
  return command.action(async (operation: Hex, options: { function?: string }) => {
    await act(command, async (session, from) => {
      const escalation = await escalationState(session, operation);
      requireCaller(escalation, from);
      if (escalation.status !== "approved") {
        throw new MandateError("EscalationNotApproved", `the escalation is ${escalation.status}, not approved`, {
          kind: "refused",
          data: { operation, status: escalation.status },
          remedy: `mandate escalation show ${operation}`,
        });
      }
      const call = calledIn(escalation, options.function);
      const contract = addressBookOf(session).nameOf(escalation.target) ?? call.contract;
      return { call: { ...call, contract }, done: "The approved call is made.", result: { operation } };
    });
  });
}
