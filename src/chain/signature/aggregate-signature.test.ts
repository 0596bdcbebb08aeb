import { encodePacked, keccak256, stringToHex } from "viem";
import { describe, expect, it } from "vitest";
import {
  addressOfPoint,
  groupGenerator,
  groupOrder,
  keyFrom,
  modulo,
  schnorrKeys,
  schnorrSign,
} from "../../../test/support/schnorr.ts";
import type { Hex } from "../../core/hex.ts";
import { addUp, aggregateMessage, isSignedTogether } from "./aggregate-signature.ts";

const keys = schnorrKeys(5);
const secrets = keys.map(({ secret }) => secret);
const message = aggregateMessage(keccak256(stringToHex("a report")), 0b11111n);

const addressOf = (hash: Hex): Hex => `0x${hash.slice(-40)}`;

function sign(signing: readonly bigint[], signed = message) {
  const { s, commitment } = schnorrSign(signing, signed);
  return { s, commitment: commitment.toLowerCase() as Hex };
}

describe("isSignedTogether", () => {
  const good = sign(secrets);

  it.each([1, 2, 5])("given a signature of %i keys, it is theirs, in any order", (count) => {
    const signature = sign(secrets.slice(0, count));
    expect(isSignedTogether(keys.slice(0, count), message, signature)).toBe(true);
    expect(isSignedTogether(keys.slice(0, count).reverse(), message, signature)).toBe(true);
  });

  it("given one key more or fewer, or another one, it is not", () => {
    expect(isSignedTogether(keys.slice(1), message, good)).toBe(false);
    expect(isSignedTogether([...keys, keyFrom(12n)], message, good)).toBe(false);
    expect(isSignedTogether([...keys.slice(1), keyFrom(12n)], message, good)).toBe(false);
    expect(isSignedTogether([], message, good)).toBe(false);
  });

  it("PITFALLS: given another message, s or commitment, or the same s beyond the order, it is not", () => {
    expect(isSignedTogether(keys, aggregateMessage(message, 1n), good)).toBe(false);
    for (const s of [0n, modulo(good.s + 1n, groupOrder), groupOrder - good.s, good.s + groupOrder]) {
      expect(isSignedTogether(keys, message, { ...good, s })).toBe(false);
    }
    expect(isSignedTogether(keys, message, { ...good, commitment: `0x${"00".repeat(20)}` })).toBe(false);
  });

  it("given a key that is no point, or keys that cancel each other out, it is not", () => {
    const [first] = keys;
    if (first === undefined) throw new Error("no key");
    const opposite = keyFrom(modulo(-first.secret, groupOrder));
    expect(isSignedTogether([{ x: 1n, y: 1n }], message, good)).toBe(false);
    expect(isSignedTogether([{ x: 0n, y: 0n }], message, good)).toBe(false);
    // What a forger would send: where the key is nothing, any s opens its own commitment.
    const forged = { s: 77n, commitment: addressOfPoint(groupGenerator.multiply(77n)).toLowerCase() as Hex };
    for (const cancelled of [[first, opposite], []]) {
      expect(isSignedTogether(cancelled, message, forged)).toBe(false);
    }
    // Or an s that opens nothing, whose coordinates would be (0, 0).
    const nothing = addressOf(keccak256(`0x${"0".repeat(128)}`));
    const packed = encodePacked(
      ["uint256", "bool", "bytes32", "address"],
      [first.x, (first.y & 1n) === 1n, message, nothing],
    );
    const s = modulo(BigInt(keccak256(packed)) * first.secret, groupOrder);
    expect(isSignedTogether([first], message, { s, commitment: nothing })).toBe(false);
  });
});

describe("addUp", () => {
  const [first, second] = [keyFrom(5n), keyFrom(7n)];
  const opposite = keyFrom(groupOrder - 5n);

  it("given a key of each, whose sum is a point at each step, they sign together", () => {
    expect(addUp(keys)).toBe(true);
    expect(addUp([first])).toBe(true);
    expect(addUp([first, second, opposite])).toBe(true);
  });

  it.each([
    ["no key", []],
    ["one without a key", [first, undefined, second]],
    ["one off the curve", [first, { x: 1n, y: 1n }]],
    ["equal ones at first", [first, first, second]],
    ["opposite ones at first", [first, opposite, second]],
    ["one that is the sum of those before", [first, second, keyFrom(12n)]],
    ["a sum of nothing", [first, second, keyFrom(groupOrder - 12n)]],
  ])("given %s, they do not, as the contract adds", (_, given) => {
    expect(addUp(given)).toBe(false);
  });
});
