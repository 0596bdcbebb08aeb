import { expect, it } from "vitest";
import { timed } from "../../bench/oracle/timed.ts";

it("given work that lets nothing else have its turn, it is told for how long", async () => {
  const { result, seconds, longestDelayMs } = await timed(() => {
    const end = performance.now() + 60;
    while (performance.now() < end);
    return "done";
  });
  expect(result).toBe("done");
  expect(seconds).toBeGreaterThanOrEqual(0.06);
  expect(longestDelayMs).toBeGreaterThanOrEqual(50);
});
