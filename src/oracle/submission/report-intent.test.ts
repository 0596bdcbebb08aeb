import { decodeFunctionData } from "viem";
import { describe, expect, it } from "vitest";
import { heartbeatOracleAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import { reportIntent, type SubmissionStatus } from "./report-intent.ts";

const oracle: Hex = `0x${"0a".repeat(20)}`;
const word: Hex = `0x${"11".repeat(32)}`;
const report = {
  ...{ configuration: 1, epoch: 5, root: word, threshold: 1n, leafCount: 0, scored: 0, surviving: 0, manifest: word },
};
const signed = { report, signers: 0b111n, signatures: `0x${"22".repeat(192)}` as const };
const aggregate = { s: 3n, commitment: `0x${"33".repeat(20)}` as const, signers: 0b1111n, inverse: 4n };
const ids = { single: `report:${oracle}:5`, common: `aggregate:${oracle}:5` };

function next(known: typeof aggregate | undefined, statuses: Readonly<Record<string, SubmissionStatus>>) {
  const found = reportIntent({ oracle, signed, aggregate: known, statusOf: (id) => statuses[id], closesAt: 99 });
  if (found === undefined) return undefined;
  const { intent, isAggregate } = found;
  const { functionName, args } = decodeFunctionData({ abi: heartbeatOracleAbi, data: intent.data });
  expect(intent).toMatchObject({ to: oracle, value: 0n, validUntilSeconds: 99 });
  expect(isAggregate).toBe(functionName === "submitAggregate");
  return { id: intent.id, functionName, args };
}

describe("reportIntent", () => {
  it("given a common signature, it is handed over with its own signers and hint", () => {
    expect(next(aggregate, {})).toMatchObject({
      id: ids.common,
      functionName: "submitAggregate",
      args: [report, aggregate],
    });
  });

  it("given none, single signatures are", () => {
    expect(next(undefined, {})).toMatchObject({
      id: ids.single,
      functionName: "submit",
      args: [report, 0b111n, signed.signatures],
    });
  });

  it("given a fund, it takes the same call in the oracle's place", () => {
    const fund: Hex = `0x${"0b".repeat(20)}`;
    const input = { oracle, signed, aggregate: undefined, statusOf: () => undefined, closesAt: 99 };
    const direct = reportIntent(input)?.intent;
    expect(reportIntent({ ...input, fund })?.intent).toEqual({ ...direct, to: fund });
  });

  it.each<SubmissionStatus>([
    { status: "refused", succeeded: null },
    { status: "expired", succeeded: null },
    { status: "mined", succeeded: false },
    { status: "settled", succeeded: false },
  ])("given a common signature of which nothing comes (%o), single ones follow, once", (status) => {
    expect(next(aggregate, { [ids.common]: status })).toMatchObject({ functionName: "submit" });
    expect(next(undefined, { [ids.common]: status })).toMatchObject({ functionName: "submit" });
    expect(next(aggregate, { [ids.common]: status, [ids.single]: {} })).toBeUndefined();
  });

  it.each<SubmissionStatus>([
    { status: "queued", succeeded: null },
    { status: "pending", succeeded: null },
    { status: "mined", succeeded: true },
    {},
  ])(
    "given a common signature on its way (%o), nothing more is handed over, also after a restart without it",
    (status) => {
      expect(next(aggregate, { [ids.common]: status })).toBeUndefined();
      expect(next(undefined, { [ids.common]: status })).toBeUndefined();
    },
  );

  it("given single signatures that were handed over, a common one that comes later is not", () => {
    expect(next(aggregate, { [ids.single]: { status: "refused" } })).toBeUndefined();
  });
});
