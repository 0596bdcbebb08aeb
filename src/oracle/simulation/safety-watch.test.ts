import { describe, expect, it } from "vitest";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import type { MessageOf } from "../agreement/message.ts";
import { SafetyWatch, type SafetyProblem } from "./safety-watch.ts";

const [honest, liar] = ["0x01", "0x02"] as const;
const digest: Hex = `0x${"ab".repeat(32)}`;

/** A watch, and what it finds. */
function newWatch(answered = new Map<string, Hex>()) {
  const problems: [SafetyProblem, string][] = [];
  const watch = new SafetyWatch({
    isHonest: (each) => each === honest,
    quorum: 2,
    seats: [honest, liar],
    answered,
    holds: () => true,
    report: (problem, detail) => problems.push([problem, detail]),
  });
  return { watch, problems };
}

/** What a watch finds when `operator` is brought before the contract. */
function found(operator: typeof honest | typeof liar): readonly (readonly [SafetyProblem, string])[] {
  const { watch, problems } = newWatch();
  watch.suspended(operator);
  return problems;
}

/** A session that both operators sign; the second one's nonces are what the liar likes. */
function sessionWith(nonce: string, changes: Partial<MessageOf<"session">> = {}): MessageOf<"session"> {
  const point = (text: string): Hex => `0x02${text.repeat(32)}`;
  const signers = [
    { seat: 0, r1: point("01"), r2: point("02") },
    { seat: 1, r1: point(nonce), r2: point(nonce) },
  ];
  return { kind: "session", epoch: 1, operator: liar, digest, attempt: 0, signers, ...changes };
}

/** What a watch finds when the honest operator signs a report alone and gives shares in sessions. */
function foundInSessions(
  sessions: readonly MessageOf<"session">[],
  {
    operator = honest,
    signed = digest,
    answered = new Map<string, Hex>(),
  }: {
    operator?: Hex;
    signed?: Hex;
    answered?: Map<string, Hex>;
  } = {},
): readonly SafetyProblem[] {
  const { watch, problems } = newWatch(answered);
  const share: Hex = `0x${"00".repeat(32)}`;
  watch.signed(operator, { kind: "signature", epoch: 1, operator, digest: signed, signature: `0x${"00".repeat(64)}` });
  for (const session of sessions) watch.signed(session.operator, session);
  for (const session of sessions) {
    const place = { epoch: 1, operator, digest: session.digest, attempt: session.attempt };
    watch.signed(operator, { kind: "share", ...place, session: documentHash(session), share });
  }
  return problems.map(([problem]) => problem);
}

describe("a watch over safety", () => {
  it("iOR-010: given evidence against an operator that tells the truth, it says so; against a liar it is as it should be", () => {
    expect(found(honest)).toEqual([["honest-suspended", honest]]);
    expect(found(liar)).toEqual([]);
  });

  it("iOP-027: given nonces that answer two sessions, it says so; one session twice, or a liar, is as it should be", () => {
    expect(foundInSessions([sessionWith("03"), sessionWith("04")])).toEqual(["nonces-reused"]);
    expect(foundInSessions([sessionWith("03"), sessionWith("03", { attempt: 1 })])).toEqual(["nonces-reused"]);
    expect(foundInSessions([sessionWith("03"), sessionWith("03")])).toEqual([]);
    expect(foundInSessions([sessionWith("03"), sessionWith("04")], { operator: liar })).toEqual([]);
    const answered = new Map<string, Hex>();
    const [first, second] = [sessionWith("03"), sessionWith("03", { epoch: 2 })];
    expect(foundInSessions([first], { answered })).toEqual([]);
    expect(foundInSessions([second], { answered })).toEqual(["nonces-reused"]);
  });

  it("iOP-028: given a share for another report than the one signed alone, or to fewer than a quorum, it says so", () => {
    const other: Hex = `0x${"cd".repeat(32)}`;
    const { signers } = sessionWith("03");
    expect(foundInSessions([sessionWith("03", { digest: other })])).toEqual(["groundless-share"]);
    expect(foundInSessions([sessionWith("03")], { signed: other })).toEqual(["groundless-share"]);
    expect(foundInSessions([sessionWith("03", { signers: signers.slice(0, 1) })])).toEqual(["groundless-share"]);
    expect(foundInSessions([sessionWith("03", { signers: signers.slice(1) })])).toEqual(["groundless-share"]);
  });
});
