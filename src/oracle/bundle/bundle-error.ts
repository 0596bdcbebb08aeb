import { MandateError, type ErrorData } from "../../core/errors/mandate-error.ts";

/** What can be wrong with a bundle before anything is computed from it. */
export type BundleProblem =
  /** It cannot be read, or is in none of the forms. */
  | "BundleUnreadable"
  /** Its document, or one of its parts, is not what the format says. */
  | "BundleMalformed"
  /** The operator that it names did not sign its digest. */
  | "BundleSealInvalid"
  | "BundlePartMissing"
  /** A part has other bytes than its hash. */
  | "BundlePartChanged"
  | "BundlePartTooLarge"
  /** A part that no place of the document names, or a name that is none of a part. */
  | "BundlePartUnexpected"
  | "BundleOfAnotherEpoch"
  | "BundleOfAnotherOracle"
  /** It was made by other versions of the rules. */
  | "BundleOfOtherRules"
  /** The operator that sealed it knew no report of the epoch. */
  | "BundleWithoutReport"
  /** Seats, faults or quorum are not those of an operator set. */
  | "BundleSetInvalid"
  /** The configuration digest does not follow from what it is a digest of. */
  | "BundleConfigurationInvalid"
  /** A statement that its operator did not sign, or one about something else. */
  | "BundleStatementInvalid"
  /** The inclusion set is too small, out of order, or names an observation that is not there. */
  | "BundleInclusionInvalid"
  /** The outcome cannot be computed without this definition. */
  | "BundleDefinitionUnknown";

/** An error of a bundle that is not what it should be: whoever replays it can do nothing but get another one. */
export function bundleError(problem: BundleProblem, message: string, data: ErrorData = {}): MandateError {
  return new MandateError(problem, message, {
    kind: "input",
    data,
    remedy: remedies[problem] ?? "Get the bundle again, or that of another operator of the epoch's set.",
  });
}

const remedies: Partial<Record<BundleProblem, string>> = {
  BundleOfAnotherEpoch: "Name the epoch that the bundle is of.",
  BundleOfAnotherOracle: "Name the oracle and the chain that the bundle is of.",
  BundleOfOtherRules: "Use the release of this program that has these versions.",
  BundleWithoutReport: "Take the bundle of another operator of the epoch's set.",
};
