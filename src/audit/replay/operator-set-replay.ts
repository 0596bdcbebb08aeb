import { hashTypedData } from "viem";
import { heartbeatOracleAbi } from "../../chain/abi.ts";
import { addUp, type OperatorKey } from "../../chain/signature/aggregate-signature.ts";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf } from "../../core/signing/typed-data.ts";
import { EVIDENCE_EPOCHS, reportQuorum, toleratedFaults } from "../../org/quorum.ts";
import type { EventArgs } from "./audited-event.ts";
import { findCalls } from "./find-calls.ts";
import type { OperatorKeyReplay } from "./operator-key-replay.ts";
import type { RuleContext } from "./rule-context.ts";
import type { PlacedLog } from "../reader/verified-block.ts";

/** A set of operators, as the contract wrote it. */
export interface ReplayedOperatorSet {
  readonly configuration: number;
  readonly previous: number;
  readonly fromEpoch: number;
  readonly quorum: number;
  /** Names, in seat order. */
  readonly operators: readonly Hex[];
  /** Whose signatures count, in seat order. */
  readonly delegates: readonly Hex[];
  /** Bitmap of the seats of suspended operators. */
  readonly vacant: bigint;
  readonly anchor: Hex;
  /** Keys that its members had when it was written, in seat order. */
  readonly keys: readonly (OperatorKey | undefined)[];
}

const unknownKeys = "the operators' delegates and keys are kept by a contract that is not in the registry";

/** By which a set is written anew. */
type CopyRule = "oracle-suspension" | "oracle-rotation";

/** The history of an oracle's operator sets. */
export interface OperatorSetReplay {
  scheduled(log: PlacedLog, args: EventArgs<"HeartbeatOracle", "OperatorSetScheduled">): void;
  suspended(log: PlacedLog, args: EventArgs<"HeartbeatOracle", "OperatorSuspended">): void;
  rotated(log: PlacedLog, args: EventArgs<"HeartbeatOracle", "OperatorRotated">): void;
  reinstated(log: PlacedLog, args: EventArgs<"HeartbeatOracle", "OperatorReinstated">): void;
  /** The one set that signs for `epoch`. */
  setFor(epoch: number): ReplayedOperatorSet | undefined;
  /** Before any other event, and after the last: every set that a suspension or a rotation has to make was made. */
  requireNothingDue(): void;
}

interface OperatorSetWorld {
  readonly isLive: (anchor: Hex, time: bigint) => boolean;
  readonly keyOf: OperatorKeyReplay["keyOf"];
  /** Undefined where the contract of the operators' keys is not audited. */
  readonly delegateOf: (operator: Hex) => Hex | undefined;
  /** The epoch that is running at a time. */
  readonly epochAt: (time: bigint) => number;
}

export function replayOperatorSets(
  context: RuleContext,
  { isLive, keyOf, delegateOf, epochAt }: OperatorSetWorld,
): OperatorSetReplay {
  const sets = new Map<number, ReplayedOperatorSet>();
  /** What an operator signed in this set, or an earlier one, is no evidence any more. */
  const evidenceAfter = new Map<Hex, number>();
  /** Suspended, and not reinstated since. */
  const out = new Set<Hex>();
  let newest = 0;
  /** The epoch after that of the last suspension or rotation. */
  /** Sets that the last suspension or rotation has to be followed by, in order. */
  let due: readonly (ReplayedOperatorSet & {
    readonly log: PlacedLog;
    readonly cause: Hex;
    readonly rule: CopyRule;
  })[] = [];

  /** Looked for from the newest back, as replaced ones drop out of that list. */
  const setFor = (epoch: number): ReplayedOperatorSet | undefined => {
    let set = sets.get(newest);
    while (set !== undefined && set.fromEpoch > epoch) set = sets.get(set.previous);
    return set;
  };

  function keep(set: ReplayedOperatorSet): void {
    sets.set(set.configuration, set);
    newest = set.configuration;
  }

  function scheduled(log: PlacedLog, args: EventArgs<"HeartbeatOracle", "OperatorSetScheduled">): void {
    const { configuration, fromEpoch, operators, delegates, faults, quorum, vacant, anchor } = args;
    const [copy, ...rest] = due;
    const rule = "oracle-operator-set";
    context.requireEqual(rule, log, "configuration", newest + 1, configuration);
    context.requireEqual(rule, log, "faults", toleratedFaults(operators.length), faults);
    context.requireEqual(rule, log, "quorum", reportQuorum(operators.length), quorum);
    if (copy !== undefined) {
      due = rest;
      context.requireEqual(rule, log, "first epoch", copy.fromEpoch, fromEpoch);
      context.requireEqual(rule, log, "operators", copy.operators.join(", "), operators.join(", "));
      context.requireEqual("oracle-rotation", log, "delegates", copy.delegates.join(", "), delegates.join(", "));
      context.requireEqual("oracle-suspension", log, "vacant seats", copy.vacant, vacant);
      context.requireEqual(rule, log, "anchor", copy.anchor, anchor);
      context.requireEqual(copy.rule, log, "cause", copy.cause, args.cause);
      keep({ ...copy, configuration });
      return;
    }
    const running = epochAt(log.blockTimestamp);
    context.require(fromEpoch > running, rule, log, `an epoch after ${running}`, `epoch ${fromEpoch}`);
    context.require(
      operators.every((operator, i) => i === 0 || (operators[i - 1] ?? "") < operator),
      rule,
      log,
      "ascending operators",
      operators.join(", "),
    );
    const suspendedOnes = operators.filter((operator) => out.has(operator)).join(", ");
    context.requireEqual("oracle-suspension", log, "suspended operators in the set", "", suspendedOnes);
    context.requireEqual("oracle-suspension", log, "vacant seats", 0n, vacant);
    context.require(isLive(anchor, log.blockTimestamp), rule, log, "a live anchor", anchor);
    const signers = operators.map(delegateOf);
    if (signers.includes(undefined)) context.unchecked("oracle-rotation", log, unknownKeys);
    else context.requireEqual("oracle-rotation", log, "delegates", signers.join(", "), delegates.join(", "));
    const isDistinct = new Set(delegates).size === delegates.length;
    context.require(isDistinct, "oracle-rotation", log, "a delegate for each seat", delegates.join(", "));
    // What a suspension or a rotation wrote for the next epoch is only replaced by a set for that epoch.
    const kept = fromEpoch > running + 1 ? running + 1 : running;
    const previous = setFor(kept)?.configuration ?? 0;
    const keys = operators.map(keyOf);
    keep({
      ...{ configuration, previous, fromEpoch, operators, delegates, anchor, keys },
      vacant: 0n,
      quorum: reportQuorum(operators.length),
    });
  }

  function suspended(log: PlacedLog, args: EventArgs<"HeartbeatOracle", "OperatorSuspended">): void {
    const rule = "oracle-suspension";
    const { operator, configuration, anchor, cause } = args;
    const before = evidenceAfter.get(operator) ?? 0;
    context.require(configuration > before, rule, log, `evidence of a set after ${before}`, `of set ${configuration}`);
    evidenceAfter.set(operator, newest);
    out.add(operator);
    checkEvidence(log, args);

    rewrite(log, { rule, anchor, cause }, (set) => {
      const seat = seatIn(set, operator);
      return seat === -1 ? undefined : { ...set, vacant: set.vacant | (1n << BigInt(seat)) };
    });
  }

  function rotated(log: PlacedLog, args: EventArgs<"HeartbeatOracle", "OperatorRotated">): void {
    const rule = "oracle-rotation";
    const { operator, delegate, anchor, cause } = args;
    context.require(!out.has(operator), rule, log, "an operator that is not suspended", operator);
    const named = delegateOf(operator);
    if (named === undefined) context.unchecked(rule, log, unknownKeys);
    else context.requireEqual(rule, log, "delegate", named, delegate);
    const key = keyOf(operator);
    const changed = rewrite(log, { rule, anchor, cause }, (set) => {
      const seat = seatIn(set, operator);
      if (seat === -1) return undefined;
      // A set that signs one by one has no keys to take another one among.
      const signsTogether = addUp(set.keys);
      const isOtherKey =
        named === undefined || (signsTogether && (set.keys[seat]?.x !== key?.x || set.keys[seat]?.y !== key?.y));
      if (set.delegates[seat] === delegate && !isOtherKey) return undefined;
      context.require(
        set.delegates.every((each, at) => at === seat || each !== delegate),
        ...([rule, log, "a delegate without another seat", delegate] as const),
      );
      return {
        ...set,
        delegates: set.delegates.with(seat, delegate),
        keys: isOtherKey ? set.keys.with(seat, key) : set.keys,
      };
    });
    context.require(changed, rule, log, "a seat with another delegate or key", "none");
  }

  /**
   * Expects the sets that sign from the next epoch on anew, where `change` answers another one, and one that is scheduled for later behind a
   * changed one. Answers whether there is any.
   */
  function rewrite(
    log: PlacedLog,
    { rule, anchor, cause }: { readonly rule: CopyRule; readonly anchor: Hex; readonly cause: Hex },
    change: (set: ReplayedOperatorSet) => ReplayedOperatorSet | undefined,
  ): boolean {
    const coming = epochAt(log.blockTimestamp) + 1;
    const active = setFor(coming);
    const later = sets.get(newest);
    context.requireEqual(rule, log, "anchor", (active ?? later)?.anchor ?? `0x${"0".repeat(40)}`, anchor);
    const changed = active === undefined ? undefined : change(active);
    const copies: ReplayedOperatorSet[] = [];
    if (active !== undefined && changed !== undefined) {
      const previous = active.fromEpoch < coming ? active.configuration : active.previous;
      copies.push({ ...changed, previous, fromEpoch: coming });
    }
    if (later !== undefined && later !== active) {
      const changedLater = change(later);
      if (changed !== undefined) copies.push({ ...(changedLater ?? later), previous: newest + 1 });
      else if (changedLater !== undefined) copies.push(changedLater);
    }
    due = copies.map((copy) => ({ ...copy, log, cause, rule }));
    return copies.length > 0;
  }

  function reinstated(log: PlacedLog, args: EventArgs<"HeartbeatOracle", "OperatorReinstated">): void {
    const rule = "oracle-suspension";
    const { operator, configuration, anchor } = args;
    context.require(out.delete(operator), rule, log, `a suspension of ${operator}`, "none");
    context.requireEqual(rule, log, "the newest set", newest, configuration);
    context.require(isLive(anchor, log.blockTimestamp), rule, log, "a live anchor", anchor);
    evidenceAfter.set(operator, newest);
  }

  function checkEvidence(log: PlacedLog, args: EventArgs<"HeartbeatOracle", "OperatorSuspended">): void {
    const rule = "oracle-suspension";
    const { operator, configuration, epoch, other, cause } = args;
    context.require(other !== cause, rule, log, "two reports", "one");
    const age = epochAt(log.blockTimestamp) - epoch;
    context.require(age >= 0 && age <= EVIDENCE_EPOCHS, rule, log, `an epoch of the last ${EVIDENCE_EPOCHS}`, epoch);
    const signing = setFor(epoch);
    context.requireEqual(rule, log, "the set of the epoch", signing?.configuration ?? 0, configuration);
    const isSeated = signing !== undefined && seatIn(signing, operator) !== -1;
    context.require(isSeated, rule, log, `a seat of ${operator} in the set of the epoch`, "none, or a vacant one");
    const place = { chainId: context.chainId, verifyingContract: log.address };
    const calls = findCalls(context.transaction(log)?.input ?? "0x", heartbeatOracleAbi, "suspend").map(
      ([report, otherReport, seat, signature, otherSignature]) => ({
        reports: [report, otherReport],
        digests: [report, otherReport].map((message) =>
          hashTypedData({ ...typedDataOf("HeartbeatReport", place), message }),
        ),
        seat,
        signatures: [signature, otherSignature],
      }),
    );
    const told = context.fromInput(log);
    const call = calls.find(({ digests }) => digests[0] === cause && digests[1] === other);
    if (call === undefined) {
      if (calls.length === 0) context.unchecked(rule, log, "the reports do not stand in the transaction's input");
      else told.require(false, rule, log, `reports with the digests ${cause} and ${other}`, "others");
      return;
    }
    for (const report of call.reports) {
      told.requireEqual(rule, log, "the set of a report", configuration, report.configuration);
      told.requireEqual(rule, log, "the epoch of a report", epoch, report.epoch);
    }
    const set = sets.get(configuration);
    told.requireEqual(rule, log, "who sits there", set?.operators[call.seat], operator);
    const signer = set?.delegates[call.seat] ?? operator;
    for (const [i, signature] of call.signatures.entries()) {
      told.claimSignature({ rule, log, signer, digest: call.digests[i] ?? "0x", signature });
    }
  }

  return {
    scheduled,
    suspended,
    rotated,
    reinstated,
    setFor,
    requireNothingDue() {
      for (const { log, configuration, rule } of due) {
        context.require(false, rule, log, `a set in the place of ${configuration}`, "none");
      }
      due = [];
    },
  };
}

/** The operator's seat; −1 where it has none, or its seat is vacant. */
function seatIn({ operators, vacant }: ReplayedOperatorSet, operator: Hex): number {
  const seat = operators.indexOf(operator);
  return seat === -1 || ((vacant >> BigInt(seat)) & 1n) === 1n ? -1 : seat;
}
