import { concatHex, getContractAddress, slice } from "viem";
import { describe, expect, it } from "vitest";
import { operatorSet, tableCode } from "../../../test/support/cosigning-network.ts";
import { inverseHint as hintOfTests, keyFrom, schnorrKeys } from "../../../test/support/schnorr.ts";
import type { Hex } from "../../core/hex.ts";
import { inverseHint } from "./inverse-hint.ts";
import { readSetKeys, setKeysOf } from "./set-keys.ts";

const set = operatorSet(4, [2]);
const secrets = schnorrKeys(4);
const code = tableCode(set, secrets);

/** `code` with a byte that is another one. */
function changed(at: number): Hex {
  const byte = (Number(slice(code, at, at + 1)) ^ 1).toString(16).padStart(2, "0");
  return concatHex([slice(code, 0, at), `0x${byte}`, slice(code, at + 1)]);
}

describe("the keys of a set", () => {
  it("given its table, it reads them in seat order, the vacant seat's too", () => {
    expect(setKeysOf(code, set)?.keys).toEqual(secrets.map(({ x, y }) => ({ x, y })));
  });

  it.each([
    ["no sum of keys", tableCode(set, undefined)],
    ["no code", "0x" as const],
    ["a byte too many", concatHex([code, "0x00"])],
    ["another number of seats", changed(31)],
    ["another sum", changed(95)],
    ["another vacant seat", changed(127)],
    ["another delegate", changed(128)],
    ["another operator", changed(128 + 4 * 20)],
    ["a key that is no point", changed(128 + 2 * 4 * 20 + 63)],
  ])("given a table with %s, there are none", (_, table) => {
    expect(setKeysOf(table, set)).toBeUndefined();
  });

  it("given keys that add up to nothing, there are none", () => {
    const opposite = keyFrom(5n);
    const keys = [keyFrom(5n), { ...opposite, y: hintField - opposite.y }, keyFrom(7n), keyFrom(9n)];
    expect(setKeysOf(tableCode(set, keys), set)).toBeUndefined();
  });

  it("given a set on the chain, it reads the code that the oracle's n-th creation left, and of a set that is none nothing", async () => {
    const oracle: Hex = `0x${"0b".repeat(20)}`;
    const table = getContractAddress({ from: oracle, nonce: 1n });
    const getCode = ({ address }: { address: Hex }) => Promise.resolve(address === table ? code : undefined);
    const client = { getCode };
    expect((await readSetKeys(client, oracle, set))?.keys).toHaveLength(4);
    expect(await readSetKeys(client, oracle, { ...set, configuration: 2 })).toBeUndefined();
  });
});

const hintField = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;

describe("inverseHint", () => {
  it("given any absent seats, it is what the tests' own arithmetic gives", () => {
    const seven = operatorSet(7);
    const keys = setKeysOf(tableCode(seven, schnorrKeys(7)), seven);
    if (keys === undefined) throw new Error("no keys");
    for (const signers of [0b1111111n, 0b1111110n, 0b0111111n, 0b1010111n, 0b0011111n]) {
      expect(inverseHint(keys, signers)).toBe(hintOfTests(schnorrKeys(7), signers));
    }
  });

  it("given keys that meet on the way, there is none", () => {
    // All but the last are taken away from a sum that is the last one's double on the way.
    const keys = [keyFrom(3n), keyFrom(3n), keyFrom(5n)];
    const { x, y } = keyFrom(6n);
    expect(inverseHint({ keys: keys.slice(0, 2), sum: { x, y } }, 0b01n)).not.toBeUndefined();
    const own = keyFrom(3n);
    expect(inverseHint({ keys: keys.slice(0, 2), sum: { x: own.x, y: own.y } }, 0b01n)).toBeUndefined();
  });
});
