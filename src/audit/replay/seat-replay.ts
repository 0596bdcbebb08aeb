import { toFunctionSelector } from "viem";
import type { Hex } from "../../core/hex.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventOf } from "./audited-event.ts";
import type { RuleContext } from "./rule-context.ts";

/** The history of the seats of one membership. */
export interface SeatReplay {
  apply(event: EventOf<"Membership">): void;
  /** Whether `member` had a seat at the end of second `time`. */
  wasSeated(member: Hex, time: bigint): boolean;
  seats(time: bigint): number;
}

interface Change {
  readonly time: bigint;
  readonly member: Hex;
  readonly seated: boolean;
}

const seatSelector = toFunctionSelector("seat(address)");
const unseatSelector = toFunctionSelector("unseat(address)");

export function replaySeats(
  context: RuleContext,
  requireMayCall: (log: PlacedLog, by: Hex, selector: Hex) => void,
): SeatReplay {
  const changes: Change[] = [];
  const seated = new Set<Hex>();
  const rule = "strategy-seat";

  function seatedAt(time: bigint): Set<Hex> {
    const members = new Set<Hex>();
    for (const change of changes) {
      if (change.time > time) break;
      if (change.seated) members.add(change.member);
      else members.delete(change.member);
    }
    return members;
  }

  return {
    apply(event) {
      if (event.eventName !== "SeatGranted" && event.eventName !== "SeatRevoked") return;
      const { log } = event;
      const { member, seats, by } = event.args;
      const grants = event.eventName === "SeatGranted";
      requireMayCall(log, by, grants ? seatSelector : unseatSelector);
      context.requireEqual(rule, log, `${member} seated before`, !grants, seated.has(member));
      if (grants) seated.add(member);
      else seated.delete(member);
      context.requireEqual(rule, log, "seats", BigInt(seated.size), seats);
      changes.push({ time: log.blockTimestamp, member, seated: grants });
    },
    wasSeated: (member, time) => seatedAt(time).has(member),
    seats: (time) => seatedAt(time).size,
  };
}
