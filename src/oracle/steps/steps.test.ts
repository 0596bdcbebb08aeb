import { describe, expect, it } from "vitest";
import { atOnce, inSlices, type Steps } from "./steps.ts";

function* counting(to: number, onStep: (step: number) => void): Steps<string> {
  for (let step = 1; step <= to; step += 1) {
    onStep(step);
    yield;
  }
  return "done";
}

describe("steps", () => {
  it("given them at once, the event loop turns only when all are made", () => {
    const made: number[] = [];
    setImmediate(() => made.push(0));
    expect(atOnce(counting(3, (step) => made.push(step)))).toBe("done");
    expect(made).toEqual([1, 2, 3]);
  });

  it("given them in slices, the event loop turns when 15 ms are over, and not before", async () => {
    const made: string[] = [];
    let nowMs = 0;
    const steps = counting(8, (step) => {
      nowMs += 5;
      made.push(`step ${step}`);
      setImmediate(() => made.push(`turn after ${step}`));
    });
    expect(await inSlices(steps, () => nowMs)).toBe("done");
    const turns = (from: number, to: number): string[] =>
      Array.from({ length: to - from + 1 }, (_, index) => `turn after ${from + index}`);
    expect(made).toEqual([
      ...["step 1", "step 2", "step 3", ...turns(1, 3)],
      ...["step 4", "step 5", "step 6", ...turns(4, 6)],
      ...["step 7", "step 8"],
    ]);
  });

  it("given a step that fails, either way fails with it", async () => {
    const failing = (): Steps<string> =>
      counting(2, (step) => {
        if (step === 2) throw new RangeError("second");
      });
    expect(() => atOnce(failing())).toThrow(new RangeError("second"));
    await expect(inSlices(failing())).rejects.toThrow(new RangeError("second"));
  });
});
