import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { participation, type ChainRecord, type SignedEpoch } from "./participation.ts";

const operator = (digit: string): Hex => `0x${digit.repeat(40)}`;
const [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map(operator) as [Hex, Hex, Hex, Hex, Hex];
const gas = operator("1");

const report = (epoch: number, signers: bigint, configuration = 1, submitter = gas): SignedEpoch => ({
  epoch,
  configuration,
  signers,
  submitter,
});

/** A set whose operators sign for themselves. */
const scheduled = (configuration: number, operators: readonly Hex[], vacant: bigint, delegates = operators) => ({
  ...{ configuration, operators, delegates, vacant },
});

function record(changes: Partial<ChainRecord>): ChainRecord {
  const sets = [scheduled(1, [a, b, c, d], 0n)];
  return { from: 1, to: 10, sets, reports: [], suspensions: [], ...changes };
}

const of = (found: ReturnType<typeof participation>, who: Hex) => found.operators.find((each) => each.operator === who);

describe("participation", () => {
  it("given reports, it counts who is in how many of those that were due, in basis points rounded down", () => {
    const found = participation(record({ reports: [report(1, 0b0111n), report(2, 0b1110n), report(4, 0b0111n)] }));
    expect(found).toMatchObject({ accepted: 3, skipped: 7 });
    expect(found.operators.map(({ operator: who, signed, due, shareBps }) => [who, signed, due, shareBps])).toEqual([
      [a, 2, 3, 6_666],
      [b, 3, 3, 10_000],
      [c, 3, 3, 10_000],
      [d, 1, 3, 3_333],
    ]);
  });

  it("given absences, the first of the longest is named by its epochs; an epoch without a report interrupts none", () => {
    const there = 0b1111n;
    const away = 0b1110n;
    const reports = [away, there, away, away, there, away, away].map((signers, i) => report(2 * i + 1, signers));
    const found = participation(record({ reports }));
    expect(of(found, a)?.longestAbsence).toEqual({ reports: 2, fromEpoch: 5, toEpoch: 7 });
    expect(of(found, b)?.longestAbsence).toBeNull();
  });

  it("given a seat that moves, a seat that is vacated and one that is new, each counts only where it could sign", () => {
    const sets = [
      scheduled(1, [a, b, c, d], 0n),
      scheduled(2, [a, b, c, d], 0b0010n),
      scheduled(3, [a, c, d, e], 0n),
      scheduled(4, [b, c, d, e], 0n),
    ];
    const reports = [report(1, 0b0111n), report(2, 0b1101n, 2), report(3, 0b1110n, 3)];
    const found = participation(record({ sets, reports, suspensions: [{ operator: b, epoch: 1 }] }));
    expect(of(found, b)).toMatchObject({
      due: 1,
      signed: 1,
      suspensions: [1],
      seats: [
        { configuration: 1, seat: 1 },
        { configuration: 2, seat: 1 },
      ],
    });
    expect(of(found, a)).toMatchObject({ due: 3, signed: 2, suspensions: [] });
    expect(of(found, e)).toMatchObject({ due: 1, signed: 1, seats: [{ configuration: 3, seat: 3 }] });
  });

  it("given a member whose seat was vacant in every report, nothing was due of it, and it has no share", () => {
    const sets = [scheduled(1, [a, b, c, d], 1n)];
    const found = participation(record({ sets, reports: [report(1, 0b1110n)] }));
    expect(of(found, a)).toMatchObject({ due: 0, signed: 0, shareBps: null, longestAbsence: null });
  });

  it("given several accounts that paid, the one with the most reports comes first", () => {
    const reports = [report(1, 7n, 1, b), report(2, 7n), report(3, 7n)];
    expect(participation(record({ reports })).submitters).toEqual([
      { account: gas, reports: 2 },
      { account: b, reports: 1 },
    ]);
  });

  it("given evidence of some epochs, it says of these who signed, in the report or not, who was included, and what deviates", () => {
    const reports = [report(1, 0b0111n), report(2, 0b0111n)];
    const evidence = [
      {
        epoch: 2,
        signed: [b, d],
        commitments: [
          { operator: a, isInTime: true, isRevealed: true },
          { operator: b, isInTime: true, isRevealed: false },
          { operator: c, isInTime: false, isRevealed: false },
          { operator: d, isInTime: false, isRevealed: true },
        ],
        included: [
          { operator: a, readings: 3, deviating: 1 },
          { operator: d, readings: 3, deviating: 0 },
        ],
      },
      { epoch: 9, signed: [a], commitments: [], included: [] }, // no report of it was accepted
    ];
    const found = participation(record({ reports }), evidence);
    expect(of(found, d)).toMatchObject({
      signed: 0,
      agreement: { epochs: 1, signed: 1, included: 1, readings: 3, deviating: 0 },
    });
    const nothing = { committedInTime: 0, committedLate: 0, revealed: 0, withheld: 0, readings: 0, deviating: 0 };
    const inTime = { ...nothing, epochs: 1, signed: 1, committedInTime: 1 };
    expect(of(found, a)?.agreement).toEqual({ ...inTime, revealed: 1, included: 1, readings: 3, deviating: 1 });
    expect(of(found, b)?.agreement).toEqual({ ...inTime, withheld: 1, included: 0 });
    expect(of(found, c)?.agreement).toEqual({ ...nothing, epochs: 1, signed: 1, committedLate: 1, included: 0 });
    expect(of(found, d)?.agreement).toMatchObject({ committedLate: 1, revealed: 1, withheld: 0 });
    expect(of(participation(record({ reports })), a)?.agreement).toBeNull();
  });

  it("given a rotation, the operator counts on by its name, and evidence knows it by who signed for it", () => {
    const sets = [scheduled(1, [a, b, c, d], 0n), scheduled(2, [a, b, c, d], 0n, [a, e, c, d])];
    const reports = [report(1, 0b0111n), report(2, 0b1101n, 2)];
    const evidence = [
      { epoch: 1, signed: [b], commitments: [], included: [{ operator: b, readings: 3, deviating: 1 }] },
      {
        epoch: 2,
        signed: [e],
        commitments: [{ operator: e, isInTime: true, isRevealed: true }],
        included: [{ operator: e, readings: 2, deviating: 0 }],
      },
    ];
    const found = participation(record({ sets, reports }), evidence);
    expect(found.operators.map(({ operator }) => operator)).toEqual([a, b, c, d]);
    expect(of(found, b)).toMatchObject({
      due: 2,
      signed: 1,
      agreement: { epochs: 2, signed: 2, committedInTime: 1, included: 2, readings: 5, deviating: 1 },
    });
  });

  it("given no report, there is nobody to speak of, and every epoch is one without", () => {
    expect(participation(record({}))).toEqual({
      ...{ from: 1, to: 10, accepted: 0, skipped: 10 },
      ...{ operators: [], submitters: [] },
    });
  });
});
