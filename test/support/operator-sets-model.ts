/**
 * What operator sets should be after any sequence of calls, written a second time and in another way than the contracts: sets are objects, and
 * the list of valid ones is an array. Names of errors are those of the contracts, without their prefix.
 */
import { secp256k1 } from "@noble/curves/secp256k1.js";

import type { Point, SchnorrKey } from "./schnorr.ts";

export interface ModelSet {
  readonly configuration: number;
  readonly fromEpoch: number;
  readonly operators: readonly string[];
  readonly delegates: readonly string[];
  readonly keys: readonly (SchnorrKey | undefined)[];
  /** Of all keys; undefined where the set signs one by one. */
  readonly sum: Point | undefined;
  readonly vacant: bigint;
}

export const modelAnswers = [
  "done",
  "DelegateSeated",
  "DelegateTaken",
  "EvidenceOutOfTime",
  "NotSeated",
  "NotSuspended",
  "SeatUnchanged",
  "Suspended",
  "SuspendedAlready",
  "VacantSeat",
] as const;
/** What a call ends with. */
export type ModelAnswer = (typeof modelAnswers)[number];

/** What becomes of an operator's seat in a set. */
type Reseat = { readonly set: ModelSet; readonly isChanged: boolean } | "NotSeated" | "DelegateSeated";

const EVIDENCE_EPOCHS = 8;

/** Undefined where an operator has no key, or where the contract's addition meets two points with one x. */
function sumOf(keys: readonly (SchnorrKey | undefined)[]): Point | undefined {
  let sum: Point | undefined;
  for (const key of keys) {
    if (key === undefined) return undefined;
    const point = secp256k1.Point.fromAffine({ x: key.x, y: key.y });
    if (sum?.toAffine().x === key.x) return undefined;
    sum = sum === undefined ? point : sum.add(point);
  }
  return sum;
}

export class OperatorSetsModel {
  running = 0;
  newest = 0;
  readonly #delegates = new Map<string, string>();
  readonly #namedBy = new Map<string, string>();
  readonly #keys = new Map<string, SchnorrKey>();
  readonly #evidenceAfter = new Map<string, number>();
  readonly #out = new Set<string>();
  /** One for each stretch of epochs, ascending. */
  #valid: readonly ModelSet[] = [];

  get latest(): ModelSet | undefined {
    return this.#valid.at(-1);
  }

  get suspended(): readonly string[] {
    return [...this.#out];
  }

  setFor(epoch: number): ModelSet | undefined {
    return this.#valid.findLast(({ fromEpoch }) => fromEpoch <= epoch);
  }

  delegateOf(operator: string): string {
    return this.#delegates.get(operator) ?? operator;
  }

  /** Every delegate that somebody ever named. */
  get named(): readonly string[] {
    return [...this.#namedBy.keys()];
  }

  name(operator: string, delegate: string): ModelAnswer {
    const by = this.#namedBy.get(delegate);
    if (by !== undefined && by !== operator) return "DelegateTaken";
    this.#namedBy.set(delegate, operator);
    this.#delegates.set(operator, delegate);
    return "done";
  }

  register(operator: string, key: SchnorrKey): void {
    this.#keys.set(operator, key);
  }

  schedule(operators: readonly string[], fromEpoch: number): ModelAnswer {
    if (operators.some((operator) => this.#out.has(operator))) return "Suspended";
    const delegates = operators.map((operator) => this.delegateOf(operator));
    if (new Set(delegates).size < delegates.length) return "DelegateSeated";
    const keys = operators.map((operator) => this.#keys.get(operator));
    const kept = Math.min(fromEpoch - 1, this.running + 1);
    this.newest += 1;
    const set = { configuration: this.newest, fromEpoch, operators, delegates, keys, sum: sumOf(keys), vacant: 0n };
    this.#valid = [...this.#valid.filter((each) => each.fromEpoch <= kept), set];
    return "done";
  }

  rotate(operator: string): ModelAnswer {
    if (this.#out.has(operator)) return "Suspended";
    return this.#rewrite((set) => this.#renewed(set, operator));
  }

  /** Two reports of `epoch` that were signed in a seat of the set that signs for it. */
  suspend(epoch: number, seat: number): ModelAnswer {
    const set = this.setFor(epoch);
    const operator = set?.operators[seat];
    if (set === undefined || operator === undefined) throw new RangeError(`no seat ${seat} in epoch ${epoch}`);
    if (this.running - epoch > EVIDENCE_EPOCHS) return "EvidenceOutOfTime";
    if (isVacant(set, seat)) return "VacantSeat";
    if (set.configuration <= (this.#evidenceAfter.get(operator) ?? 0)) return "SuspendedAlready";
    this.#evidenceAfter.set(operator, this.newest);
    this.#out.add(operator);
    this.#rewrite((each) => vacated(each, operator));
    return "done";
  }

  reinstate(operator: string): ModelAnswer {
    if (!this.#out.delete(operator)) return "NotSuspended";
    this.#evidenceAfter.set(operator, this.newest);
    return "done";
  }

  #renewed(set: ModelSet, operator: string): Reseat {
    const seat = seatIn(set, operator);
    if (seat === undefined) return "NotSeated";
    const delegate = this.delegateOf(operator);
    const key = this.#keys.get(operator);
    const hasOtherDelegate = set.delegates[seat] !== delegate;
    if (hasOtherDelegate && set.delegates.includes(delegate)) return "DelegateSeated";
    const hasOtherKey = set.sum !== undefined && (set.keys[seat]?.x !== key?.x || set.keys[seat]?.y !== key?.y);
    const keys = hasOtherKey ? set.keys.with(seat, key) : set.keys;
    return {
      set: {
        ...set,
        keys,
        delegates: set.delegates.with(seat, delegate),
        sum: hasOtherKey ? sumOf(keys) : set.sum,
      },
      isChanged: hasOtherDelegate || hasOtherKey,
    };
  }

  /** Changes the set that signs next and the last one, where they are two. */
  #rewrite(change: (set: ModelSet) => Reseat): ModelAnswer {
    const coming = this.running + 1;
    const next = this.setFor(coming);
    const later = this.#valid.find(({ fromEpoch }) => fromEpoch > coming);
    const [changedNext, changedLater] = [next, later].map((set) => (set === undefined ? "NotSeated" : change(set)));
    const answers = [changedNext, changedLater];
    if (answers.includes("DelegateSeated")) return "DelegateSeated";
    if (answers.every((each) => each === "NotSeated")) return "NotSeated";
    const renewed = [changedNext, changedLater].map((each) =>
      typeof each === "object" && each.isChanged ? each.set : undefined,
    );
    const [renewedNext, renewedLater] = renewed;
    if (renewedNext === undefined && renewedLater === undefined) return "SeatUnchanged";
    const before = this.#valid.filter(({ fromEpoch }) => fromEpoch <= this.running);
    const nextSet = renewedNext === undefined ? [] : [this.#numbered({ ...renewedNext, fromEpoch: coming })];
    const untouched = renewedNext === undefined && next?.fromEpoch === coming ? [next] : [];
    const last = later === undefined ? [] : [this.#numbered(renewedLater ?? later)];
    this.#valid = [...before, ...nextSet, ...untouched, ...last];
    return "done";
  }

  #numbered(set: ModelSet): ModelSet {
    this.newest += 1;
    return { ...set, configuration: this.newest };
  }
}

function isVacant({ vacant }: ModelSet, seat: number): boolean {
  return ((vacant >> BigInt(seat)) & 1n) === 1n;
}

function seatIn(set: ModelSet, operator: string): number | undefined {
  const seat = set.operators.indexOf(operator);
  return seat < 0 || isVacant(set, seat) ? undefined : seat;
}

function vacated(set: ModelSet, operator: string): Reseat {
  const seat = seatIn(set, operator);
  if (seat === undefined) return "NotSeated";
  return { set: { ...set, vacant: set.vacant | (1n << BigInt(seat)) }, isChanged: true };
}
