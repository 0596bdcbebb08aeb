/** Schnorr signatures as the contracts check them, made by somebody who knows every key: for tests alone. */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import {
  AbiCoder,
  dataSlice,
  getAddress,
  keccak256,
  solidityPackedKeccak256,
  toBeHex,
  TypedDataEncoder,
  type BaseWallet,
  type TypedDataDomain,
} from "ethers";
import { signedTypes } from "../../src/core/signing/signed-types.ts";

export const { n: groupOrder } = secp256k1.Point.CURVE();
export const groupGenerator = secp256k1.Point.BASE;
const { p: fieldPrime } = secp256k1.Point.CURVE();

export type Point = InstanceType<typeof secp256k1.Point>;

export interface SchnorrKey {
  readonly secret: bigint;
  readonly x: bigint;
  readonly y: bigint;
}

export const modulo = (value: bigint, modulus: bigint): bigint => ((value % modulus) + modulus) % modulus;

export function keyFrom(secret: bigint): SchnorrKey {
  const { x, y } = secp256k1.Point.BASE.multiply(secret).toAffine();
  return { secret, x, y };
}

/** Development keys, the same in each run. */
export function schnorrKeys(count: number): SchnorrKey[] {
  return Array.from({ length: count }, (_, i) =>
    keyFrom(modulo(BigInt(keccak256(toBeHex(7_000 + i, 32))), groupOrder)),
  );
}

export function addressOfPoint(point: Point): string {
  const { x, y } = point.toAffine();
  return getAddress(dataSlice(keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [x, y])), 12));
}

/** A signature of the sum of the secrets; `nonce` is secret and never used twice by anybody but a test. */
export function schnorrSign(secrets: readonly bigint[], message: string, nonce = 0x1234567n) {
  const secret = modulo(
    secrets.reduce((sum, each) => sum + each, 0n),
    groupOrder,
  );
  const { x, y } = secp256k1.Point.BASE.multiply(secret).toAffine();
  const commitment = addressOfPoint(secp256k1.Point.BASE.multiply(nonce));
  const types = ["uint256", "bool", "bytes32", "address"];
  const e = BigInt(solidityPackedKeccak256(types, [x, (y & 1n) === 1n, message, commitment]));
  return { s: modulo(nonce + e * secret, groupOrder), commitment };
}

/** What is signed together of a report. */
export const aggregateMessage = (digest: string, signers: bigint): string =>
  keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [digest, signers]));

/** Inverse of Z of the sum of all keys less those of absent seats, by the contract's formulas. */
export function inverseHint(keys: readonly SchnorrKey[], signers: bigint): bigint {
  const sum = keys
    .map(({ x, y }) => secp256k1.Point.fromAffine({ x, y }))
    .reduce((total, each) => total.add(each))
    .toAffine();
  let [x1, y1, z1] = [sum.x, sum.y, 1n];
  const mod = (value: bigint): bigint => modulo(value, fieldPrime);
  for (const [seat, key] of keys.entries()) {
    if ((signers >> BigInt(seat)) & 1n) continue;
    const zz = mod(z1 * z1);
    const h = mod(key.x * zz - x1);
    const r = mod((fieldPrime - key.y) * zz * z1 - y1);
    const [hh, v] = [mod(h * h), mod(x1 * h * h)];
    const x3 = mod(r * r - hh * h - 2n * v);
    [x1, y1, z1] = [x3, mod(r * (v - x3) - y1 * hh * h), mod(z1 * h)];
  }
  return z1 === 0n ? 0n : secp256k1.Point.Fp.inv(z1);
}

const keyTypes = { OperatorKey: [...signedTypes.OperatorKey] };
const farAhead = 4_000_000_000;

/** All that `OperatorKeys.register` takes, signed by key and operator. */
export async function registration(
  domain: TypedDataDomain,
  operator: BaseWallet,
  { x, y, secret }: SchnorrKey,
  nonce = 0n,
) {
  const message = { operator: operator.address, x, y, nonce, deadline: farAhead };
  const digest = TypedDataEncoder.hash(domain, keyTypes, message);
  const { s, commitment } = schnorrSign([secret], digest, 99n);
  const signature = await operator.signTypedData(domain, keyTypes, message);
  return { digest, args: [operator.address, { x, y }, farAhead, s, commitment, signature] as const };
}
