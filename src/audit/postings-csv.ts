import { accountName } from "./replay/ledger.ts";
import type { PlacedPosting } from "./replay/vault-replay.ts";

const columns = [
  "block",
  "timestamp",
  "transaction",
  "logIndex",
  "vault",
  "event",
  "asset",
  "amount",
  "from",
  "to",
] as const;

/** One cell; a leading sign that a spreadsheet would take for a formula is taken from it, and quotes are doubled. */
export function csvCell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The books of all vaults: a header, then one posting a row, each naming its transaction and log. Amounts in base units. */
export function* postingsCsv(postings: readonly PlacedPosting[]): Generator<string> {
  yield columns.join(",");
  for (const { log, event, asset, amount, from, to } of postings) {
    const row = {
      block: log.blockNumber,
      timestamp: log.blockTimestamp,
      transaction: log.transaction,
      logIndex: log.logIndex,
      vault: log.address,
      event,
      asset,
      amount,
      from: accountName(from),
      to: accountName(to),
    };
    yield columns.map((column) => csvCell(String(row[column]))).join(",");
  }
}
