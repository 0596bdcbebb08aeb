import type { Hex } from "../../core/hex.ts";
import { noRuling, ruledAmount, rulingLimit, type Ruling } from "../../org/safety/shortfall.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs } from "./audited-event.ts";
import type { BreakerReplay } from "./breaker-replay.ts";
import type { RuleContext } from "./rule-context.ts";

const RULE = "treasury-shortfall";
const TRIP_SHIFT = 64n;

/** What payees take of their claims while money is missing: what anchors ruled, once for each ruling. */
export interface ShortfallReplay {
  ruled(log: PlacedLog, args: EventArgs<"BudgetVault", "ShortfallRuled">): void;
  /** A claim of `owed` is about to be paid. */
  claimed(log: PlacedLog, args: EventArgs<"BudgetVault", "Claimed">, owed: bigint): void;
  /** Anchors reset the asset. */
  reset(asset: Hex): void;
  rulingOf(asset: Hex): Ruling;
}

export function replayShortfalls(
  context: RuleContext,
  world: {
    readonly breakers: Pick<BreakerReplay, "requireApproved">;
    readonly credited: (asset: Hex) => bigint;
    /** Number of the asset's last trip, and whether it is tripped at `now`. */
    readonly standing: (asset: Hex, now: bigint) => { readonly trips: bigint; readonly tripped: boolean };
  },
): ShortfallReplay {
  const rulings = new Map<Hex, Ruling>();
  /** Trip of the ruling by which a payee took a part last, by payee and asset. */
  const taken = new Map<string, bigint>();
  const rulingOf = (asset: Hex): Ruling => rulings.get(asset) ?? noRuling;

  return {
    ruled(log, { asset, trip, share, balance, credited, cause }) {
      const { trips, tripped } = world.standing(asset, log.blockTimestamp);
      context.require(tripped, RULE, log, "an asset that is tripped", asset);
      context.requireEqual(RULE, log, "trip", trips, BigInt(trip));
      context.require(rulingOf(asset).trip !== trips, RULE, log, "one ruling for a trip", `another in trip ${trips}`);
      context.requireEqual(RULE, log, "credited", world.credited(asset), credited);
      const limit = rulingLimit(balance, credited);
      context.require(share > 0n && share <= limit, RULE, log, `a share of at most ${limit}`, share);
      const named = { what: "rule shortfall", target: asset, trip: (trips << TRIP_SHIFT) | share } as const;
      world.breakers.requireApproved(log, RULE, named, cause);
      rulings.set(asset, { share, trip: trips, left: ruledAmount(credited, share) });
    },
    claimed(log, { payee, asset, amount }, owed) {
      if (amount >= owed) return; // the whole claim, where enough was there; more is another rule's to find
      const ruling = rulingOf(asset);
      const key = `${payee} ${asset}`;
      const mayTake = taken.get(key) === ruling.trip ? 0n : ruledAmount(owed, ruling.share);
      context.requireEqual(RULE, log, `taken of a claim of ${owed}`, mayTake, amount);
      taken.set(key, ruling.trip);
      rulings.set(asset, { ...ruling, left: ruling.left > amount ? ruling.left - amount : 0n });
    },
    reset(asset) {
      rulings.set(asset, { ...rulingOf(asset), share: 0n });
    },
    rulingOf,
  };
}
