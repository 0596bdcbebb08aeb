import type { Hex } from "../../core/hex.ts";
import { hearersIn, type Heard } from "../observations/reveal.ts";

/** What became of an operator's commitment to its observation of an epoch. */
export interface ToldCommitment {
  readonly operator: Hex;
  /** Whether more than f operators say that they heard it before they revealed, so that an honest one did. */
  readonly isInTime: boolean;
  /** Whether what it is to is at hand. One in time that is not was withheld, or its operator was down: it chose after it could see others. */
  readonly isRevealed: boolean;
}

export interface CommitmentEvidence {
  readonly faults: number;
  /** Signed by who committed. */
  readonly commitments: Iterable<{ readonly operator: Hex; readonly commitment: Hex }>;
  readonly reveals: readonly { readonly operator: Hex; readonly commitment: Hex; readonly heard: Heard }[];
}

/** Everybody that committed, ascending, as lists of what was heard and what was revealed tell it. Who is only said to have committed needs more than f to say so. Pure. */
export function toldCommitments({ faults, commitments, reveals }: CommitmentEvidence): readonly ToldCommitment[] {
  const hearersOf = hearersIn(reveals);
  const isInTime = (each: { readonly operator: Hex; readonly commitment: Hex }): boolean =>
    hearersOf(each.operator, each.commitment) > faults;
  const told = [...commitments, ...reveals, ...reveals.flatMap(({ heard }) => heard).filter(isInTime)];
  const inTime = new Set(told.filter(isInTime).map(({ operator }) => operator));
  const revealed = new Set(reveals.map(({ operator }) => operator));
  return [...new Set(told.map(({ operator }) => operator))]
    .sort()
    .map((operator) => ({ operator, isInTime: inTime.has(operator), isRevealed: revealed.has(operator) }));
}
