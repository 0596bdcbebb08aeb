import { MandateError, type ErrorData } from "../../core/errors/mandate-error.ts";

/** What can be wrong with what is said to bring two sets of leaves together. */
export type ReconciliationProblem =
  /** Bytes that are no message, or say more than was asked. */
  | "ReconciliationMalformed"
  /** More bytes, leaves or requests than the report's number of leaves explains. */
  | "ReconciliationTooLarge"
  /** Leaves that lead to another root than the one that was accepted. */
  | "ReconciliationWrongLeaves";

export function reconciliationError(
  problem: ReconciliationProblem,
  message: string,
  data: ErrorData = {},
): MandateError {
  return new MandateError(problem, message, { kind: "refused", data, remedy: "Ask another operator." });
}
