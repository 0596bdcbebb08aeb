import type { Hex } from "../../core/hex.ts";
import { commitmentOf, hearersIn, revealHash, type Heard } from "../observations/reveal.ts";
import type { Recorded } from "./ledger.ts";
import type { MessageOf } from "./message.ts";

/** A revealed observation, with the commitment that it opens and the hash that inclusion sets name it by. */
export interface HeldReveal {
  readonly message: MessageOf<"observation">;
  readonly commitment: Hex;
  readonly hash: Hex;
}

/** Of each operator: one counts, a second one contradicts it. */
const KEPT = 2;

/** Messages never change, are large, and several operators of a simulation hold the same ones. */
const reveals = new WeakMap<MessageOf<"observation">, HeldReveal>();

/** A reveal with what follows from it. */
export function revealOf(message: MessageOf<"observation">): HeldReveal {
  const known = reveals.get(message);
  if (known !== undefined) return known;
  const commitment = commitmentOf(message.operator, message.observation, message.salt);
  const reveal = { message, commitment, hash: revealHash(message) };
  reveals.set(message, reveal);
  return reveal;
}

/**
 * What operators committed to and revealed, about one closing block. A reveal says by itself what its operator committed to, so that it may
 * come before the commitment. Of reveals a second one is kept, because a proposal may name the one that this operator saw later.
 */
export class ObservationLedger {
  readonly #commitments = new Map<Hex, Set<Hex>>();
  readonly #reveals = new Map<Hex, Map<Hex, HeldReveal>>();

  recordCommitment({ operator, commitment }: MessageOf<"commitment">): Recorded {
    const kept = this.#commitments.get(operator) ?? new Set<Hex>();
    if (kept.has(commitment)) return { status: "known" };
    if (kept.size >= KEPT) return { status: "surplus" };
    const before = this.committedBy(operator);
    this.#commitments.set(operator, kept.add(commitment));
    return contradiction(operator, before, commitment) ?? { status: "new" };
  }

  recordReveal(message: MessageOf<"observation">): Recorded {
    const { operator } = message;
    const reveal = revealOf(message);
    const kept = this.#reveals.get(operator) ?? new Map<Hex, HeldReveal>();
    if (kept.has(reveal.hash)) return { status: "known" };
    if (kept.size >= KEPT) return { status: "surplus" };
    const [first] = kept.keys();
    const before = this.committedBy(operator);
    this.#reveals.set(operator, kept.set(reveal.hash, reveal));
    if (first !== undefined) {
      return { status: "conflict", conflict: { operator, kind: "observation", first, second: reveal.hash } };
    }
    return contradiction(operator, before, reveal.commitment) ?? { status: "new" };
  }

  /** Commitments of an operator that are held, or that its reveals imply. */
  committedBy(operator: Hex): ReadonlySet<Hex> {
    const implied = [...(this.#reveals.get(operator)?.values() ?? [])].map((each) => each.commitment);
    return new Set([...(this.#commitments.get(operator) ?? []), ...implied]);
  }

  /** Operators that have committed, as far as is known. */
  committers(): ReadonlySet<Hex> {
    return new Set([...this.#commitments.keys(), ...this.#reveals.keys()]);
  }

  /** The first commitment of each operator that is held, ascending by operator. */
  commitments(): Heard {
    return [...this.#commitments]
      .flatMap(([operator, [commitment]]) => (commitment === undefined ? [] : [{ operator, commitment }]))
      .sort((a, b) => (a.operator < b.operator ? -1 : 1)); // operators are distinct
  }

  hasRevealed(operator: Hex): boolean {
    return this.#reveals.has(operator);
  }

  reveal(operator: Hex, hash: Hex): HeldReveal | undefined {
    return this.#reveals.get(operator)?.get(hash);
  }

  /** One reveal of each operator, ascending; those that revealed or committed to two things are left out. */
  consistentReveals(): readonly HeldReveal[] {
    return [...this.#reveals]
      .flatMap(([operator, kept]) => {
        const [only, ...others] = kept.values();
        return only !== undefined && others.length === 0 && this.committedBy(operator).size === 1 ? [only] : [];
      })
      .sort((a, b) => (a.message.operator < b.message.operator ? -1 : 1)); // operators are distinct
  }

  /**
   * Whether everybody in `expected` has revealed or contradicted itself, and what they say that they heard is what is held here. Where it is
   * not, somebody may have committed to several things, and time shows it.
   */
  isComplete(expected: Iterable<Hex>): boolean {
    const held = this.consistentReveals();
    const isSettled = (operator: Hex): boolean => this.hasRevealed(operator) || this.committedBy(operator).size > 1;
    return (
      [...expected].every(isSettled) &&
      held.every(({ message }) => message.heard.every((each) => this.committedBy(each.operator).has(each.commitment)))
    );
  }

  /**
   * The largest part of `candidates` in which more than `faults` heard each one's commitment in time, so that an honest operator did,
   * before it revealed. Who is dropped supports nobody any more; the order in which they are does not matter, as support only falls.
   */
  heardInTime(candidates: readonly HeldReveal[], faults: number): readonly HeldReveal[] {
    const hearersOf = hearersIn(candidates.map(({ message }) => message));
    const supported = candidates.filter(({ message, commitment }) => hearersOf(message.operator, commitment) > faults);
    return supported.length === candidates.length ? candidates : this.heardInTime(supported, faults);
  }
}

function contradiction(operator: Hex, before: ReadonlySet<Hex>, second: Hex): Recorded | undefined {
  const [first] = before;
  if (first === undefined || before.has(second)) return undefined;
  return { status: "conflict", conflict: { operator, kind: "commitment", first, second } };
}
