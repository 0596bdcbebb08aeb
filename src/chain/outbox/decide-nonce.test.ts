import { describe, expect, it } from "vitest";
import { decideNonce, nextNonce, nonceGaps, type NonceInput } from "./decide-nonce.ts";
import type { Attempt, IntentRecord } from "./intent.ts";

const intent: IntentRecord = {
  id: "a",
  to: "0x01",
  data: "0x",
  value: 0n,
  validUntilSeconds: 1_000,
  status: "pending",
  nonce: 5,
  minedBlock: null,
  succeeded: null,
  detail: null,
};
const lastAttempt: Attempt = {
  hash: "0x01",
  intentId: "a",
  nonce: 5,
  purpose: "call",
  raw: "0x",
  maxFeePerGas: 1n,
  maxPriorityFeePerGas: 1n,
  sentAtMs: 10_000,
};
const input: NonceInput = {
  intent,
  lastAttempt,
  account: { minedNonce: 5, pendingNonce: 6, chainSeconds: 900 },
  nowMs: 12_000,
  bumpAfterMs: 3_000,
};

describe("decideNonce", () => {
  it.each([
    ["a transaction that the node holds, not long ago", {}, { type: "wait" }],
    ["one that the node lost", { account: { ...input.account, pendingNonce: 5 } }, { type: "resend" }],
    ["one that waits too long", { nowMs: 13_000 }, { type: "replace", purpose: "call" }],
    ["a used nonce", { account: { ...input.account, minedNonce: 6 } }, { type: "look-up" }],
    [
      "the first second of no use",
      { account: { ...input.account, chainSeconds: 1_000 } },
      { type: "replace", purpose: "fill" },
    ],
    [
      "a fill that waits",
      { account: { ...input.account, chainSeconds: 1_000 }, lastAttempt: { ...lastAttempt, purpose: "fill" as const } },
      { type: "wait" },
    ],
    [
      "a fill that waits too long",
      { nowMs: 13_000, lastAttempt: { ...lastAttempt, purpose: "fill" as const } },
      { type: "replace", purpose: "fill" },
    ],
  ])("given %s, it decides", (_, changes, expected) => {
    expect(decideNonce({ ...input, ...changes })).toEqual(expected);
  });
});

describe("nonceGaps", () => {
  it.each([
    ["nothing sent", 5, 5, [], []],
    ["no gap", 5, 5, [5, 6], []],
    ["a gap below", 5, 5, [7], [5, 6]],
    ["a gap between", 5, 5, [5, 8], [6, 7]],
    ["one that the node holds for another program", 5, 6, [6], []],
    ["only mined nonces", 9, 9, [5, 6], []],
  ])("given %s, it names the nonces that nothing occupies", (_, minedNonce, pendingNonce, occupied, expected) => {
    expect(nonceGaps({ minedNonce, pendingNonce, chainSeconds: 0 }, occupied)).toEqual(expected);
  });
});

describe("nextNonce", () => {
  it.each([
    ["nothing of ours", 5, 5, [], 5],
    ["one of ours", 5, 5, [5], 6],
    ["one of another program", 5, 7, [], 7],
  ])("given %s, it is the first free one", (_, minedNonce, pendingNonce, occupied, expected) => {
    expect(nextNonce({ minedNonce, pendingNonce, chainSeconds: 0 }, occupied)).toBe(expected);
  });
});
