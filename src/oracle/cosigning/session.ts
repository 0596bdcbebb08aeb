import { encodeAbiParameters, keccak256, numberToHex } from "viem";
import {
  aggregateMessage,
  challengeOf,
  commitmentOf,
  type SchnorrSignature,
} from "../../chain/signature/aggregate-signature.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import { keccak256Text } from "../../core/keccak.ts";
import type { Hex } from "../../core/hex.ts";
import type { MessageOf } from "../agreement/message.ts";
import type { OperatorSet } from "../epochs/oracle-chain.ts";
import { contractGroup, type CosigningGroup } from "./cosigning-group.ts";
import type { Challenge, NoncePair } from "./nonce-pair.ts";
import { Scalars, sumOf, type CurvePoint } from "./points.ts";
import type { SetKeys } from "./set-keys.ts";

/** Keeps binding factors apart from every other hash. */
const BINDING_DOMAIN = keccak256Text("mandate.cosigning/1 binding factor");

/** Why a description is no session of this set: nobody answers it. */
export type SessionProblem =
  | "seats-out-of-order"
  | "unknown-seat"
  | "vacant-seat"
  | "below-quorum"
  | "nonce-not-on-curve"
  | "keys-cancel-out"
  | "nonces-cancel-out";

/** A signature of several operators under a report, as `submitAggregate` takes it. */
export interface AggregateSignature extends SchnorrSignature {
  readonly signers: bigint;
  readonly inverse: bigint;
}

interface Signer {
  readonly seat: number;
  readonly key: CurvePoint;
  readonly r1: CurvePoint;
  readonly r2: CurvePoint;
}

interface SessionParts {
  readonly signers: bigint;
  readonly inverse: bigint;
  readonly message: Hex;
  readonly commitment: Hex;
  readonly challenge: Challenge;
}

export type OpenedSession =
  { readonly ok: true; readonly session: Session } | { readonly ok: false; readonly problem: SessionProblem };

/**
 * One attempt of a named set of operators to sign one report. Everything that a share depends on is computed here from the description and
 * from the keys of the set's table, nothing is taken from whoever sent it:
 *
 *   P = Σ X_i     m = keccak256(digest, signers)     b = H(P, signers, all R1_i and R2_i, m)
 *   R = Σ R1_i + b·Σ R2_i     e = keccak256(P.x ‖ parity of P.y ‖ m ‖ address(R))     s_i = r1_i + b·r2_i + e·x_i
 */
export class Session {
  readonly hash: Hex;
  /** Bitmap of seats. */
  readonly signers: bigint;
  readonly #inverse: bigint;
  readonly #group: CosigningGroup;
  readonly #keys: SetKeys;
  readonly #members: ReadonlyMap<number, Signer>;
  readonly #message: Hex;
  readonly #commitment: Hex;
  readonly #challenge: Challenge;

  private constructor(
    group: CosigningGroup,
    hash: Hex,
    keys: SetKeys,
    members: readonly Signer[],
    parts: SessionParts,
  ) {
    this.#group = group;
    this.hash = hash;
    this.signers = parts.signers;
    this.#inverse = parts.inverse;
    this.#keys = keys;
    this.#members = new Map(members.map((each) => [each.seat, each]));
    this.#message = parts.message;
    this.#commitment = parts.commitment;
    this.#challenge = parts.challenge;
  }

  /** The session that a description names, or why it is none. */
  static open(
    description: MessageOf<"session">,
    set: Pick<OperatorSet, "seats" | "operators" | "quorum">,
    keys: SetKeys,
    group: CosigningGroup = contractGroup,
  ): OpenedSession {
    const refuse = (problem: SessionProblem): OpenedSession => ({ ok: false, problem });
    const members: Signer[] = [];
    let signers = 0n;
    let previous = -1;
    for (const { seat, r1, r2 } of description.signers) {
      if (seat <= previous) return refuse("seats-out-of-order"); // a seat that stands twice, too
      previous = seat;
      const [operator, key] = [set.seats[seat], keys.keys[seat]];
      if (operator === undefined || key === undefined) return refuse("unknown-seat");
      if (!set.operators.includes(operator)) return refuse("vacant-seat");
      const [first, second] = [group.parse(r1), group.parse(r2)];
      if (first === undefined || second === undefined) return refuse("nonce-not-on-curve");
      members.push({ seat, key: group.ofKey(key), r1: first, r2: second });
      signers |= 1n << BigInt(seat);
    }
    if (members.length < set.quorum) return refuse("below-quorum");
    const sum = (points: readonly CurvePoint[]): CurvePoint => sumOf(points, group.zero);
    const key = sum(members.map((each) => each.key));
    const inverse = group.inverseHint(keys, signers);
    if (key.is0() || inverse === undefined) return refuse("keys-cancel-out");
    const message = aggregateMessage(description.digest, signers);
    const b = bindingFactor(key, signers, members, message);
    const opening = sum(members.map(({ r1 }) => r1)).add(sum(members.map(({ r2 }) => r2)).multiplyUnsafe(b));
    if (opening.is0()) return refuse("nonces-cancel-out");
    const commitment = commitmentOf(opening.toAffine());
    const challenge = { b, e: challengeOf(key.toAffine(), message, commitment) };
    const parts = { signers, inverse, message, commitment, challenge };
    return { ok: true, session: new Session(group, documentHash(description), keys, members, parts) };
  }

  /** Seats that sign, ascending. */
  get seats(): readonly number[] {
    return [...this.#members.keys()];
  }

  /** This operator's share, for which its nonces are spent. @throws {MandateError} `NonceSpent` where they were before. */
  share(nonces: NoncePair, secret: bigint): Hex {
    return numberToHex(nonces.answer(this.#challenge, secret), { size: 32 });
  }

  /** Whether a share is that of the operator in `seat`: `s_i·G = R1_i + b·R2_i + e·X_i`. */
  isShareOf(seat: number, share: Hex): boolean {
    const member = this.#members.get(seat);
    const s = BigInt(share);
    if (member === undefined || !Scalars.isValid(s)) return false;
    const { b, e } = this.#challenge;
    const expected = member.r1.add(member.r2.multiplyUnsafe(b)).add(member.key.multiplyUnsafe(e));
    return this.#group.openPointOf(s).equals(expected);
  }

  /** The signature of all shares, which are valid; undefined unless it is one by the contract's equation. */
  combine(shares: readonly Hex[]): AggregateSignature | undefined {
    const s = shares.reduce((sum, each) => Scalars.add(sum, BigInt(each)), 0n);
    const signature = { s, commitment: this.#commitment };
    const keys = this.#keys.keys.filter((_, seat) => this.#members.has(seat));
    if (!this.#group.isSignedTogether(keys, this.#message, signature)) return undefined;
    return { ...signature, signers: this.signers, inverse: this.#inverse };
  }
}

/** b: whoever changes the set, the report or anybody's nonces changes the factor of everybody's second nonce. */
function bindingFactor(key: CurvePoint, signers: bigint, members: readonly Signer[], message: Hex): bigint {
  const coordinates = (point: CurvePoint): readonly bigint[] => {
    const { x, y } = point.toAffine();
    return [x, y];
  };
  const bound = encodeAbiParameters(
    [{ type: "bytes32" }, { type: "uint256[]" }, { type: "uint256" }, { type: "uint256[]" }, { type: "bytes32" }],
    [
      BINDING_DOMAIN,
      coordinates(key),
      signers,
      members.flatMap(({ r1, r2 }) => [...coordinates(r1), ...coordinates(r2)]),
      message,
    ],
  );
  return Scalars.create(BigInt(keccak256(bound)));
}
