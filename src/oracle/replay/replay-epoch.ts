import { BaseError } from "viem";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { bundleError } from "../bundle/bundle-error.ts";
import type { BundleSource } from "../bundle/bundle-source.ts";
import { scoringCodeDigest } from "../scoring/golden-epoch.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";
import { checkStatements, type CheckedStatements } from "./check-statements.ts";
import { checkHearing } from "./check-hearing.ts";
import { compareChain, type ChainPlace } from "./compare-chain.ts";
import { openBundle, type OpenedBundle } from "./open-bundle.ts";
import { replayCaptures } from "./replay-captures.ts";
import { compared, notChecked, ok, type ReplayCheck } from "./replay-check.ts";
import { checkSupport, replayOutcome } from "./replay-outcome.ts";

export interface ReplayInput {
  readonly epoch: number;
  readonly source: BundleSource;
  /** The oracle and chain that the caller means; the bundle's where it is left out. */
  readonly oracle?: Hex | undefined;
  /** The chain that the bundle is held against; it is made for the bundle's chain id, which the endpoint must serve. */
  readonly chain?: ((chainId: number) => ChainPlace) | undefined;
  readonly keccak: KeccakHasher;
}

export interface Replay {
  readonly epoch: number;
  readonly chainId: number;
  readonly oracle: Hex;
  /** Who sealed the bundle. */
  readonly operator: Hex;
  /** Digest of the bundle. */
  readonly bundle: Hex;
  /** As computed here. */
  readonly root: Hex;
  readonly digest: Hex;
  readonly verdict: "reproduced" | "differs";
  /** The first thing that differs. */
  readonly difference: string | null;
  readonly checks: readonly ReplayCheck[];
}

/**
 * Computes an epoch's report again from a bundle alone, and says what of it could be checked.
 * @throws {MandateError} of a `BundleProblem` where the bundle is not what it should be; `WrongChain`.
 */
export async function replayEpoch(input: ReplayInput): Promise<Replay> {
  const { epoch, keccak } = input;
  const opened = await openBundle(input.source, epoch, keccak);
  const { bundle } = opened;
  if (input.oracle !== undefined && input.oracle !== bundle.oracle) {
    throw bundleError("BundleOfAnotherOracle", `the bundle is of oracle ${bundle.oracle}, not ${input.oracle}`, {
      expected: input.oracle,
      actual: bundle.oracle,
    });
  }
  const statements = await checkStatements(opened);
  const outcome = replayOutcome(opened, statements.scoring, keccak);
  const captures = await replayCaptures(opened);
  const chain =
    input.chain === undefined
      ? undefined
      : await compareChain(opened, outcome, input.chain(bundle.chainId)).catch(notAnswered);
  const checks = [
    ...wholeBundle(opened, statements),
    compared(
      "code",
      scoringCodeDigest(keccak, statements.scoring),
      bundle.code,
      "the operator's program scores the golden epoch as this one",
    ),
    ...outcome.checks,
    ...checkHearing(opened),
    checkSupport(opened, statements, chain?.isAccepted ?? false),
    ...captures,
    ...(chain?.checks ?? [
      notChecked("chain", "operator set, threshold, projects and acceptance are what the bundle says"),
    ]),
    ...beyondAnyReplay(opened),
  ];
  const different = checks.find((each) => each.status === "differs");
  return {
    epoch,
    chainId: bundle.chainId,
    oracle: bundle.oracle,
    operator: bundle.operator,
    bundle: opened.digest,
    root: outcome.report.root,
    digest: outcome.digest,
    verdict: different === undefined ? "reproduced" : "differs",
    difference: different === undefined ? null : `${different.name}: ${different.detail}`,
    checks,
  };
}

function notAnswered(cause: unknown): never {
  if (!(cause instanceof BaseError)) throw cause;
  throw new MandateError("ChainUnreadable", `the endpoint does not tell of this oracle: ${cause.shortMessage}`, {
    kind: "environment",
    cause,
    remedy: "Name another endpoint, or leave it out: the report is computed from the bundle alone.",
  });
}

/** What did not hold has thrown; this says what did. */
function wholeBundle(
  { bundle, bytes }: OpenedBundle,
  { observations, votes }: CheckedStatements,
): readonly ReplayCheck[] {
  const { set, parts, operator, configuration, report } = bundle;
  return [
    ok("parts", `${parts.length} parts of ${bytes} bytes have their hashes, and there are no others`),
    ok("seal", `operator ${operator} sealed the bundle`),
    ok("set", `${set.operators.length} operators, of whom ${set.faults} may lie; quorum ${set.quorum}`),
    ok("configuration", configuration),
    ok("statements", `${observations} observations and ${votes} votes are signed by members of the set`),
    ok("inclusion", `${report?.manifest.inclusion.length ?? 0} observations, ${2 * set.faults + 1} are needed`),
  ];
}

function beyondAnyReplay({ bundle }: OpenedBundle): readonly ReplayCheck[] {
  const others = new Set(bundle.observations.map((each) => each.operator));
  others.delete(bundle.operator);
  return [
    notChecked("sources", "that the sources answered what the captures say: nobody signs for them"),
    notChecked("other captures", `what ${others.size} other operators measured from stands in their own bundles`),
  ];
}
