import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { MAX_OPERATORS, MIN_OPERATORS, reportQuorum, toleratedFaults } from "../../org/quorum.ts";
import { messageHash, type AgreementMessage, type SignedAgreement } from "../agreement/message.ts";
import { bundleError } from "../bundle/bundle-error.ts";
import { rulesetOf, type Bundle } from "../bundle/bundle.ts";
import { configurationDigest } from "../configuration/configuration-digest.ts";
import { observationHash } from "../observations/observation.ts";
import { rulesetHash } from "../rulesets/ruleset.ts";
import { scoringsOfThisProgram, type Scoring } from "../scoring/scorings.ts";
import { recoverCompact, recoverEnvelope } from "../signing/operator-signer.ts";
import type { OpenedBundle } from "./open-bundle.ts";

/** What was found of a bundle's statements: how many are their operators', and how those scored. */
export interface CheckedStatements {
  readonly observations: number;
  readonly votes: number;
  /** Operators whose signature of the bundle's report is in it; none where there is no report. */
  readonly signers: readonly Hex[];
  /** Operators that committed to the report in the view in which most did. */
  readonly committers: number;
  /** Of the same versions as that of the operators. */
  readonly scoring: Scoring;
}

/**
 * That the set is one, the configuration digest is its digest, and every statement is signed by a member of it and is about this epoch.
 * @throws {MandateError} `BundleSetInvalid`, `BundleOfOtherRules`, `BundleConfigurationInvalid`, `BundleStatementInvalid`.
 */
export async function checkStatements(opened: OpenedBundle): Promise<CheckedStatements> {
  const { bundle, facts } = opened;
  checkSet(bundle);
  const scoring = scoringIn(opened.bundle);
  checkConfiguration(opened, scoring);
  if (
    facts.epoch !== bundle.epoch ||
    facts.configuration !== bundle.set.configuration ||
    facts.faults !== bundle.set.faults
  ) {
    throw bundleError("BundleMalformed", "facts and document of the bundle speak of different epochs or sets", {
      epoch: facts.epoch,
      configuration: facts.configuration,
      faults: facts.faults,
    });
  }
  await checkObservations(opened);
  for (const vote of opened.votes) await checkVote(bundle, vote);
  const report = bundle.report?.digest;
  const signers = opened.votes.flatMap(({ message }) =>
    message.kind === "signature" && message.digest === report ? [message.operator] : [],
  );
  return {
    observations: bundle.observations.length,
    votes: opened.votes.length,
    signers: [...new Set(signers)].sort(),
    committers: mostCommitters(opened.votes, report),
    scoring,
  };
}

function checkSet({ set }: Bundle): void {
  const { operators, seats, faults, quorum } = set;
  const size = new Set(seats).size; // a suspended operator lowers no quorum
  const isPart = new Set(operators).size === operators.length && operators.every((each) => seats.includes(each));
  if (!isPart || size !== seats.length || size < MIN_OPERATORS || size > MAX_OPERATORS) {
    throw bundleError("BundleSetInvalid", `a set has ${MIN_OPERATORS} to ${MAX_OPERATORS} distinct operators`, {
      seats: seats.length,
      distinct: size,
    });
  }
  if (faults !== toleratedFaults(size) || quorum !== reportQuorum(size)) {
    const expected = { faults: toleratedFaults(size), quorum: reportQuorum(size) };
    throw bundleError(
      "BundleSetInvalid",
      `${size} operators tolerate ${expected.faults} and report by ${expected.quorum}; the bundle says ${faults} and ${quorum}`,
      { faults, quorum, expectedFaults: expected.faults, expectedQuorum: expected.quorum },
    );
  }
}

function scoringIn({ rules }: Bundle): Scoring {
  const scoring = scoringsOfThisProgram.find(({ versions }) => documentHash(versions) === documentHash(rules));
  if (scoring !== undefined) return scoring;
  const known = scoringsOfThisProgram.map(({ versions }) => JSON.stringify(versions)).join(", ");
  throw bundleError(
    "BundleOfOtherRules",
    `the bundle was made by scoring ${rules.scoring} with adapters ${JSON.stringify(rules.adapters)}; this program has ${known}`,
    {
      scoring: rules.scoring,
      expectedScoring: scoringsOfThisProgram.map(({ versions }) => versions.scoring).join(", "),
    },
  );
}

function checkConfiguration({ bundle, facts }: OpenedBundle, { versions }: Scoring): void {
  const { chainId, oracle, set, configuration } = bundle;
  const { operators, quorum } = set;
  const expected = configurationDigest({
    ...{ chainId, oracle, configuration: set.configuration, operators, quorum, versions },
    ruleset: rulesetHash(rulesetOf(bundle)),
  });
  if (configuration !== expected || facts.configurationDigest !== expected) {
    throw bundleError("BundleConfigurationInvalid", `the configuration's digest is ${expected}, not ${configuration}`, {
      expected,
      actual: configuration,
    });
  }
}

async function checkObservations({ bundle, reveals }: OpenedBundle): Promise<void> {
  const { epoch, configuration, block, set } = bundle;
  let previous = "";
  for (const { operator, observation, salt, heard, hash, envelope } of reveals) {
    const key = `${operator}${observationHash(observation)}${hash}`;
    if (key <= previous) throw invalid(operator, "observations stand twice or out of order", hash);
    previous = key;
    if (!set.operators.includes(operator)) throw invalid(operator, "is not in the epoch's operator set", hash);
    if (
      observation.epoch !== epoch ||
      observation.configuration !== configuration ||
      observation.block.hash !== block.hash
    ) {
      throw invalid(operator, "observed another epoch, configuration or closing block", hash);
    }
    const message: AgreementMessage = { kind: "observation", epoch, operator, observation, salt, heard };
    if ((await recoverEnvelope(messageHash(configuration, message), envelope)) !== operator) {
      throw invalid(operator, "did not sign this observation", hash);
    }
  }
}

async function checkVote(
  { epoch, configuration, set, block }: Bundle,
  { message, envelope }: SignedAgreement,
): Promise<void> {
  const { operator, kind } = message;
  if (kind === "observation") throw invalid(operator, "has an observation among the votes", envelope);
  const stated = kind === "commitment" ? message.commitment : message.digest;
  if (message.epoch !== epoch) throw invalid(operator, `speaks of epoch ${message.epoch}`, stated);
  if (!set.operators.includes(operator)) throw invalid(operator, "is not in the epoch's operator set", stated);
  if (kind === "commitment" && message.block !== block.hash) {
    throw invalid(operator, "committed to an observation of another closing block", stated);
  }
  const isSigned =
    (await recoverEnvelope(messageHash(configuration, message), envelope)) === operator &&
    (kind !== "signature" || (await recoverCompact(message.digest, message.signature)) === operator);
  if (!isSigned) throw invalid(operator, `did not sign this ${kind}`, stated);
}

function invalid(operator: Hex, what: string, statement: Hex): Error {
  return bundleError("BundleStatementInvalid", `operator ${operator}: ${what} (${statement})`, { operator, statement });
}

function mostCommitters(votes: readonly SignedAgreement[], report: Hex | undefined): number {
  const byView = new Map<number, Set<Hex>>();
  for (const { message } of votes) {
    if (message.kind !== "commit" || message.digest !== report) continue;
    const committers = byView.get(message.view) ?? new Set();
    byView.set(message.view, committers.add(message.operator));
  }
  return Math.max(0, ...[...byView.values()].map((each) => each.size));
}
