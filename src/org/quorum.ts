/** Sizes of an operator set that the contract allows. */
export const MIN_OPERATORS = 4;
export const MAX_OPERATORS = 31;

/** `OperatorSets.EVIDENCE_EPOCHS`: for how many epochs after its own a report is evidence that its signer signed two. */
export const EVIDENCE_EPOCHS = 8;

/** Faulty operators that a set of `operators` tolerates: ⌊(n−1)/3⌋. */
export function toleratedFaults(operators: number): number {
  return Math.floor((operators - 1) / 3);
}

/** Signatures that a report needs: ⌊(n+f)/2⌋ + 1, so that two quorums share an honest operator. */
export function reportQuorum(operators: number): number {
  return Math.floor((operators + toleratedFaults(operators)) / 2) + 1;
}
