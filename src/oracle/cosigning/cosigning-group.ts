import { secp256k1 } from "@noble/curves/secp256k1.js";
import {
  isSignedTogether,
  type OperatorKey,
  type SchnorrSignature,
} from "../../chain/signature/aggregate-signature.ts";
import type { Hex } from "../../core/hex.ts";
import { inverseHint } from "./inverse-hint.ts";
import { parsePoint, Point, pointOfKey, pointText, Scalars, type CurvePoint } from "./points.ts";
import type { SetKeys } from "./set-keys.ts";

/**
 * In what operators sign together: secp256k1, or in a simulation a group that is cheap and keeps no secret. Sessions are the same code in
 * both. Scalars are numbers below the order of secp256k1 in both.
 */
export interface CosigningGroup {
  /** A scalar, not zero, that nobody can guess. */
  drawSecret(): bigint;
  /** The point of a secret scalar, not zero. */
  pointOf(secret: bigint): CurvePoint;
  /** The point of a scalar that is no secret. */
  openPointOf(scalar: bigint): CurvePoint;
  readonly zero: CurvePoint;
  text(point: CurvePoint): Hex;
  /** Undefined where the text is no point. */
  parse(text: Hex): CurvePoint | undefined;
  /** @throws {Error} Where the coordinates are no point. */
  ofKey(key: OperatorKey): CurvePoint;
  /** What the contract is given to divide by; undefined where it accepts nothing of such a set of signers. */
  inverseHint(keys: SetKeys, signers: bigint): bigint | undefined;
  /** By the contract's equation. */
  isSignedTogether(keys: readonly OperatorKey[], message: Hex, signature: SchnorrSignature): boolean;
}

/** The group of the contract. */
export const contractGroup: CosigningGroup = {
  drawSecret: () => Scalars.fromBytes(secp256k1.utils.randomSecretKey()),
  pointOf: (secret) => Point.BASE.multiply(secret),
  openPointOf: (scalar) => Point.BASE.multiplyUnsafe(scalar),
  zero: Point.ZERO,
  text: pointText,
  parse: parsePoint,
  ofKey: pointOfKey,
  inverseHint,
  isSignedTogether,
};
