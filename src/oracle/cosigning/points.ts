import { secp256k1 } from "@noble/curves/secp256k1.js";
import type { OperatorKey } from "../../chain/signature/aggregate-signature.ts";
import type { Hex } from "../../core/hex.ts";

export const { Point } = secp256k1;
/** Numbers below the order of the group. */
export const { Fn: Scalars, Fp: Field } = Point;

/** A point as sessions compute with it. */
export interface CurvePoint {
  add(other: CurvePoint): CurvePoint;
  multiplyUnsafe(scalar: bigint): CurvePoint;
  equals(other: CurvePoint): boolean;
  is0(): boolean;
  toAffine(): OperatorKey;
  toHex(isCompressed: boolean): string;
}

/** A point in its compressed form, lower case. */
export function pointText(point: CurvePoint): Hex {
  return `0x${point.toHex(true)}`;
}

/** The point of a compressed form; undefined where there is none on the curve. */
export function parsePoint(text: Hex): InstanceType<typeof Point> | undefined {
  try {
    return Point.fromHex(text.slice(2));
  } catch {
    return undefined;
  }
}

/** @throws {Error} Where the coordinates are no point of the curve. */
export function pointOfKey(key: OperatorKey): InstanceType<typeof Point> {
  const point = Point.fromAffine(key);
  point.assertValidity();
  return point;
}

export function sumOf(points: readonly CurvePoint[], zero: CurvePoint = Point.ZERO): CurvePoint {
  return points.reduce((sum, each) => sum.add(each), zero);
}
