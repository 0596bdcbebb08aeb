import { Command } from "commander";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { approveEscalationCall, rejectEscalationCall } from "../../sdk/escalation.ts";
import { act, addActOptions } from "../chain/act.ts";
import { documentsOf } from "../documents/document-store.ts";
import { outputOf } from "../output.ts";
import { escalationState, positionsOf, type EscalationState } from "../state/escalations.ts";
import { escalationText } from "../text/escalation-text.ts";
import { bytes32 } from "../values/bytes32.ts";
import { decodedCall } from "../values/call-data.ts";
import { countOf } from "../values/count.ts";
import { reasonHash, type Reason } from "../values/reason.ts";
import { timeText } from "../values/time.ts";
import { escalationViewOf } from "./escalation-view.ts";

/**
 * The position of the path for which `from` resolves: the first that is open, else the first that will be.
 * @throws {MandateError} `NotAResolver`, `EscalationNotPending`.
 */
function positionFor(escalation: EscalationState, from: Hex, now: number): number {
  if (escalation.status !== "pending") {
    throw new MandateError("EscalationNotPending", `the escalation is ${escalation.status}, not pending`, {
      kind: "refused",
      data: { operation: escalation.operation, status: escalation.status },
    });
  }
  const own = positionsOf(escalation.resolvers, from);
  const open = own.find((position) => (escalation.resolvers[position]?.opensAt ?? Infinity) <= now);
  const position = open ?? own[0];
  if (position !== undefined) return position;
  const resolvers = escalation.resolvers.map(({ anchor, opensAt }) => `${anchor} from ${timeText(opensAt)}`);
  throw new MandateError("NotAResolver", `${from} is no anchor of the escalation's path, and substitutes for none`, {
    kind: "refused",
    data: { operation: escalation.operation, from },
    remedy: `It can be resolved by ${resolvers.join(", ") || "nobody"}.`,
  });
}

/** @throws {MandateError} `WouldBeBlind`: what is approved cannot be read here. */
function requireSight(unread: readonly string[], blind: boolean): void {
  if (unread.length === 0 || blind) return;
  throw new MandateError("WouldBeBlind", `you would approve what cannot be read here: ${unread.join("; ")}`, {
    kind: "input",
    remedy: "Name the directory that has the documents (--documents), or approve unseen with --blind.",
  });
}

interface ResolveOptions {
  readonly reason: string;
  readonly position?: number;
  readonly blind?: boolean;
}

function resolveCommand(name: "approve" | "reject", description: string): Command {
  const base = new Command(name).argument("<escalation>", "id of the operation", bytes32);
  const command = addActOptions(base, "anchor")
    .description(description)
    .requiredOption("--reason <text>", "why; the chain keeps the hash of this text")
    .option("--position <number>", "place in the path, from 0 (default: the first that is yours and open)", countOf);
  if (name === "approve") command.option("--blind", "approve although call, context or recommendation cannot be read");
  const callOf = name === "approve" ? approveEscalationCall : rejectEscalationCall;
  return command.action(async (operation: Hex, options: ResolveOptions) => {
    await act(command, async (session, from) => {
      const store = documentsOf(command);
      const [escalation, view] = await Promise.all([
        escalationState(session, operation),
        escalationViewOf(session, store),
      ]);
      outputOf(command).note(`${escalationText(escalation, view)}\n`);
      const position = options.position ?? positionFor(escalation, from, view.now);
      if (name === "approve") {
        const unread = [
          ...(decodedCall(escalation, view.book) === undefined ? ["the call's function is not known"] : []),
          ...(["context", "recommendation"] as const).flatMap((part) => {
            const { state } = store.find(escalation[part]);
            return state === "present" ? [] : [`the ${part} is ${state}`];
          }),
        ];
        requireSight(unread, options.blind === true);
      }
      return {
        call: callOf(session, { operation, position, reason: reasonHash(options.reason) }),
        documents: [{ reason: options.reason } satisfies Reason],
        done: name === "approve" ? "Approved: exactly this call, once, by its caller." : "Rejected.",
        result: { operation, position },
      };
    });
  });
}

export function escalationApproveCommand(): Command {
  return resolveCommand("approve", "allow exactly this call, once, by its caller");
}

export function escalationRejectCommand(): Command {
  return resolveCommand("reject", "refuse the call");
}
