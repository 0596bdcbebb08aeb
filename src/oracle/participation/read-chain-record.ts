import type { ChainClient } from "../../chain/client.ts";
import { decodeEvent, type ArgumentsOf } from "../../chain/events/decode-event.ts";
import { createChainReader } from "../../chain/follow/chain-reader.ts";
import { readLogs } from "../../chain/follow/read-logs.ts";
import { requireComplete } from "../../chain/history/read-history.ts";
import type { Hex } from "../../core/hex.ts";
import type { ChainRecord, ScheduledSet, SignedEpoch, Suspension } from "./participation.ts";

/** Receipts that are asked for at a time. */
const RECEIPTS_AT_ONCE = 16;

export interface RecordRange {
  /** First and last epoch, both included; where undefined, those of the first and the last accepted report. */
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/**
 * Reads what the oracle's contract recorded of who took part, and proves it complete: its events since `fromBlock` fold to the journal head
 * in its storage.
 * @throws {MandateError} `JournalMismatch` where an event is missing or altered, or `fromBlock` is after the deployment;
 * `StateUnavailable`, `ChainUnavailable`.
 */
export async function readChainRecord(
  client: ChainClient,
  place: { readonly oracle: Hex; readonly fromBlock: number },
  range: RecordRange,
): Promise<ChainRecord> {
  const reader = createChainReader(client);
  const { latest: block } = await reader.position();
  const fromBlock = BigInt(place.fromBlock);
  const oracle: Hex = `0x${place.oracle.slice(2).toLowerCase()}`;
  const watched = new Map([[oracle, 0n]]);
  const logs = await readLogs(
    { reader, watched, discover: () => undefined, fromBlock },
    { after: fromBlock - 1n, block },
  );
  await requireComplete(reader, watched.keys(), logs, block);

  const sets: ScheduledSet[] = [];
  const suspensions: Suspension[] = [];
  const accepted: (Omit<SignedEpoch, "submitter"> & { readonly transaction: Hex })[] = [];
  for (const { name, args, log } of logs.map(decodeEvent)) {
    if (name === "OperatorSetScheduled") {
      const { configuration, operators, delegates, vacant } = args as ArgumentsOf<"OperatorSetScheduled">;
      sets.push({ configuration, operators, delegates, vacant });
    } else if (name === "OperatorSuspended") {
      const { operator, epoch } = args as ArgumentsOf<"OperatorSuspended">;
      suspensions.push({ operator, epoch });
    } else if (name === "ReportAccepted") {
      const { epoch, configuration, signers } = args as ArgumentsOf<"ReportAccepted">;
      accepted.push({ epoch, configuration, signers, transaction: log.transactionHash });
    }
  }
  const first = accepted[0]?.epoch ?? 1;
  const from = range.from ?? Math.min(first, range.to ?? first);
  const to = range.to ?? Math.max(accepted.at(-1)?.epoch ?? from, from);
  const within = accepted.filter(({ epoch }) => epoch >= from && epoch <= to);
  const reports: SignedEpoch[] = [];
  for (let start = 0; start < within.length; start += RECEIPTS_AT_ONCE) {
    const some = within.slice(start, start + RECEIPTS_AT_ONCE);
    reports.push(
      ...(await Promise.all(
        some.map(async ({ transaction, ...report }) => {
          const { from: sender } = await client.getTransactionReceipt({ hash: transaction });
          return { ...report, submitter: `0x${sender.slice(2).toLowerCase()}` as const };
        }),
      )),
    );
  }
  return { from, to, sets, reports, suspensions };
}
