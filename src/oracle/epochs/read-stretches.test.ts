import { describe, expect, it } from "vitest";
import { readStretches } from "./read-stretches.ts";

/** Items that were read, and how long each stretch was, where more than `most` at once are refused. */
async function read(count: number, size: number, most: number, lanes = 1) {
  const lengths: number[] = [];
  const items: number[] = [];
  await readStretches({
    ...{ count, size, lanes },
    read: async (start, end) => {
      lengths.push(end - start);
      await Promise.resolve();
      if (end - start > most) throw new Error("too many");
      for (let item = start; item < end; item += 1) items.push(item);
    },
  });
  return { lengths, items: items.sort((a, b) => a - b) };
}

const all = (count: number): number[] => Array.from({ length: count }, (_, item) => item);

describe("readStretches", () => {
  it.each([
    [0, []],
    [1, [1]],
    [250, [250]],
    [251, [250, 1]],
    [500, [250, 250]],
  ])("given %i items and 250 at once, it reads each once, in stretches of %j", async (count, lengths) => {
    expect(await read(count, 250, 250)).toEqual({ lengths, items: all(count) });
  });

  it("given that longer stretches fail, it reads shorter ones from then on", async () => {
    expect(await read(20, 10, 4)).toEqual({ lengths: [10, 1, 5, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2], items: all(20) });
  });

  it.each([1, 2, 3, 7])("given several lanes and at most %i at once, it reads each item once", async (most) => {
    expect((await read(100, 32, most, 4)).items).toEqual(all(100));
  });

  it("given an item that fails alone, it throws that error, and the other lanes end", async () => {
    let reads = 0;
    const failing = readStretches({
      count: 10_000,
      size: 8,
      lanes: 2,
      read: async (start, end) => {
        reads += 1;
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (start === 0) throw new Error(`${end - start} refused`);
      },
    });
    await expect(failing).rejects.toThrow("1 refused");
    const until = reads;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(reads).toBeLessThanOrEqual(until + 1);
  });
});
