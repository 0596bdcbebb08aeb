import { Gauge, type Registry } from "prom-client";
import { formatEther } from "viem";
import type { OutboxAlert } from "../../chain/outbox/outbox.ts";
import type { TransactionCounts } from "../../chain/outbox/outbox-store.ts";
import type { PeerContact } from "../peers/peer-client.ts";

/** For how long a balance that was read is shown. */
const BALANCE_KEPT_MS = 60_000;

/** What gauges look at when somebody asks for them. */
export interface WatchedOperator {
  readonly sinceLastTickMs: () => number;
  readonly alerts: () => readonly OutboxAlert[];
  readonly transactions: () => TransactionCounts;
  readonly peers: readonly { readonly url: string; readonly contact: PeerContact | undefined }[];
  readonly statements: () => number;
  /** Coin of the account that pays, in wei. */
  readonly balance: () => Promise<bigint>;
  /** Coin of the fund that refunds submissions, in wei; undefined where none does. */
  readonly fundBalance?: (() => Promise<bigint>) | undefined;
  readonly onBalanceFailed: (error: unknown) => void;
  readonly nowMs: () => number;
}

const alertTypes: readonly OutboxAlert["type"][] = [
  "out-of-funds",
  "fee-limit",
  "signing-failed",
  "send-failed",
  "nonce-taken",
];

/** Registers gauges that show an operator's state as it is when they are asked for. */
export function registerOperatorGauges(registry: Registry, watched: WatchedOperator): void {
  const gauge = (name: string, help: string, labels: readonly string[], collect: (gauge: Gauge) => void): void => {
    const made: Gauge = new Gauge({
      name: `mandate_oracle_${name}`,
      help,
      labelNames: [...labels],
      registers: [registry],
      collect: () => {
        made.reset();
        collect(made);
      },
    });
  };
  const inEther = (read: () => Promise<bigint>): ((gauge: Gauge) => void) => {
    const known = lastKnownBalance(read, watched);
    return (each) => {
      const wei = known();
      each.set(wei === undefined ? Number.NaN : Number(formatEther(wei)));
    };
  };
  gauge("last_look_age_seconds", "age of the last look at the chain that succeeded", [], (each) =>
    each.set(watched.sinceLastTickMs() / 1_000),
  );
  const { balance, fundBalance } = watched;
  gauge(
    "gas_balance_ether",
    "coin of the account that pays for submissions; at most a minute old",
    [],
    inEther(balance),
  );
  if (fundBalance !== undefined) {
    gauge(
      "fund_balance_ether",
      "coin of the fund that refunds submissions; at most a minute old",
      [],
      inEther(fundBalance),
    );
  }
  gauge("outbox_alert", "1 while something keeps transactions from being sent", ["type"], (each) => {
    const standing = new Set(watched.alerts().map(({ type }) => type));
    for (const type of alertTypes) each.set({ type }, standing.has(type) ? 1 : 0);
  });
  gauge("outbox_transactions", "transactions of the outbox by what became of them", ["state"], (each) => {
    for (const [state, count] of Object.entries(watched.transactions())) each.set({ state }, count);
  });
  gauge("statements", "statements in the signing database", [], (each) => each.set(watched.statements()));
  gauge("peer_up", "1 where the peer answered the last request to it", ["peer"], (each) => {
    for (const { url, contact } of watched.peers) {
      if (contact !== undefined) each.set({ peer: new URL(url).host }, contact.answered ? 1 : 0);
    }
  });
  gauge("peer_answer_age_seconds", "age of the peer's last answer", ["peer"], (each) => {
    for (const { url, contact } of watched.peers) {
      if (contact?.answeredAtMs === undefined) continue;
      each.set({ peer: new URL(url).host }, (watched.nowMs() - contact.answeredAtMs) / 1_000);
    }
  });
}

/** A balance as it was read last; asking for it never waits for the chain. */
function lastKnownBalance(
  read: () => Promise<bigint>,
  { nowMs, onBalanceFailed }: WatchedOperator,
): () => bigint | undefined {
  let known: bigint | undefined;
  let askedAtMs: number | undefined;
  const refresh = (): void => {
    askedAtMs = nowMs();
    read().then((wei) => (known = wei), onBalanceFailed);
  };
  refresh();
  return () => {
    if (askedAtMs === undefined || nowMs() - askedAtMs >= BALANCE_KEPT_MS) refresh();
    return known;
  };
}
