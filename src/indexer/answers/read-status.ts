import type { StatusAnswer } from "../../core/api/status.ts";
import type { Clock } from "../../core/clock.ts";
import type { Hex } from "../../core/hex.ts";
import type pg from "pg";
import { checksummed } from "./spelling.ts";
import { atHead } from "./snapshot.ts";
import type { ContractNames } from "./contract-names.ts";

/** What the indexer knows about itself beyond the database. */
export interface FollowingState {
  readonly caughtUp: boolean;
  readonly halted: boolean;
}

/** How far the index is, and whether it can be relied on. */
export function readStatus(
  options: { readonly pool: pg.Pool; readonly chainId: number; readonly names: ContractNames; readonly clock: Clock },
  state: FollowingState,
): Promise<StatusAnswer> {
  return atHead(options.pool, async (snapshot) => {
    const [finalized] = await snapshot.query<{ number: number; hash: Hex }>(
      "SELECT number, hash FROM block WHERE final ORDER BY number DESC LIMIT 1",
    );
    const [head] = await snapshot.query<{ seen_at: Date }>("SELECT seen_at FROM block ORDER BY number DESC LIMIT 1");
    const [checkpoint] = await snapshot.query<{
      trouble_code: string | null;
      trouble_message: string | null;
      trouble_contract: string | null;
      trouble_since: Date | null;
    }>("SELECT trouble_code, trouble_message, trouble_contract, trouble_since FROM checkpoint");
    const journals = await snapshot.query<{ contract: Hex; head: Hex; events: number; unproved_since: number | null }>(
      "SELECT contract, head, events, unproved_since FROM journal ORDER BY contract",
    );
    const trouble =
      checkpoint === undefined || checkpoint.trouble_code === null
        ? null
        : {
            code: checkpoint.trouble_code,
            message: checkpoint.trouble_message ?? "",
            since: Math.floor((checkpoint.trouble_since?.getTime() ?? 0) / 1000),
          };
    return {
      chainId: options.chainId,
      block: snapshot.at.number,
      hash: snapshot.at.hash,
      timestamp: snapshot.at.timestamp,
      finalized: finalized ?? null,
      lagSeconds: Math.max(0, (options.clock.nowMs() - (head?.seen_at.getTime() ?? 0)) / 1000),
      phase: state.halted ? "halted" : state.caughtUp ? "live" : "backfill",
      trouble,
      journal: journals.map(({ contract, head: journalHead, events, unproved_since }) => ({
        contract: checksummed(contract),
        name: options.names.nameOf(contract),
        head: journalHead,
        events,
        ok: unproved_since === null && checkpoint?.trouble_contract !== contract,
      })),
      deployment: options.names.addresses,
    };
  });
}
