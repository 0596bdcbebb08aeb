import { concat, encodeFunctionData, zeroHash } from "viem";
import { describe, expect, it } from "vitest";
import { heartbeatOracleAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import { findCalls, findCallsOf } from "./find-calls.ts";

const report = {
  ...{ configuration: 1, epoch: 7, root: zeroHash, threshold: 5n },
  ...{ leafCount: 0, scored: 0, surviving: 0, manifest: zeroHash },
};
const abi = heartbeatOracleAbi;
const submit = encodeFunctionData({ abi, functionName: "submit", args: [report, 3n, "0x12"] });
const commitment: Hex = `0x${"ab".repeat(20)}`;
const signature = { signers: 3n, s: 1n, commitment, inverse: 2n };
const together = encodeFunctionData({ abi, functionName: "submitAggregate", args: [report, signature] });

/** The call with another word in the place of its report's `threshold`. */
const withThreshold = (call: Hex, word: string): Hex => {
  const at = 10 + 3 * 64;
  return `0x${call.slice(2, at)}${word.padStart(64, "0")}${call.slice(at + 64)}`;
};

describe("the calls in an input", () => {
  it("are found at the beginning and inside, in the order in which they stand there", () => {
    expect(findCalls(submit, abi, "submit").map(([each]) => each.epoch)).toEqual([7]);
    const batch = concat(["0x12345678", together, submit]);
    const found = findCallsOf(batch, abi, ["submit", "submitAggregate"] as const);
    expect(found.map(({ functionName }) => functionName)).toEqual(["submitAggregate", "submit"]);
    expect(findCalls(together, abi, "submit")).toEqual([]);
  });

  it("given one whose number is wider than its type, which nobody could hash, it is none", () => {
    const most = (2n ** 64n - 1n).toString(16);
    expect(findCalls(withThreshold(submit, most), abi, "submit")).toHaveLength(1);
    expect(findCalls(withThreshold(submit, (2n ** 64n).toString(16)), abi, "submit")).toEqual([]);
    expect(findCalls(concat([submit, withThreshold(submit, "f".repeat(64))]), abi, "submit")).toHaveLength(1);
  });

  it("given four bytes alone, or none, there is no call", () => {
    expect(findCalls(submit.slice(0, 10) as Hex, abi, "submit")).toEqual([]);
    expect(findCalls("0x", abi, "submit")).toEqual([]);
  });
});
