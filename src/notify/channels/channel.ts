import type { Delivery } from "../outbox/delivery-store.ts";

/** What a channel is given: a notice with the key that tells a repetition from a new one. */
export type Message = Pick<Delivery, "id" | "notice">;

/** A way to a receiver. */
export interface Channel {
  /** How long the receiver has to acknowledge. */
  readonly timeoutMs: number;
  /** Resolves once the receiver acknowledged; whatever it rejects with means that it did not. */
  send(message: Message, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
