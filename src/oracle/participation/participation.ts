import type { Hex } from "../../core/hex.ts";
import type { ToldCommitment } from "./told-commitments.ts";

/** A set of operators as the contract's event states it; addresses in lower case, in seat order. Operators are names. */
export interface ScheduledSet {
  readonly configuration: number;
  readonly operators: readonly Hex[];
  /** Who signed for each: by what evidence knows it. */
  readonly delegates: readonly Hex[];
  /** Bitmap of the seats of suspended operators. */
  readonly vacant: bigint;
}

/** An accepted report as far as it says who was there. */
export interface SignedEpoch {
  readonly epoch: number;
  readonly configuration: number;
  /** Bitmap of the seats whose signatures the submitter packed. */
  readonly signers: bigint;
  /** Account that paid for the submission. */
  readonly submitter: Hex;
}

export interface Suspension {
  readonly operator: Hex;
  /** For which it signed two reports. */
  readonly epoch: number;
}

/** What the chain records of the epochs that are asked about. */
export interface ChainRecord {
  readonly from: number;
  readonly to: number;
  readonly sets: readonly ScheduledSet[];
  /** Of these epochs, ascending. */
  readonly reports: readonly SignedEpoch[];
  readonly suspensions: readonly Suspension[];
}

/** What one operator holds of how an accepted report came about. */
export interface EpochEvidence {
  readonly epoch: number;
  /** Delegates whose signature of the accepted report it holds. */
  readonly signed: readonly Hex[];
  /** Of delegates that committed to an observation. */
  readonly commitments: readonly ToldCommitment[];
  /** Delegates of the inclusion set, with how many readings each stated, and how many of them are not what was agreed. */
  readonly included: readonly { readonly operator: Hex; readonly readings: number; readonly deviating: number }[];
}

export interface Absence {
  /** Reports in a row without this operator's signature in them. */
  readonly reports: number;
  readonly fromEpoch: number;
  readonly toEpoch: number;
}

/** Of how many epochs evidence was at hand, and what it says of one operator. */
export interface Agreement {
  readonly epochs: number;
  /** Epochs in whose report its signature is, or of whose report the evidence holds one. */
  readonly signed: number;
  /** Epochs in which its commitment was heard in time, and in which it committed and was not. */
  readonly committedInTime: number;
  readonly committedLate: number;
  /** Epochs in which it showed what it had committed to, in time or not, and in which it committed in time and did not. */
  readonly revealed: number;
  readonly withheld: number;
  readonly included: number;
  readonly readings: number;
  readonly deviating: number;
}

export interface OperatorParticipation {
  readonly operator: Hex;
  /** Its seats, in the order of the sets. */
  readonly seats: readonly { readonly configuration: number; readonly seat: number }[];
  /** Accepted reports in whose epoch it had a seat that was not vacant. */
  readonly due: number;
  /** Of these, those that carry its signature. A report carries a quorum, not all: a lower bound of what it signed. */
  readonly signed: number;
  /** `signed / due` in basis points, rounded down; null where none was due. */
  readonly shareBps: number | null;
  readonly longestAbsence: Absence | null;
  readonly suspensions: readonly number[];
  /** Null where no evidence of an epoch with its seat was at hand. */
  readonly agreement: Agreement | null;
}

export interface Participation {
  readonly from: number;
  readonly to: number;
  readonly accepted: number;
  /** Epochs without an accepted report. */
  readonly skipped: number;
  /** Seats of the first set first. */
  readonly operators: readonly OperatorParticipation[];
  /** Accounts that submitted, the most reports first: gas keys, which the chain ties to no seat. */
  readonly submitters: readonly { readonly account: Hex; readonly reports: number }[];
}

/** Who took part, in exact integers. Pure. */
export function participation(record: ChainRecord, evidence: readonly EpochEvidence[] = []): Participation {
  const { from, to, reports, suspensions } = record;
  const sets = new Map(record.sets.map((set) => [set.configuration, set]));
  const held = new Map(evidence.map((each) => [each.epoch, each]));
  const used = new Set(reports.map(({ configuration }) => configuration));
  const inUse = record.sets.filter(({ configuration }) => used.has(configuration));
  const members = [...new Set(inUse.flatMap(({ operators }) => operators))];

  const operators = members.map((operator): OperatorParticipation => {
    const seats = inUse.flatMap(({ configuration, operators: each }) => {
      const seat = each.indexOf(operator);
      return seat === -1 ? [] : [{ configuration, seat }];
    });
    const due = reports.flatMap((report) => {
      const set = sets.get(report.configuration);
      const bit = bitOf(set, operator);
      if (bit === 0n) return [];
      return [{ epoch: report.epoch, signed: (report.signers & bit) !== 0n, delegate: delegateOf(set, operator) }];
    });
    const signed = due.filter((each) => each.signed).length;
    return {
      operator,
      seats,
      due: due.length,
      signed,
      shareBps: due.length === 0 ? null : Math.floor((signed * 10_000) / due.length),
      longestAbsence: longestAbsence(due),
      suspensions: suspensions.filter((each) => each.operator === operator).map(({ epoch }) => epoch),
      agreement: agreementOf(
        due.flatMap(({ epoch, signed: isInReport, delegate }) => {
          const each = held.get(epoch);
          return each === undefined ? [] : [{ isInReport, delegate, ...each }];
        }),
      ),
    };
  });
  const submitted = new Map<Hex, number>();
  for (const { submitter } of reports) submitted.set(submitter, (submitted.get(submitter) ?? 0) + 1);
  return {
    from,
    to,
    accepted: reports.length,
    skipped: Math.max(to - from + 1 - reports.length, 0),
    operators,
    submitters: [...submitted]
      .map(([account, count]) => ({ account, reports: count }))
      .sort((a, b) => b.reports - a.reports || (a.account < b.account ? -1 : 1)),
  };
}

/** Bit of the operator's seat; 0 where it has none, or its seat is vacant. */
function bitOf(set: ScheduledSet | undefined, operator: Hex): bigint {
  const seat = set?.operators.indexOf(operator) ?? -1;
  return set === undefined || seat === -1 ? 0n : (1n << BigInt(seat)) & ~set.vacant;
}

/** Who signed for the operator in this set. */
function delegateOf(set: ScheduledSet | undefined, operator: Hex): Hex | undefined {
  return set?.delegates[set.operators.indexOf(operator)];
}

/** The first of the longest runs without a signature. */
function longestAbsence(due: readonly { readonly epoch: number; readonly signed: boolean }[]): Absence | null {
  let longest: Absence | null = null;
  let running: Absence | undefined;
  for (const { epoch, signed } of due) {
    if (signed) {
      running = undefined;
      continue;
    }
    running =
      running === undefined
        ? { reports: 1, fromEpoch: epoch, toEpoch: epoch }
        : { ...running, reports: running.reports + 1, toEpoch: epoch };
    if (longest === null || running.reports > longest.reports) longest = running;
  }
  return longest;
}

function agreementOf(
  evidence: readonly (EpochEvidence & { readonly isInReport: boolean; readonly delegate: Hex | undefined })[],
): Agreement | null {
  if (evidence.length === 0) return null;
  const included = evidence.flatMap((each) => each.included.filter((entry) => entry.operator === each.delegate));
  const commitments = evidence.flatMap((each) => each.commitments.filter(({ operator }) => operator === each.delegate));
  const sum = (of: (entry: (typeof included)[number]) => number): number =>
    included.reduce((total, entry) => total + of(entry), 0);
  return {
    epochs: evidence.length,
    signed: evidence.filter((each) => each.isInReport || each.signed.some((by) => by === each.delegate)).length,
    committedInTime: commitments.filter((each) => each.isInTime).length,
    committedLate: commitments.filter((each) => !each.isInTime).length,
    revealed: commitments.filter((each) => each.isRevealed).length,
    withheld: commitments.filter((each) => each.isInTime && !each.isRevealed).length,
    included: included.length,
    readings: sum((entry) => entry.readings),
    deviating: sum((entry) => entry.deviating),
  };
}
