import { Registry } from "prom-client";
import { HttpRequestError } from "viem";
import { describe, expect, it } from "vitest";
import { registerOperatorGauges, type WatchedOperator } from "./operator-gauges.ts";
import { isRpcFailure } from "./rpc-failure.ts";

const account = `0x${"11".repeat(20)}` as const;

function watched(changes: Partial<WatchedOperator> = {}): WatchedOperator {
  return {
    sinceLastTickMs: () => 2_500,
    alerts: () => [],
    transactions: () => ({ queued: 1, pending: 0, succeeded: 7, reverted: 2, expired: 0, refused: 0 }),
    peers: [],
    statements: () => 12,
    balance: () => Promise.resolve(1_500_000_000_000_000_000n),
    onBalanceFailed: () => undefined,
    nowMs: () => 100_000,
    ...changes,
  };
}

async function shown(operator: WatchedOperator): Promise<string> {
  const registry = new Registry();
  registerOperatorGauges(registry, operator);
  await Promise.resolve(); // the first balance has come
  return registry.metrics();
}

describe("an operator's gauges", () => {
  it("given its state, they show it as it is when they are asked for", async () => {
    const text = await shown(watched());
    for (const line of [
      "mandate_oracle_last_look_age_seconds 2.5",
      "mandate_oracle_gas_balance_ether 1.5",
      'mandate_oracle_outbox_transactions{state="succeeded"} 7',
      'mandate_oracle_outbox_transactions{state="reverted"} 2',
      "mandate_oracle_statements 12",
    ]) {
      expect(text.split("\n")).toContain(line);
    }
  });

  it("given a fund that refunds submissions, its coin is shown apart; given none, nothing is", async () => {
    const text = await shown(watched({ fundBalance: () => Promise.resolve(250_000_000_000_000_000n) }));
    expect(text.split("\n")).toContain("mandate_oracle_fund_balance_ether 0.25");
    expect(text.split("\n")).toContain("mandate_oracle_gas_balance_ether 1.5");
    expect(await shown(watched())).not.toContain("fund_balance");
  });

  it("given an alert, its gauge is 1 as long as it stands, and the others are 0", async () => {
    let alerts: ReturnType<WatchedOperator["alerts"]> = [{ type: "out-of-funds", account, balance: 0n, required: 1n }];
    const registry = new Registry();
    registerOperatorGauges(registry, watched({ alerts: () => alerts }));
    const before = await registry.metrics();
    expect(before).toContain('mandate_oracle_outbox_alert{type="out-of-funds"} 1');
    expect(before).toContain('mandate_oracle_outbox_alert{type="fee-limit"} 0');
    alerts = [];
    expect(await registry.metrics()).toContain('mandate_oracle_outbox_alert{type="out-of-funds"} 0');
  });

  it("given peers, it shows who answered last and when; of one that was never asked, nothing", async () => {
    const text = await shown(
      watched({
        peers: [
          { url: "https://up.example/", contact: { answered: true, answeredAtMs: 99_000 } },
          { url: "https://down.example/", contact: { answered: false, answeredAtMs: 40_000 } },
          { url: "https://never.example/", contact: { answered: false, answeredAtMs: undefined } },
          { url: "https://unasked.example/", contact: undefined },
        ],
      }),
    );
    expect(text).toContain('peer_up{peer="up.example"} 1');
    expect(text).toContain('peer_up{peer="down.example"} 0');
    expect(text).toContain('peer_up{peer="never.example"} 0');
    expect(text).toContain('peer_answer_age_seconds{peer="up.example"} 1');
    expect(text).toContain('peer_answer_age_seconds{peer="down.example"} 60');
    expect(text).not.toContain('peer_answer_age_seconds{peer="never.example"}');
    expect(text).not.toContain("unasked");
  });

  it("given a balance that cannot be read, the last one stays, the failure is told, and nobody waits", async () => {
    let nowMs = 0;
    let answer: Promise<bigint> = Promise.resolve(10n ** 18n);
    const failures: unknown[] = [];
    let asked = 0;
    const registry = new Registry();
    const balance = (): Promise<bigint> => {
      asked += 1;
      return answer;
    };
    registerOperatorGauges(
      registry,
      watched({ balance, nowMs: () => nowMs, onBalanceFailed: (each) => failures.push(each) }),
    );
    await registry.metrics();
    nowMs = 59_999;
    expect(await registry.metrics()).toContain("gas_balance_ether 1\n");
    expect(asked).toBe(1);
    answer = Promise.reject(new Error("dead"));
    nowMs = 60_000;
    expect(await registry.metrics()).toContain("gas_balance_ether 1\n");
    expect([asked, failures.length]).toEqual([2, 1]);
    answer = new Promise(() => undefined);
    nowMs = 120_000;
    expect(await registry.metrics()).toContain("gas_balance_ether 1\n");
  });
});

describe("isRpcFailure", () => {
  it("given an endpoint's failure, also as a cause, it says so; given anything else, it does not", () => {
    const failure = new HttpRequestError({ url: "http://127.0.0.1:1" });
    expect(isRpcFailure(failure)).toBe(true);
    expect(isRpcFailure(new Error("reading failed", { cause: failure }))).toBe(true);
    expect(isRpcFailure(new Error("reading failed"))).toBe(false);
    expect(isRpcFailure("reading failed")).toBe(false);
  });
});
