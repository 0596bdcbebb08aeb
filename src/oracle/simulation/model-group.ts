import {
  challengeOf,
  commitmentOf,
  type OperatorKey,
  type SchnorrSignature,
} from "../../chain/signature/aggregate-signature.ts";
import type { Hex } from "../../core/hex.ts";
import { keccak256Text } from "../../core/keccak.ts";
import type { CosigningGroup } from "../cosigning/cosigning-group.ts";
import type { CosigningKey } from "../cosigning/cosigning-key.ts";
import type { SetKeys } from "../cosigning/set-keys.ts";
import { Scalars, sumOf, type CurvePoint } from "../cosigning/points.ts";

/** The point that a scalar makes is the scalar: sums and multiples are those of secp256k1, and nothing is secret. */
class ModelPoint implements CurvePoint {
  readonly #scalar: bigint;

  constructor(scalar: bigint) {
    this.#scalar = scalar;
  }

  add(other: ModelPoint): ModelPoint {
    return new ModelPoint(Scalars.add(this.#scalar, other.#scalar));
  }

  multiplyUnsafe(scalar: bigint): ModelPoint {
    return new ModelPoint(Scalars.mul(this.#scalar, scalar));
  }

  equals(other: ModelPoint): boolean {
    return this.#scalar === other.#scalar;
  }

  is0(): boolean {
    return this.#scalar === 0n;
  }

  toAffine(): OperatorKey {
    return { x: this.#scalar, y: 0n };
  }

  toHex(): string {
    return `02${this.#scalar.toString(16).padStart(64, "0")}`;
  }
}

/** Odd and below the order: its multiples by small numbers are scalars of all sizes, and no two are alike. */
const STRIDE = BigInt(keccak256Text("mandate.simulation stride of scalars")) >> 1n;

const ofKey = ({ x }: OperatorKey): ModelPoint => new ModelPoint(x);

/**
 * The group in which simulated operators sign together. The code of their sessions is the production's, and so are its equations: what adds up
 * here is a signature there. Nobody looks into a point for its scalar, as nobody can in secp256k1.
 * @param next The number of the next secret: each is another one for another number.
 */
export function modelGroup(next: () => number): CosigningGroup {
  return {
    drawSecret: () => Scalars.create(STRIDE * BigInt(next() + 1)),
    pointOf: (secret) => new ModelPoint(secret),
    openPointOf: (scalar) => new ModelPoint(scalar),
    zero: new ModelPoint(0n),
    text: (point) => `0x${point.toHex(true)}`,
    parse: (text) => {
      const scalar = BigInt(`0x${text.slice(4)}`);
      return Scalars.isValid(scalar) ? new ModelPoint(scalar) : undefined;
    },
    ofKey,
    inverseHint: () => 1n, // of Jacobian coordinates, which these points do not have
    isSignedTogether: isSignedInModel,
  };
}

/** `Schnorr.sol`'s equation, which is checked here by subtraction in the place of `ecrecover`. */
export function isSignedInModel(
  keys: readonly OperatorKey[],
  message: Hex,
  { s, commitment }: SchnorrSignature,
): boolean {
  const key = sumOf(keys.map(ofKey), new ModelPoint(0n));
  const challenge = challengeOf(key.toAffine(), message, commitment);
  const answer: CurvePoint = new ModelPoint(s);
  const opening = answer.add(key.multiplyUnsafe(Scalars.neg(challenge)));
  return Scalars.isValid(s) && commitmentOf(opening.toAffine()) === commitment;
}

/** By what operators of these names sign together. */
export class ModelKeys {
  readonly #keys: ReadonlyMap<Hex, CosigningKey>;

  constructor(names: readonly Hex[]) {
    this.#keys = new Map(names.map((name) => [name, modelKeyOf(name)]));
  }

  /** @throws {RangeError} Where nobody has this name. */
  of(name: Hex): CosigningKey {
    const key = this.#keys.get(name);
    if (key === undefined) throw new RangeError(`no operator has the name ${name}`);
    return key;
  }

  /** As the table of a set with these names has them, in its order. */
  setKeys(names: readonly Hex[]): SetKeys {
    const keys = names.map((name) => this.of(name).point);
    return { keys, sum: sumOf(keys.map(ofKey), new ModelPoint(0n)).toAffine() };
  }
}

function modelKeyOf(name: Hex): CosigningKey {
  const secret = Scalars.create(BigInt(keccak256Text(`cosigning key of ${name}`)));
  return { secret, point: new ModelPoint(secret).toAffine() };
}
