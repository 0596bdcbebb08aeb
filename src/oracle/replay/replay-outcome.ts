import type { Hex } from "../../core/hex.ts";
import { bundleError } from "../bundle/bundle-error.ts";
import { bundleText } from "../bundle/bundle.ts";
import type { IncludedObservation, Report, ScoringDocuments } from "../scoring/evaluate-epoch.ts";
import { parseHeldOut } from "../scoring/held-out.ts";
import { parseScoreDefinition } from "../scoring/score-definition.ts";
import type { Scoring } from "../scoring/scorings.ts";
import { reportDigest } from "../signing/operator-signer.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";
import type { MerkleTree } from "../tree/merkle-tree.ts";
import type { CheckedStatements } from "./check-statements.ts";
import type { OpenedBundle, OpenedReveal } from "./open-bundle.ts";
import { compared, differs, ok, type ReplayCheck } from "./replay-check.ts";

/** What the outcome function makes of a bundle's inclusion set, held against what the bundle says. */
export interface ReplayedOutcome {
  readonly report: Report;
  /** EIP-712 digest of the recomputed report. */
  readonly digest: Hex;
  readonly tree: MerkleTree;
  /** Leaves and root, byte for byte, and everything else that the report says. */
  readonly checks: readonly ReplayCheck[];
}

/**
 * Computes the report again from observations and definitions, by the same function as operators.
 * @throws {MandateError} `BundleWithoutReport`, `BundleInclusionInvalid`, `BundleDefinitionUnknown`.
 */
export function replayOutcome(opened: OpenedBundle, { evaluate }: Scoring, keccak: KeccakHasher): ReplayedOutcome {
  const { bundle, facts, definitions } = opened;
  const stated = bundle.report;
  if (stated === null || opened.leaves === null) {
    throw bundleError("BundleWithoutReport", `operator ${bundle.operator} knew no report of epoch ${bundle.epoch}`, {
      operator: bundle.operator,
      epoch: bundle.epoch,
    });
  }
  const evaluated = evaluate(facts, includedIn(opened), scoringDocumentsOf(definitions), keccak);
  if (!evaluated.ok) {
    throw bundleError("BundleDefinitionUnknown", `the bundle lacks the definition ${evaluated.definition}`, {
      definition: evaluated.definition,
    });
  }
  const { report, tree, manifest } = evaluated;
  const digest = reportDigest({ chainId: bundle.chainId, verifyingContract: bundle.oracle }, report);
  const count = `${tree.packed.count} leaves`;
  const difference = opened.leaves.differenceTo(tree.packed);
  return {
    report,
    digest,
    tree,
    checks: [
      difference === undefined ? ok("leaves", `${count}, byte for byte`) : differs("leaves", difference),
      compared("root", report.root, stated.report.root, report.root),
      compared("manifest", bundleText(manifest), bundleText(stated.manifest), report.manifest),
      compared(
        "report",
        bundleText(report),
        bundleText(stated.report),
        `${report.scored} scored, ${report.surviving} survive`,
      ),
      compared("digest", digest, stated.digest, digest),
    ],
  };
}

/** Whether enough operators said that this is the epoch's report. */
export function checkSupport(opened: OpenedBundle, statements: CheckedStatements, isOnChain: boolean): ReplayCheck {
  const { faults, quorum } = opened.bundle.set;
  const { signers, committers } = statements;
  const counted = `${signers.length} signatures, ${committers} commits in one view, quorum ${quorum}`;
  if (signers.length >= quorum) return ok("support", `a quorum signed the report: ${counted}`);
  if (committers >= quorum) return ok("support", `a quorum committed to the report: ${counted}`);
  if (signers.length > faults)
    return ok("support", `more than ${faults} signed it, so that an honest one did: ${counted}`);
  return isOnChain
    ? ok("support", `the contract accepted it; the bundle itself has ${counted}`)
    : differs("support", `nothing in the bundle shows that operators agreed on this report: ${counted}`);
}

/** @throws {MandateError} `BundleInclusionInvalid`. */
export function includedIn({ bundle, reveals }: OpenedBundle): readonly (IncludedObservation & OpenedReveal)[] {
  const inclusion = bundle.report?.manifest.inclusion ?? [];
  const least = 2 * bundle.set.faults + 1;
  if (inclusion.length < least) {
    throw bundleError("BundleInclusionInvalid", `${inclusion.length} observations are included, ${least} are needed`, {
      included: inclusion.length,
      needed: least,
    });
  }
  const signed = new Map(reveals.map((each) => [`${each.operator}${each.hash}`, each]));
  let previous = "";
  return inclusion.map(({ operator, observation: hash }) => {
    if (operator <= previous) {
      throw bundleError("BundleInclusionInvalid", `operator ${operator} stands twice or out of order`, { operator });
    }
    previous = operator;
    const reveal = signed.get(`${operator}${hash}`);
    if (reveal === undefined) {
      throw bundleError("BundleInclusionInvalid", `observation ${hash} of ${operator} is included and not there`, {
        operator,
        observation: hash,
      });
    }
    return reveal;
  });
}

/** Documents that score, or were held back; one that is neither scores as missing, for operators as here. */
export function scoringDocumentsOf(documents: ReadonlyMap<Hex, unknown>): ScoringDocuments {
  return {
    definitions: new Map(
      [...documents].flatMap(([hash, document]) => {
        const parsed = parseScoreDefinition(document);
        return parsed.ok ? [[hash, parsed.known.definition] as const] : [];
      }),
    ),
    heldOut: new Map(
      [...documents].flatMap(([hash, document]) => {
        const parsed = parseHeldOut(document);
        return parsed.ok ? [[hash, parsed.heldOut] as const] : [];
      }),
    ),
  };
}
