import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { contractGroup, type CosigningGroup } from "./cosigning-group.ts";
import { Scalars } from "./points.ts";

/** The public halves of a pair, as messages carry them. */
export interface NoncePoints {
  readonly r1: Hex;
  readonly r2: Hex;
}

/** What a share answers: the binding factor b and the challenge e, both below the order of the group. */
export interface Challenge {
  readonly b: bigint;
  readonly e: bigint;
}

/**
 * Two secret nonces that answer one challenge, ever: two answers would give the key away. They are in the memory of this process and
 * nowhere else, cannot be read or copied, and are let go of before the answer is computed.
 */
export class NoncePair {
  readonly points: NoncePoints;
  #secrets: readonly [bigint, bigint] | undefined;

  constructor(group: CosigningGroup = contractGroup) {
    const [first, second] = [group.drawSecret(), group.drawSecret()];
    this.#secrets = [first, second];
    this.points = { r1: group.text(group.pointOf(first)), r2: group.text(group.pointOf(second)) };
  }

  /**
   * `r1 + b·r2 + e·secret`.
   * @throws {MandateError} `NonceSpent` at every call but the first.
   */
  answer({ b, e }: Challenge, secret: bigint): bigint {
    const secrets = this.#secrets;
    this.#secrets = undefined;
    if (secrets === undefined) {
      throw new MandateError(
        "NonceSpent",
        "these nonces have answered a challenge; a second answer would reveal the key",
        {
          kind: "refused",
        },
      );
    }
    const [first, second] = secrets;
    return Scalars.add(Scalars.add(first, Scalars.mul(b, second)), Scalars.mul(e, secret));
  }
}
