import { messageOf } from "../../core/errors/mandate-error.ts";
import type { RunningRecord } from "./running-record.ts";

/** Something that was started and has to be stopped. */
export interface Part {
  readonly title: string;
  readonly pid?: number;
  /** Resolves with the reason where it fails by itself. */
  readonly failed: Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * Starts parts in stages, notices the first that fails, and stops all of them, the last stage first.
 * A failed part is not started again: whoever watches a local stack should see that something died.
 */
export class Supervisor {
  readonly #record: RunningRecord;
  readonly #interruption = new AbortController();
  readonly #stages: Part[][] = [];
  #stopped: Promise<readonly string[]> | undefined;

  /** Aborts with the reason when a part fails or {@link interrupt} is called. */
  readonly signal = this.#interruption.signal;

  constructor(record: RunningRecord) {
    this.#record = record;
  }

  /**
   * Starts one stage, its parts at the same time. What did start is kept for {@link stop}, also where a sibling fails.
   * @throws what the first part that did not start threw, or the reason of an interruption.
   */
  async startStage<T extends Part>(starts: readonly (() => Promise<T>)[]): Promise<T[]> {
    this.signal.throwIfAborted();
    const stage: Part[] = [];
    this.#stages.push(stage);
    const outcomes = await Promise.allSettled(
      starts.map(async (start) => {
        const part = await start();
        stage.push(part);
        if (part.pid !== undefined) this.#record.add(part.title, part.pid);
        void part.failed.then((reason) => this.interrupt(reason));
        return part;
      }),
    );
    this.signal.throwIfAborted();
    return outcomes.map((outcome) => {
      if (outcome.status === "rejected") throw outcome.reason;
      return outcome.value;
    });
  }

  async start<T extends Part>(start: () => Promise<T>): Promise<T> {
    const [part] = await this.startStage([start]);
    if (part === undefined) throw new TypeError("a stage of one has one part");
    return part;
  }

  /** Asks everything to end; the first reason counts. */
  interrupt(reason: unknown): void {
    this.#interruption.abort(reason);
  }

  /** Resolves with the reason of the first failure or interruption. */
  interrupted(): Promise<unknown> {
    if (this.signal.aborted) return Promise.resolve(this.signal.reason);
    return new Promise((resolve) => {
      this.signal.addEventListener("abort", () => resolve(this.signal.reason), { once: true });
    });
  }

  /** Stops everything, the last stage first. @returns what did not stop cleanly, in words. */
  stop(): Promise<readonly string[]> {
    this.#stopped ??= this.#stopStages();
    return this.#stopped;
  }

  async #stopStages(): Promise<readonly string[]> {
    const problems: string[] = [];
    for (const stage of this.#stages.toReversed()) {
      await Promise.all(
        stage.map(async (part) => {
          try {
            await part.stop();
          } catch (thrown) {
            problems.push(`${part.title}: ${messageOf(thrown)}`); // the others must stop all the same
          }
        }),
      );
    }
    this.#record.clear();
    return problems;
  }
}
