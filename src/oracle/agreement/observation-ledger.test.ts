import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { committed, observed, operatorNames, revealed } from "../../../test/support/agreement-network.ts";
import { revealHash } from "../observations/reveal.ts";
import { ObservationLedger, revealOf, type HeldReveal } from "./observation-ledger.ts";
import type { MessageOf } from "./message.ts";

const operators = operatorNames(7);
const [first = "0x", second = "0x", third = "0x"] = operators;
const entries = operators.map((operator, index) => ({ operator, value: String(index) }));

function ledgerOf(...messages: readonly (MessageOf<"commitment"> | MessageOf<"observation">)[]): ObservationLedger {
  const ledger = new ObservationLedger();
  for (const message of messages) {
    if (message.kind === "commitment") ledger.recordCommitment(message);
    else ledger.recordReveal(message);
  }
  return ledger;
}

describe("what operators committed to and revealed", () => {
  it("given a commitment and its reveal in either order, both are new, and the operator is consistent", () => {
    const [commitment, reveal] = [committed(first, "1"), observed(first, "1")];
    for (const isCommitmentFirst of [true, false]) {
      const ledger = new ObservationLedger();
      const record = [() => ledger.recordCommitment(commitment), () => ledger.recordReveal(reveal)];
      for (const each of isCommitmentFirst ? record : record.reverse()) expect(each()).toEqual({ status: "new" });
      for (const each of record) expect(each()).toEqual({ status: "known" });
      expect(ledger.consistentReveals().map((each) => each.hash)).toEqual([revealHash(reveal)]);
    }
  });

  it("given a second commitment, it is a conflict of both, a third is not kept, and the operator is left out", () => {
    const ledger = ledgerOf(committed(first, "1"), observed(first, "1"));
    const other = committed(first, "2");
    const conflict = { operator: first, kind: "commitment", first: committed(first, "1").commitment };
    expect(ledger.recordCommitment(other)).toEqual({
      status: "conflict",
      conflict: { ...conflict, second: other.commitment },
    });
    expect(ledger.recordCommitment(committed(first, "3"))).toEqual({ status: "surplus" });
    expect(ledger.consistentReveals()).toEqual([]);
    expect(ledger.commitments()).toEqual([{ operator: first, commitment: conflict.first }]);
  });

  it("given a reveal of something else than was committed to, before or after, it is a conflict of the two commitments", () => {
    const [commitment, reveal] = [committed(first, "1"), observed(first, "2")];
    const implied = committed(first, "2").commitment;
    expect(ledgerOf(commitment).recordReveal(reveal)).toMatchObject({
      status: "conflict",
      conflict: { kind: "commitment", first: commitment.commitment, second: implied },
    });
    expect(ledgerOf(reveal).recordCommitment(commitment)).toMatchObject({
      status: "conflict",
      conflict: { kind: "commitment", first: implied, second: commitment.commitment },
    });
  });

  it("given one observation revealed with two lists of what was heard, it is a conflict, and both can be had by their hashes", () => {
    const [one, two] = [observed(first, "1"), observed(first, "1", [committed(second, "2")])];
    const ledger = ledgerOf(one);
    expect(ledger.recordReveal(two)).toEqual({
      status: "conflict",
      conflict: { operator: first, kind: "observation", first: revealHash(one), second: revealHash(two) },
    });
    for (const each of [one, two]) expect(ledger.reveal(first, revealHash(each))?.message).toBe(each);
    expect(ledger.recordReveal(observed(first, "1", [committed(third, "3")]))).toEqual({ status: "surplus" });
    expect(ledger.consistentReveals()).toEqual([]);
  });

  it("given reveals alone, their operators have committed, but were not heard to", () => {
    const ledger = ledgerOf(observed(second, "1"), committed(first, "0"));
    expect([...ledger.committers()].sort()).toEqual([first, second]);
    expect(ledger.commitments().map((each) => each.operator)).toEqual([first]);
  });

  it("given everybody's reveal, it is complete; not while one is missing, or says that it heard another commitment", () => {
    const reveals = revealed(entries);
    expect(ledgerOf(...reveals).isComplete(operators)).toBe(true);
    expect(ledgerOf(...reveals.slice(1)).isComplete(operators)).toBe(false);
    expect(ledgerOf(...reveals.slice(1)).isComplete(operators.slice(1))).toBe(false); // the first was heard, and may come
    const [, ...others] = reveals;
    const misled = observed(first, "0", [committed(first, "0"), committed(second, "another value")]);
    expect(ledgerOf(misled, ...others).isComplete(operators)).toBe(false);
  });

  it("given an operator that is known to contradict itself, nobody waits for it", () => {
    const reveals = revealed(entries.slice(0, 6));
    const last = operators[6] ?? "0x";
    expect(ledgerOf(...reveals, committed(last, "1")).isComplete(operators)).toBe(false);
    expect(ledgerOf(...reveals, committed(last, "1"), committed(last, "2")).isComplete(operators)).toBe(true);
  });
});

describe("the rule of hearing", () => {
  const faults = 2;
  const heardInTime = (reveals: readonly MessageOf<"observation">[]): readonly string[] =>
    new ObservationLedger().heardInTime(reveals.map(revealOf), faults).map(({ message }) => message.operator);
  /** Everybody hears the first six; the last is heard by itself and so many others. */
  const lastHeardBy = (count: number) =>
    entries.map(({ operator, value }, index) => {
      const heard = entries.slice(0, index < count || index === 6 ? 7 : 6);
      return observed(
        operator,
        value,
        heard.map((each) => committed(each.operator, each.value)),
      );
    });

  it("given one that f heard, itself among them, it is left out; given f + 1, it is taken", () => {
    expect(heardInTime(lastHeardBy(1))).toEqual(operators.slice(0, 6));
    expect(heardInTime(lastHeardBy(2))).toEqual(operators);
  });

  it("given that another commitment of it was heard than the one that it opened, it is left out", () => {
    const reveals = lastHeardBy(6).slice(0, 6);
    expect(heardInTime([...reveals, observed(operators[6] ?? "0x", "a copied value")])).toEqual(operators.slice(0, 6));
  });

  it("given one that lives by the support of who is left out, it is left out as well", () => {
    const hear = (operator: number, others: readonly number[]) => {
      const heard = others.map((each) => committed(operators[each] ?? "0x", String(each)));
      return observed(operators[operator] ?? "0x", String(operator), heard);
    };
    const base = [0, 1, 2, 3];
    const reveals = [
      ...base.map((each) => hear(each, each === 0 ? [...base, 4] : base)),
      hear(4, [4, 5]),
      hear(5, [4, 5, 6]), // 4 has three, 5 and 6 two at most: then 4 has two
      hear(6, [6]),
    ];
    expect(heardInTime(reveals)).toEqual(operators.slice(0, 4));
  });

  it("given an operator that names one commitment several times, it counts once", () => {
    const twice = [...entries, ...entries].map((each) => committed(each.operator, each.value));
    expect(heardInTime([observed(first, "0", twice), observed(second, "1", twice)])).toEqual([]);
  });

  it("given any lists, what remains supports itself, is the largest such part, and is found again in each larger one", () => {
    const lists = fc.array(fc.subarray(operators), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(lists, fc.subarray(operators), (heardBy, part) => {
        const all = operators.map((operator, index) => {
          const heard = (heardBy[index] ?? []).map((each) => committed(each, "1"));
          return revealOf(observed(operator, "1", heard));
        });
        const ledger = new ObservationLedger();
        const supports = (reveals: readonly HeldReveal[]): boolean =>
          reveals.every(
            ({ message, commitment }) =>
              reveals.filter((each) =>
                each.message.heard.some((one) => one.operator === message.operator && one.commitment === commitment),
              ).length > faults,
          );
        const found = ledger.heardInTime(all, faults);
        expect(supports(found)).toBe(true);
        const chosen = all.filter(({ message }) => part.includes(message.operator));
        if (supports(chosen)) expect(chosen.every((each) => found.includes(each))).toBe(true);
        const ofPart = ledger.heardInTime(chosen, faults);
        expect(ofPart.every((each) => found.includes(each))).toBe(true);
      }),
    );
  });
});
