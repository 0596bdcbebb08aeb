import { hashTypedData } from "viem";
import { heartbeatOracleAbi } from "../../chain/abi.ts";
import { aggregateMessage, isSignedTogether } from "../../chain/signature/aggregate-signature.ts";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf } from "../../core/signing/typed-data.ts";
import { losesMany, movesTooFar, type SanityBounds } from "../../org/sanity-bounds.ts";
import { nextThreshold, type ThresholdParameters } from "../../org/threshold.ts";
import { compactSignatures, seatsOf } from "./seats.ts";
import type { EventArgs, EventOf } from "./audited-event.ts";
import type { BreakerReplay } from "./breaker-replay.ts";
import { findCallsOf } from "./find-calls.ts";
import type { OperatorKeyReplay } from "./operator-key-replay.ts";
import { checkRuleset } from "./ruleset-replay.ts";
import { replayOperatorSets, type ReplayedOperatorSet } from "./operator-set-replay.ts";
import type { RuleContext } from "./rule-context.ts";
import type { PlacedLog } from "../reader/verified-block.ts";

/** What an oracle fixes at its deployment; times in seconds, thresholds fixed point. */
export interface OracleParameters {
  /** Contract in which operators register the keys by which they sign together. */
  readonly operatorKeys: Hex;
  readonly genesis: bigint;
  readonly epochSeconds: bigint;
  readonly reportDeadlineSeconds: bigint;
  readonly initialThreshold: bigint;
  readonly threshold: ThresholdParameters;
  readonly bounds: SanityBounds;
  /** Age of the latest report, in epochs, from which on the oracle is stale. */
  readonly staleEpochs: bigint;
  readonly tripSeconds: bigint;
}

/** An accepted report, as provers describe it. */
export interface AcceptedReport {
  readonly index: number;
  readonly epoch: number;
  readonly root: Hex;
  readonly threshold: bigint;
  readonly leafCount: number;
  readonly acceptedAt: bigint;
  readonly manifest: Hex;
}

/** The history of one heartbeat oracle. */
export interface OracleReplay {
  apply(event: EventOf<"HeartbeatOracle">): void;
  /** The latest report accepted so far; (0, genesis) before the first. */
  latest(): { readonly index: number; readonly acceptedAt: bigint };
  /** First second in which no people manage it, as of `now`; beyond any time while it is stale. */
  managedUntil(now: bigint): bigint;
  report(index: number): AcceptedReport | undefined;
  /** Operators of the set that signs for an epoch, and who signs for them. */
  operatorsOf(epoch: number): readonly Hex[];
  /** After the last event. */
  end(): void;
}

export interface OracleWorld {
  readonly isLive: (anchor: Hex, time: bigint) => boolean;
  readonly breakers: Pick<BreakerReplay, "announced" | "requireApproved">;
  readonly keyOf: OperatorKeyReplay["keyOf"];
  /** Undefined where that contract is not one of the system. */
  readonly delegateOf: (operator: Hex) => Hex | undefined;
  /** Whether the contract of the operators' keys is one of the system, so that every key is known. */
  readonly keysAreAudited: boolean;
  /** Whether the contract `to` hands reports on to the oracle exactly as it gets them. */
  readonly handsOn: (to: Hex) => boolean;
}

/** The largest time that a contract knows. */
const NEVER = 2n ** 48n - 1n;

type ReportCall = ReturnType<typeof reportCallsIn>[number];

/** Every call in an input by which a report is submitted. */
const reportCallsIn = (input: Hex) => findCallsOf(input, heartbeatOracleAbi, ["submit", "submitAggregate"] as const);

/** Bitmap of the seats that a call says signed. */
const signersIn = (call: ReportCall): bigint => (call.functionName === "submit" ? call.args[1] : call.args[1].signers);

export function replayOracle(
  context: RuleContext,
  parameters: OracleParameters,
  { isLive, breakers, keyOf, delegateOf, keysAreAudited, handsOn }: OracleWorld,
): OracleReplay {
  const reports = new Map<number, AcceptedReport>();
  let threshold = parameters.initialThreshold;
  let last: AcceptedReport | undefined;
  let trippedUntil = 0n;
  /** The trip that the report before has to be followed by. */
  let due: { readonly log: PlacedLog; readonly cause: Hex; readonly anchor: Hex; readonly why: string } | undefined;

  const epochAt = (time: bigint): number =>
    time < parameters.genesis ? 0 : Number((time - parameters.genesis) / parameters.epochSeconds) + 1;

  const sets = replayOperatorSets(context, { isLive, keyOf, delegateOf, epochAt });

  function checkSignatures(
    log: PlacedLog,
    args: EventArgs<"HeartbeatOracle", "ReportAccepted">,
    set: ReplayedOperatorSet,
  ): void {
    const rule = "oracle-report-quorum";
    const { root, configuration, epoch, leafCount, scored, surviving, manifest, signers, cause } = args;
    const report = { configuration, epoch, root, threshold: args.threshold, leafCount, scored, surviving, manifest };
    const place = { chainId: context.chainId, verifyingContract: log.address };
    const digest = hashTypedData({ ...typedDataOf("HeartbeatReport", place), message: report });
    context.requireEqual(rule, log, "the signed digest", digest, cause);
    const seats = seatsOf(signers);
    context.require(seats.length >= set.quorum, rule, log, `${set.quorum} signatures`, `${seats.length} signatures`);
    context.require((signers & set.vacant) === 0n, rule, log, `no seat in ${set.vacant}, as they are vacant`, signers);
    const input = context.transaction(log)?.input ?? "0x";
    const calls = reportCallsIn(input);
    // A relayer may try one way of submitting and then the other.
    const ofEpoch = calls.filter(({ args: [submitted] }) => submitted.epoch === epoch);
    const call = ofEpoch.find((each) => signersIn(each) === signers) ?? ofEpoch[0];
    if (call === undefined) {
      context.unchecked(rule, log, "the signatures do not stand in the transaction's input");
      return;
    }
    const told = context.fromInput(log, handsOn);
    told.requireEqual(rule, log, "signers", signersIn(call), signers);
    if (call.functionName === "submitAggregate") {
      if (!keysAreAudited) {
        context.unchecked(rule, log, "the operators' keys are kept by a contract that is not in the registry");
        return;
      }
      const { s, commitment } = call.args[1];
      const keys = seats.map((seat) => set.keys[seat]).filter((key) => key !== undefined);
      const signature = { s, commitment: commitment.toLowerCase() as Hex };
      // Where one of a set has no key, nothing of it signs together, whoever is absent.
      const isSigned =
        set.keys.every((key) => key !== undefined) &&
        isSignedTogether(keys, aggregateMessage(digest, signers), signature);
      told.require(isSigned, rule, log, `a signature of the seats ${seats.join(", ")} together`, "none");
      return;
    }
    const signatures = compactSignatures(call.args[2]);
    seats.forEach((seat, i) => {
      const signer = set.delegates[seat];
      const signature = signatures[i];
      if (signer === undefined || signature === undefined) {
        told.require(false, rule, log, `an operator and a signature for seat ${seat}`, "none");
        return;
      }
      told.claimSignature({ rule, log, signer, digest, signature });
    });
  }

  /** Why a report has to trip the oracle, in words; undefined where it does not. */
  function excessOf(before: bigint, next: bigint, leavesBefore: number, leaves: number): string | undefined {
    if (movesTooFar(parameters.bounds, before, next)) return `τ moved more than ${parameters.bounds.softStep}`;
    return losesMany(parameters.bounds, leavesBefore, leaves)
      ? `only ${leaves} of ${leavesBefore} leaves are left`
      : undefined;
  }

  function accepted(log: PlacedLog, args: EventArgs<"HeartbeatOracle", "ReportAccepted">): void {
    const { index, epoch, configuration, leafCount, scored, surviving } = args;
    context.requireEqual("oracle-sequence", log, "index", (last?.index ?? 0) + 1, index);
    context.require(
      epoch > (last?.epoch ?? 0),
      "oracle-sequence",
      log,
      `an epoch after ${last?.epoch ?? 0}`,
      `epoch ${epoch}`,
    );
    const opensAt = parameters.genesis + BigInt(epoch) * parameters.epochSeconds;
    const closesAt = opensAt + parameters.reportDeadlineSeconds;
    context.require(
      log.blockTimestamp >= opensAt && log.blockTimestamp < closesAt,
      "oracle-window",
      log,
      `a time in [${opensAt}, ${closesAt})`,
      log.blockTimestamp,
    );
    context.requireEqual("oracle-window", log, "accepted at", log.blockTimestamp, BigInt(args.acceptedAt));
    context.require(
      surviving <= scored && scored <= leafCount,
      "oracle-counters",
      log,
      "surviving ≤ scored ≤ leaves",
      `${surviving}, ${scored}, ${leafCount}`,
    );
    context.requireEqual("oracle-threshold", log, "τ", threshold, args.threshold);
    const counters = { scored: BigInt(scored), surviving: BigInt(surviving) };
    const next = nextThreshold(parameters.threshold, threshold, counters);
    context.requireEqual("oracle-threshold", log, "the next τ", next, args.nextThreshold);

    const set = sets.setFor(epoch);
    context.requireEqual("oracle-report-quorum", log, "configuration", set?.configuration ?? 0, configuration);
    if (set !== undefined) checkSignatures(log, args, set);

    // From here on what the contract recorded counts: one violation is one finding, not one for each later report.
    threshold = args.nextThreshold;
    const why = excessOf(args.threshold, next, last?.leafCount ?? 0, leafCount);
    if (why !== undefined) due = { log, cause: args.cause, anchor: args.anchor, why };
    last = { ...args, acceptedAt: BigInt(args.acceptedAt) };
    reports.set(index, last);
  }

  function tripped(log: PlacedLog, { report, until, cause, anchor }: EventArgs<"HeartbeatOracle", "OracleTripped">) {
    const rule = "safety-trip";
    if (due?.log.transaction === log.transaction && due.cause === cause) {
      context.requireEqual(rule, log, "the operator set's anchor", due.anchor, anchor);
      due = undefined;
    } else {
      const by = breakers.announced(log, log.address);
      const actual = `${cause} by ${anchor}`;
      const expected = by === undefined ? "a report beyond its bounds, or a guardian" : `${by.cause} by ${by.by}`;
      context.require(by?.cause === cause && by.by === anchor, rule, log, expected, actual);
    }
    context.requireEqual(rule, log, "report", last?.index ?? 0, report);
    trippedUntil = log.blockTimestamp + parameters.tripSeconds;
    context.requireEqual(rule, log, "until", trippedUntil, BigInt(until));
  }

  function reset(log: PlacedLog, { cause }: EventArgs<"HeartbeatOracle", "OracleReset">): void {
    const lasts = log.blockTimestamp < trippedUntil;
    context.require(lasts, "safety-reset", log, `a reset before the trip ends at ${trippedUntil}`, log.blockTimestamp);
    breakers.requireApproved(
      log,
      "safety-reset",
      { what: "reset oracle", target: log.address, trip: trippedUntil },
      cause,
    );
    trippedUntil = log.blockTimestamp;
  }

  function requireNothingDue(): void {
    if (due === undefined) return;
    context.require(false, "safety-trip", due.log, `a trip, as ${due.why}`, "none");
    due = undefined;
  }

  return {
    apply(event) {
      const { log, eventName } = event;
      if (eventName !== "OracleTripped" || due?.log.transaction !== log.transaction) requireNothingDue();
      if (eventName === "OperatorSetScheduled") sets.scheduled(log, event.args);
      else sets.requireNothingDue();
      if (eventName === "RulesetScheduled") checkRuleset(context, log, event.args, { isLive, epochAt });
      if (eventName === "OperatorSuspended") sets.suspended(log, event.args);
      if (eventName === "OperatorRotated") sets.rotated(log, event.args);
      if (eventName === "OperatorReinstated") sets.reinstated(log, event.args);
      if (eventName === "ReportAccepted") accepted(log, event.args);
      if (eventName === "OracleTripped") tripped(log, event.args);
      if (eventName === "OracleReset") reset(log, event.args);
    },
    end() {
      requireNothingDue();
      sets.requireNothingDue();
    },
    operatorsOf(epoch) {
      const set = sets.setFor(epoch);
      return set === undefined ? [] : [...set.operators, ...set.delegates];
    },
    latest: () => ({ index: last?.index ?? 0, acceptedAt: last?.acceptedAt ?? parameters.genesis }),
    managedUntil(now) {
      const staleFrom = (last?.acceptedAt ?? parameters.genesis) + parameters.staleEpochs * parameters.epochSeconds;
      return now >= staleFrom ? NEVER : trippedUntil;
    },
    report: (index) => reports.get(index),
  };
}
