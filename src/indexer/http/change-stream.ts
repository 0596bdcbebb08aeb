import type { StreamMessage } from "../../core/api/events.ts";
import type { ProjectionOutcome } from "../../chain/projection/run-projection.ts";
import { decodeEvent } from "../../chain/events/decode-event.ts";
import { subjectOf } from "../events/subject.ts";
import type { BlockHeader, BlockRef } from "../../chain/follow/block.ts";
import type { BlockRefAnswer } from "../../core/api/primitives.ts";

/** Messages that a slow reader may be behind before it is dropped: it reconnects, and reads what it shows again. */
const MAXIMUM_BACKLOG = 1_000;

function blockRef(block: BlockHeader | BlockRef): BlockRefAnswer {
  return {
    number: Number(block.number),
    hash: block.hash,
    timestamp: "timestamp" in block ? Number(block.timestamp) : 0,
  };
}

/** What listeners are told about a commit. Pure. */
export function messagesOf(outcome: ProjectionOutcome): StreamMessage[] {
  switch (outcome.kind) {
    case "reorg":
      return [{ kind: "reorg", ancestor: blockRef(outcome.ancestor) }];
    case "trouble":
      return [{ kind: "trouble", code: outcome.trouble.code, message: outcome.trouble.message }];
    case "block": {
      const block = blockRef(outcome.block);
      const changes = outcome.logs.map((log): StreamMessage => {
        const event = decodeEvent(log);
        const { entity, id } = subjectOf(event);
        return { kind: "change", block, entity, id, event: event.name };
      });
      return [...changes, { kind: "block", block }];
    }
  }
}

/** A listener's own queue. */
export interface Subscription extends Disposable {
  /** The next message; undefined once the subscription ended. */
  next(): Promise<StreamMessage | undefined>;
}

/** Tells every listener what changed, after it is committed. */
export class ChangeStream {
  private readonly listeners = new Set<(messages: readonly StreamMessage[]) => void>();
  private readonly endings = new Set<() => void>();

  publish(outcome: ProjectionOutcome): void {
    // During the backfill nobody can follow, and a page reads the state itself when it opens.
    if (outcome.kind === "block" && !outcome.caughtUp) return;
    if (this.listeners.size === 0) return;
    const messages = messagesOf(outcome);
    for (const listener of this.listeners) listener(messages);
  }

  subscribe(): Subscription {
    const queue: StreamMessage[] = [];
    let wake: (() => void) | undefined;
    let ended = false;
    const end = (): void => {
      ended = true;
      this.listeners.delete(listener);
      this.endings.delete(end);
      wake?.();
    };
    const listener = (messages: readonly StreamMessage[]): void => {
      queue.push(...messages);
      if (queue.length > MAXIMUM_BACKLOG) end();
      wake?.();
    };
    this.listeners.add(listener);
    this.endings.add(end);
    return {
      next: async () => {
        while (queue.length === 0 && !ended) await new Promise<void>((resolve) => (wake = resolve));
        return queue.shift();
      },
      [Symbol.dispose]: end,
    };
  }

  /** Ends every subscription. */
  close(): void {
    for (const end of this.endings) end();
  }
}
