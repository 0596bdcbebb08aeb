/** Signatures of several operators by the sum of their keys, as `Schnorr.sol` checks them. */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { encodeAbiParameters, encodePacked, keccak256 } from "viem";
import type { Hex } from "../../core/hex.ts";

const { Point } = secp256k1;
const { Fn } = Point;

/** A key of an operator: a point of secp256k1. */
export interface OperatorKey {
  readonly x: bigint;
  readonly y: bigint;
}

/** `commitment` is the address of a point, in lower case; `s` is below the order of the group. */
export interface SchnorrSignature {
  readonly s: bigint;
  readonly commitment: Hex;
}

/** What the seats in the bitmap `signers` sign together of a report whose EIP-712 digest is `digest`. */
export function aggregateMessage(digest: Hex, signers: bigint): Hex {
  return keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "uint256" }], [digest, signers]));
}

/** Whether `signature` is one of `message` by the sum of `keys`. False where one of them is no point, or where they add up to none. */
export function isSignedTogether(keys: readonly OperatorKey[], message: Hex, signature: SchnorrSignature): boolean {
  const { s, commitment } = signature;
  if (!Fn.isValid(s)) return false;
  try {
    const key = keys.map(pointOf).reduce((sum, each) => sum.add(each), Point.ZERO);
    if (key.is0()) return false; // as coordinates it would be (0, 0)
    const { x, y } = key.toAffine();
    const e = challengeOf({ x, y }, message, commitment);
    const opening = Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(e));
    return x < Fn.ORDER && e !== 0n && !opening.is0() && commitmentOf(opening.toAffine()) === commitment;
  } catch {
    return false; // not on the curve
  }
}

/**
 * Whether a set whose members have these keys signs together: each has one, and the contract's sum of them, whose additions know neither equal
 * nor opposite points, is one.
 */
export function addUp(keys: readonly (OperatorKey | undefined)[]): boolean {
  const points = keys.map((key) => (key === undefined ? undefined : pointIn(key)));
  let sum: ReturnType<typeof pointOf> | undefined;
  for (const point of points) {
    if (point === undefined || sum?.toAffine().x === point.toAffine().x) return false;
    sum = sum === undefined ? point : sum.add(point);
  }
  return sum !== undefined;
}

/** The challenge e of a signature of `message` by `key`, whose R has the address `commitment`; below the order of the group. */
export function challengeOf({ x, y }: OperatorKey, message: Hex, commitment: Hex): bigint {
  const packed = encodePacked(["uint256", "bool", "bytes32", "address"], [x, (y & 1n) === 1n, message, commitment]);
  return Fn.create(BigInt(keccak256(packed)));
}

/** The address of a signature's R, in lower case. */
export function commitmentOf({ x, y }: OperatorKey): Hex {
  return `0x${keccak256(encodeAbiParameters([{ type: "uint256" }, { type: "uint256" }], [x, y])).slice(-40)}`;
}

/** Undefined where the coordinates are no point of the curve. */
function pointIn(key: OperatorKey) {
  try {
    return pointOf(key);
  } catch {
    return undefined;
  }
}

function pointOf(key: OperatorKey) {
  const point = Point.fromAffine(key);
  point.assertValidity();
  return point;
}
