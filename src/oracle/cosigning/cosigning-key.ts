import { bytesToBigInt, hexToBytes, numberToHex } from "viem";
import {
  accountSchema,
  privateKeyOfAccount,
  type AccountConfiguration,
} from "../../chain/hosting/configured-account.ts";
import {
  challengeOf,
  commitmentOf,
  type OperatorKey,
  type SchnorrSignature,
} from "../../chain/signature/aggregate-signature.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { NoncePair } from "./nonce-pair.ts";
import { parsePoint, Point, Scalars } from "./points.ts";

/** Where the cosigning key is. It makes no signature that a remote signer knows how to make. */
export const cosigningKeySchema = accountSchema.refine((account) => !("remote" in account), {
  error: "a remote signer cannot sign together with others: name a keystore, a file or an environment variable",
});

/** The key by which an operator signs together with others. */
export interface CosigningKey {
  readonly secret: bigint;
  readonly point: OperatorKey;
}

/** @throws {RangeError} Where the bytes are no secret of the curve. */
export function cosigningKeyOf(privateKey: Hex): CosigningKey {
  const secret = bytesToBigInt(hexToBytes(privateKey));
  if (!Scalars.isValidNot0(secret)) throw new RangeError("the key is zero, or not below the order of secp256k1");
  return { secret, point: Point.BASE.multiply(secret).toAffine() };
}

/**
 * Opens the configured key.
 * @throws {MandateError} What opening an account throws; `CosigningKeyNotApart` where it is a key of another duty: signatures of two kinds
 * by one key are more than what was proved of either.
 */
export async function openCosigningKey(
  account: AccountConfiguration,
  others: readonly { readonly address: Hex }[],
): Promise<CosigningKey> {
  const key = cosigningKeyOf(await privateKeyOfAccount(account));
  const address = commitmentOf(key.point);
  if (others.some((each) => each.address.toLowerCase() === address)) {
    throw new MandateError("CosigningKeyNotApart", `keys.cosigning is the key of ${address}, which has another duty`, {
      kind: "input",
      data: { address },
      remedy: "Make a key of its own for signing together.",
    });
  }
  return key;
}

/** A signature of `message` by one key alone, as `Schnorr.sol` checks it: what proves that an operator has the key that it registers. */
export function signAlone({ secret, point }: CosigningKey, message: Hex): SchnorrSignature {
  const nonces = new NoncePair();
  const [r1, r2] = [parsePoint(nonces.points.r1), parsePoint(nonces.points.r2)];
  if (r1 === undefined || r2 === undefined) throw new TypeError("nonces are points");
  const commitment = commitmentOf(r1.add(r2).toAffine());
  return { s: nonces.answer({ b: 1n, e: challengeOf(point, message, commitment) }, secret), commitment };
}

/** A key as one text, for people and programs: its point in compressed form. */
export function keyText({ x, y }: OperatorKey): Hex {
  return `0x0${2n + (y & 1n)}${numberToHex(x, { size: 32 }).slice(2)}`;
}
