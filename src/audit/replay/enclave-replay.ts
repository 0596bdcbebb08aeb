import type { Hex } from "../../core/hex.ts";
import { enclaveLimit } from "../../org/enclave-limit.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { Plan, ReplayedProject } from "./project-replay.ts";
import type { RuleContext } from "./rule-context.ts";

const RULE = "treasury-enclave";

/** All pools together, so that none lends its money to another one's share. */
const ALL_POOLS = "all pools";

/** How much of each pool its enclaves hold: what is committed to them from the pool, or proved there and not paid. */
export interface EnclaveReplay {
  /** A plan was proposed, or took the place of the one that ran. */
  planned(log: PlacedLog, plan: Plan): void;
  /** `amount` is about to leave the plan's pool for the project. */
  committing(log: PlacedLog, project: ReplayedProject, amount: bigint, isFirst: boolean): void;
  /** `amount` left the project: paid, or taken back. */
  left(project: ReplayedProject, amount: bigint): void;
}

export interface EnclaveWorld {
  readonly isCalendar: (oracle: Hex) => boolean;
  readonly poolBalance: (pool: Hex, asset: Hex) => bigint;
  /** All that the vault owes in the asset. */
  readonly credited: (asset: Hex) => bigint;
  readonly enclaveShare: () => bigint;
}

export function replayEnclaves(context: RuleContext, world: EnclaveWorld): EnclaveReplay {
  const held = new Map<string, bigint>();
  /** Projects whose money came from their pool. */
  const counted = new Set<Hex>();

  /** What enclaves hold of the plan's pool, and of all pools, changes by `amount`. */
  function add({ pool, asset }: Plan, amount: bigint): void {
    for (const key of [`${pool} ${asset}`, `${ALL_POOLS} ${asset}`]) held.set(key, (held.get(key) ?? 0n) + amount);
  }

  /** @param whole What the share is of. */
  function requireFits(
    log: PlacedLog,
    of: string,
    asset: Hex,
    amount: bigint,
    whole: (before: bigint) => bigint,
  ): void {
    const before = held.get(`${of} ${asset}`) ?? 0n;
    const limit = enclaveLimit(whole(before), world.enclaveShare());
    const fits = limit === undefined || before + amount <= limit;
    context.require(fits, RULE, log, `at most ${limit} in enclaves of ${of}`, before + amount);
  }

  return {
    planned(log, plan) {
      if (!world.isCalendar(plan.oracle)) return;
      context.requireEqual(RULE, log, "review periods at once", 1, plan.leaseReports);
      context.requireEqual(RULE, log, "review periods at first", 1, plan.initialReports);
    },
    committing(log, { id, plan }, amount, isFirst) {
      if (!world.isCalendar(plan.oracle)) return;
      if (isFirst) counted.add(id);
      context.require(counted.has(id), RULE, log, "an enclave that its pool paid for", "one that a wallet paid for");
      const { pool, asset } = plan;
      requireFits(log, pool, asset, amount, (before) => world.poolBalance(pool, asset) + before);
      requireFits(log, ALL_POOLS, asset, amount, () => world.credited(asset));
      add(plan, amount);
    },
    left({ id, plan }, amount) {
      if (counted.has(id)) add(plan, -amount);
    },
  };
}
