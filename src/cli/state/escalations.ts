import { iEscalationsAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { eventsOf } from "../../sdk/events.ts";
import { operationOf } from "../../sdk/escalation.ts";
import { read } from "../../sdk/read.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { boundaries, escalationStatuses, nameIn } from "../../sdk/contract-enums.ts";

export interface Resolver {
  readonly team: number;
  readonly anchor: Hex;
  /** The zero address where it named none. */
  readonly substitute: Hex;
  readonly opensAt: number;
}

export interface EscalationState {
  readonly operation: Hex;
  readonly status: string;
  readonly team: number;
  readonly task: number;
  readonly caller: Hex;
  readonly target: Hex;
  readonly data: Hex;
  readonly boundary: (typeof boundaries)[number] | `${number}`;
  readonly limit: bigint;
  readonly actual: bigint;
  readonly openedAt: number;
  readonly deadline: number;
  /** While pending the deadline, once approved the first second in which it can no longer be used. */
  readonly until: number;
  readonly recommendation: Hex;
  readonly context: Hex;
  readonly anchor: Hex;
  /** Who approved; the zero address before. */
  readonly resolver: Hex;
  readonly resolvers: readonly Resolver[];
}

/** Every escalation in its last opening, the newest first. @throws {MandateError} `EscalationForged`. */
export async function allEscalations(session: Session): Promise<EscalationState[]> {
  const address = addressOf(session, "Escalations");
  const opened = await eventsOf(session, address, iEscalationsAbi, "EscalationOpened");
  const last = new Map(opened.map(({ args }) => [args.operation, args]));
  return Promise.all(
    [...last.values()].reverse().map(async (args) => {
      const { operation } = args;
      if (operationOf(args) !== operation) {
        throw new MandateError("EscalationForged", `the node shows another call for the operation ${operation}`, {
          kind: "environment",
          data: { operation },
          remedy: "Ask another node (--rpc-url): what this one says cannot be trusted.",
        });
      }
      const [now, resolvers] = await Promise.all([
        read(session, "Escalations", iEscalationsAbi, "getEscalation", [operation]),
        read(session, "Escalations", iEscalationsAbi, "resolversOf", [operation]),
      ]);
      const { boundary, ...rest } = args;
      return {
        ...rest,
        ...now,
        boundary: nameIn(boundaries, boundary),
        status: nameIn(escalationStatuses, now.status),
        resolvers,
      };
    }),
  );
}

/** One escalation. @throws {MandateError} `EscalationUnknown`. */
export async function escalationState(session: Session, operation: Hex): Promise<EscalationState> {
  const found = (await allEscalations(session)).find((each) => each.operation === operation.toLowerCase());
  if (found !== undefined) return found;
  throw new MandateError("EscalationUnknown", `no escalation of ${operation} was ever opened`, {
    kind: "input",
    data: { operation },
    remedy: "mandate escalation list shows them.",
  });
}

/** Positions of the path at which `account` may resolve, for itself or as a substitute. */
export function positionsOf(resolvers: readonly Resolver[], account: Hex): number[] {
  const same = (other: Hex): boolean => other.toLowerCase() === account.toLowerCase();
  return resolvers.flatMap(({ anchor, substitute }, position) => (same(anchor) || same(substitute) ? [position] : []));
}
