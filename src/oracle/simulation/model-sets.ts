import type { Hex } from "../../core/hex.ts";
import { EVIDENCE_EPOCHS, reportQuorum, toleratedFaults } from "../../org/quorum.ts";
import { closedEpoch, type EpochCalendar } from "../epochs/epoch-clock.ts";
import type { OperatorSet } from "../epochs/oracle-chain.ts";
import type { Report } from "../scoring/evaluate-epoch.ts";
import type { DoubleSigning } from "../suspension/double-signing.ts";

export interface ModelSetsTerms {
  readonly calendar: EpochCalendar;
  /** Operators by name, ascending: the first set, which signs from the first epoch on, has a seat for each. */
  readonly names: readonly Hex[];
  /** A defect, to see that it is found: how much lower than the rule every set's quorum is. */
  readonly quorumTooLowBy?: number | undefined;
  readonly digestOf: (report: Report) => Hex;
  /** Whether 64 bytes are the signer's signature of a digest. */
  readonly isSignature: (signer: Hex, digest: Hex, signature: Hex) => boolean;
}

/** The errors of `OperatorSets.suspend`, without `HeartbeatOracle`, in the order in which it looks for them. */
export type SuspensionRefusal =
  | "NoContradiction"
  | "EvidenceOutOfTime"
  | "WrongConfiguration"
  | "UnknownSeat"
  | "VacantSeat"
  | "InvalidSignatureLength"
  | "InvalidSignature"
  | "SuspendedAlready";

/** The errors of `OperatorSets.rotate`, in its order; one that only a delegate in two seats gives is left out. */
export type RotationRefusal = "Suspended" | "NotSeated" | "SeatUnchanged";

export type SuspensionAnswer =
  | { readonly accepted: true; readonly name: Hex; readonly signer: Hex; readonly epoch: number }
  | { readonly accepted: false; readonly reason: SuspensionRefusal };

/** What is brought before `OperatorSets.suspend`. */
export type SuspensionCall = Omit<DoubleSigning, "operator">;

interface Table {
  readonly set: OperatorSet;
  readonly fromEpoch: number;
  /** The configuration that signs before it. */
  readonly previous: number;
}

const SIGNATURE_CHARACTERS = 2 + 128;

/**
 * Who signs the reports of which epoch, as `OperatorSets` keeps it: a table for each set, which never changes and leads to the one before it;
 * a suspension writes the set that signs from the next epoch on anew. Sets are scheduled for the next epoch only.
 */
export class ModelSets {
  readonly #terms: ModelSetsTerms;
  /** By configuration, from 1. */
  readonly #tables: Table[] = [];
  /** Who signs for a name, where it is another address. */
  readonly #delegates = new Map<Hex, Hex>();
  readonly #suspensions = new Map<Hex, { readonly evidenceAfter: number; readonly isOut: boolean }>();

  constructor(terms: ModelSetsTerms) {
    this.#terms = terms;
    this.#write(this.#seated(terms.names), 1, 0);
  }

  /** The newest configuration: with it {@link find} answers what the chain answered when it was. */
  get newest(): number {
    return this.#tables.length;
  }

  /** Who is suspended. */
  get out(): readonly Hex[] {
    return [...this.#suspensions].filter(([, { isOut }]) => isOut).map(([name]) => name);
  }

  /** The set that signs for an epoch, from 1. */
  find(epoch: number, newest = this.newest): OperatorSet {
    return this.#find(epoch, newest).set;
  }

  /** Takes the seat of who signed two reports of an epoch, from the next epoch on. Quorum and tolerated faults stay. */
  suspend(call: SuspensionCall, chainSeconds: number): SuspensionAnswer {
    const reason = this.refusalOf(call, chainSeconds);
    if (reason !== undefined) return { accepted: false, reason };
    const { epoch } = call.report;
    const { names, seats } = this.find(epoch);
    const [name, signer] = [names[call.seat], seats[call.seat]];
    if (name === undefined || signer === undefined) throw new TypeError("the seat was looked at");
    this.#suspensions.set(name, { evidenceAfter: this.newest, isOut: true });
    this.#vacate(name, chainSeconds);
    return { accepted: true, name, signer, epoch };
  }

  /** Names who signs for an operator from its next rotation, or the next set with it, on. */
  delegate(name: Hex, delegate: Hex): void {
    this.#delegates.set(name, delegate);
  }

  /** Seats the delegate that an operator has now, from the next epoch on. Undefined where that is done. */
  rotate(name: Hex, chainSeconds: number): RotationRefusal | undefined {
    if (this.out.includes(name)) return "Suspended";
    const coming = this.#runningEpoch(chainSeconds) + 1;
    const { set, fromEpoch, previous } = this.#find(coming, this.newest);
    const seat = set.names.indexOf(name);
    const signer = set.seats[seat];
    if (signer === undefined || !set.operators.includes(signer)) return "NotSeated";
    const delegate = this.#delegates.get(name) ?? name;
    if (signer === delegate) return "SeatUnchanged";
    const renew = (each: Hex): Hex => (each === signer ? delegate : each);
    const renewed = { ...set, seats: set.seats.map(renew), operators: set.operators.map(renew) };
    this.#write(renewed, coming, fromEpoch < coming ? set.configuration : previous);
    return undefined;
  }

  /**
   * What an office does about who is out: reinstates everybody, and schedules the full set for the next epoch.
   * @returns Whom it reinstated.
   */
  reinstateAll(chainSeconds: number): readonly Hex[] {
    const reinstated = this.out;
    if (reinstated.length === 0) return [];
    for (const name of reinstated) this.#suspensions.set(name, { evidenceAfter: this.newest, isOut: false });
    const running = this.#runningEpoch(chainSeconds);
    this.#write(this.#seated(this.#terms.names), running + 1, this.#find(running, this.newest).set.configuration);
    return reinstated;
  }

  /** Why a suspension would be refused; undefined where it would not. */
  refusalOf(call: SuspensionCall, chainSeconds: number): SuspensionRefusal | undefined {
    const { digestOf, isSignature } = this.#terms;
    const { report, other, seat, signature, otherSignature } = call;
    const [digest, otherDigest] = [digestOf(report), digestOf(other)];
    const { configuration, epoch } = report;
    if (configuration !== other.configuration || epoch !== other.epoch || digest === otherDigest) {
      return "NoContradiction";
    }
    const running = this.#runningEpoch(chainSeconds);
    if (epoch > running || running - epoch > EVIDENCE_EPOCHS) return "EvidenceOutOfTime";
    const set = this.find(epoch);
    if (configuration !== set.configuration) return "WrongConfiguration";
    const signer = set.seats[seat];
    if (signer === undefined) return "UnknownSeat";
    if (!set.operators.includes(signer)) return "VacantSeat";
    if ([signature, otherSignature].some((each) => each.length !== SIGNATURE_CHARACTERS))
      return "InvalidSignatureLength";
    if (!isSignature(signer, digest, signature) || !isSignature(signer, otherDigest, otherSignature))
      return "InvalidSignature";
    const name = set.names[seat];
    const before = name === undefined ? undefined : this.#suspensions.get(name);
    return before !== undefined && configuration <= before.evidenceAfter ? "SuspendedAlready" : undefined;
  }

  #vacate(name: Hex, chainSeconds: number): void {
    const coming = this.#runningEpoch(chainSeconds) + 1;
    const { set, fromEpoch, previous } = this.#find(coming, this.newest);
    const signer = set.seats[set.names.indexOf(name)];
    if (signer === undefined || !set.operators.includes(signer)) return; // it stays out
    const operators = set.operators.filter((each) => each !== signer);
    this.#write({ ...set, operators }, coming, fromEpoch < coming ? set.configuration : previous);
  }

  #write(set: Omit<OperatorSet, "configuration">, fromEpoch: number, previous: number): void {
    this.#tables.push({ set: { ...set, configuration: this.newest + 1 }, fromEpoch, previous });
  }

  #seated(names: readonly Hex[]): Omit<OperatorSet, "configuration"> {
    const { length: count } = names;
    const quorum = reportQuorum(count) - (this.#terms.quorumTooLowBy ?? 0);
    const seats = names.map((name) => this.#delegates.get(name) ?? name);
    return { faults: toleratedFaults(count), quorum, operators: seats, seats, names };
  }

  #find(epoch: number, newest: number): Table {
    let table = this.#tables[newest - 1];
    while (table !== undefined && table.fromEpoch > epoch) table = this.#tables[table.previous - 1];
    if (table === undefined) throw new RangeError(`no set signs for epoch ${epoch}`);
    return table;
  }

  #runningEpoch(chainSeconds: number): number {
    return closedEpoch(this.#terms.calendar, chainSeconds) + 1;
  }
}
