/**
 * A long computation in steps: where it yields, other work may come in between, and its caller says whether it does. What it reads must not
 * change meanwhile. A step is a few milliseconds at most.
 */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** How long steps follow each other before the event loop turns: messages, endpoints and people wait no longer. */
const SLICE_MS = 15;

/** All steps without a pause, where nobody waits. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Steps in slices of {@link SLICE_MS}, between which everything else has its turn. Rejects with what a step throws. */
export async function inSlices<Result>(steps: Steps<Result>, nowMs = () => performance.now()): Promise<Result> {
  for (;;) {
    const end = nowMs() + SLICE_MS;
    do {
      const step = steps.next();
      if (step.done === true) return step.value;
    } while (nowMs() < end);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
