import type { OperatorKey } from "../../chain/signature/aggregate-signature.ts";
import { Field } from "./points.ts";
import type { SetKeys } from "./set-keys.ts";

/**
 * Inverse of the Z that `AggregateSignature.sol` ends with when it takes the keys of the seats that are not in `signers` from the sum, in
 * ascending order; 1 where none is absent. Undefined where Z is zero: the contract accepts nothing of such a set of signers.
 */
export function inverseHint({ keys, sum }: SetKeys, signers: bigint): bigint | undefined {
  const absent = keys.filter((_, seat) => ((signers >> BigInt(seat)) & 1n) === 0n);
  const { z } = absent.reduce(without, { ...sum, z: 1n });
  return Field.is0(z) ? undefined : Field.inv(z);
}

interface Jacobian extends OperatorKey {
  readonly z: bigint;
}

/** `Secp256k1.add` of the key's opposite: Z depends on how a sum is computed, so that the formulas are the contract's. */
function without({ x, y, z }: Jacobian, key: OperatorKey): Jacobian {
  const f = Field;
  const zz = f.sqr(z);
  const h = f.sub(f.mul(key.x, zz), x);
  const r = f.sub(f.mul(f.neg(key.y), f.mul(zz, z)), y);
  const hh = f.sqr(h);
  const v = f.mul(x, hh);
  const hhh = f.mul(hh, h);
  const x3 = f.sub(f.sub(f.sqr(r), hhh), f.mul(2n, v));
  return { x: x3, y: f.sub(f.mul(r, f.sub(v, x3)), f.mul(y, hhh)), z: f.mul(z, h) };
}
