import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { proposesAt, viewScheduleOf } from "../agreement/view-schedule.ts";
import { CommitmentWatch } from "./commitment-watch.ts";
import { createOperatorMetrics } from "./operator-metrics.ts";

const address = (digit: string): Hex => `0x${digit.repeat(40)}`;
/** Delegates in seat order, of whom the second is suspended, and the names that they sign for. */
const seats = ["1", "2", "3", "4"].map(address);
const names = ["d", "c", "b", "a"].map(address);
const [first, , third, fourth] = seats as [Hex, Hex, Hex, Hex];
const operators = [first, third, fourth];
const schedule = viewScheduleOf({ opensAt: 600, reportDeadlineSeconds: 240, operators: 3, faults: 0 });

function watched() {
  const metrics = createOperatorMetrics();
  const set = { configuration: 1, faults: 0, quorum: 2, operators, seats, names };
  const counted = async (metric: "lateCommitments" | "withheldReveals"): Promise<Record<string, number>> =>
    Object.fromEntries(
      (await metrics[metric].get()).values.map(({ labels, value }) => [String(labels.operator), value]),
    );
  return { watch: new CommitmentWatch(set, schedule, metrics), counted };
}

const nobody = { [address("d")]: 0, [address("b")]: 0, [address("a")]: 0 };

describe("a watch of commitments", () => {
  it("given nothing, each operator that may sign is counted with nothing, under its name", async () => {
    const { watch, counted } = watched();
    expect(watch.late).toEqual([]);
    expect(await counted("lateCommitments")).toEqual(nobody);
    expect(await counted("withheldReveals")).toEqual(nobody);
  });

  it("given late commitments, it names who was late, ascending, and counts each once an epoch", async () => {
    const { watch, counted } = watched();
    for (const each of [first, fourth, first]) watch.noteLate(each);
    expect(watch.late).toEqual([address("a"), address("d")]);
    expect(await counted("lateCommitments")).toEqual({ ...nobody, [address("a")]: 1, [address("d")]: 1 });
  });

  it.each([
    [proposesAt(schedule) - 1, []],
    [proposesAt(schedule), [address("b"), address("d")]],
  ])("given two that show nothing in second %i, it names %j, and counts them at the end", async (at, expected) => {
    const { watch, counted } = watched();
    expect(watch.withheld([first, third], at)).toEqual(expected);
    expect(await counted("withheldReveals")).toEqual(nobody);
    watch.close([first, third], at);
    const counts = Object.fromEntries(expected.map((each) => [each, 1]));
    expect(await counted("withheldReveals")).toEqual({ ...nobody, ...counts });
  });

  it("given one that was late, it withholds nothing that counts", () => {
    const { watch } = watched();
    watch.noteLate(third);
    expect(watch.withheld([first, third], proposesAt(schedule))).toEqual([address("d")]);
  });

  it("given one that was late before a restart, it is named, and not counted again", async () => {
    const { watch, counted } = watched();
    watch.noteLate(third, { isRecalled: true });
    expect(watch.late).toEqual([address("b")]);
    expect(await counted("lateCommitments")).toEqual(nobody);
  });
});
