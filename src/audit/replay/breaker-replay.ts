import { encodeAbiParameters, keccak256, parseAbiParameters, toFunctionSelector } from "viem";
import type { Hex } from "../../core/hex.ts";
import type { RuleId } from "../rules.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventOf } from "./audited-event.ts";
import type { RuleContext } from "./rule-context.ts";

/** A trip that people caused through a circuit breaker, as it recorded it before the vault or the oracle did. */
export interface AnnouncedTrip {
  readonly cause: Hex;
  readonly by: Hex;
  /** What the vault was said to owe, where money was missing. */
  readonly credited: bigint | undefined;
}

/** What a quorum of anchors lets a breaker do, as the operation that they approve names it. */
export interface ApprovedSubject {
  readonly what: "reset asset" | "reset oracle" | "rule shortfall";
  readonly target: Hex;
  /** Number of the asset's last trip; of an oracle, when its trip ends; of a ruling, its number and its share. */
  readonly trip: bigint;
}

export interface BreakerWorld {
  /** Circuit breakers that are registered. */
  readonly breakers: readonly Hex[];
  readonly isApproved: (operation: Hex, now: bigint) => boolean;
  readonly requireMayCall: (log: PlacedLog, by: Hex, selector: Hex) => void;
}

/** The history of a system's circuit breakers: trips by people, and resets by a quorum of anchors. */
export interface BreakerReplay {
  apply(event: EventOf<"CircuitBreaker">): void;
  /** The trip of `target` that was announced in this transaction and that nothing followed from yet. */
  announced(log: PlacedLog, target: Hex): AnnouncedTrip | undefined;
  /** Requires that `cause` is the operation for this, and that enough live anchors approved it. */
  requireApproved(log: PlacedLog, rule: RuleId, subject: ApprovedSubject, cause: Hex): void;
}

const selectors = {
  asset: toFunctionSelector("trip(address,bytes32)"),
  oracle: toFunctionSelector("tripOracle(address,bytes32)"),
} as const;

const operationTypes = parseAbiParameters("string, uint256, address, address, uint256");

/** @param isOracle Whether what a guardian trips is an oracle, which another function does. */
export function replayBreakers(
  context: RuleContext,
  world: BreakerWorld,
  isOracle: (target: Hex) => boolean,
): BreakerReplay {
  const waiting = new Map<string, AnnouncedTrip>();
  const keyOf = ({ transaction }: PlacedLog, target: Hex): string => `${transaction} ${target}`;

  return {
    apply({ log, eventName, args }) {
      if (eventName === "TrippedByGuardian") {
        const { target, by, cause } = args;
        world.requireMayCall(log, by, isOracle(target) ? selectors.oracle : selectors.asset);
        waiting.set(keyOf(log, target), { cause, by, credited: undefined });
      }
      if (eventName === "ShortfallShown") {
        const { asset, balance, credited, cause, by } = args;
        context.require(balance < credited, "safety-trip", log, `less than ${credited} of ${asset}`, balance);
        waiting.set(keyOf(log, asset), { cause, by, credited });
      }
    },
    announced(log, target) {
      const found = waiting.get(keyOf(log, target));
      waiting.delete(keyOf(log, target));
      return found;
    },
    requireApproved(log, rule, { what, target, trip }, cause) {
      const operations = world.breakers.map((breaker) =>
        keccak256(encodeAbiParameters(operationTypes, [what, BigInt(context.chainId), breaker, target, trip])),
      );
      const named = operations.includes(cause);
      context.require(named, rule, log, `the operation ${operations.join(" or ") || "of a breaker"}`, cause);
      const approved = world.isApproved(cause, log.blockTimestamp);
      context.require(approved, rule, log, "approvals by more than half of the live anchors", cause);
    },
  };
}
