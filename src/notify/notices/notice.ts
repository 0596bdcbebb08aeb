import type { Hex } from "../../core/hex.ts";

/** `notice`: good to know. `action`: something waits for the reader. `urgent`: and soon it is too late. */
export type Urgency = "notice" | "action" | "urgent";

export const urgencies = ["notice", "action", "urgent"] as const satisfies readonly Urgency[];

/** Something that waits for somebody. The same cause gives the same id, whoever folds it and however often. */
export interface Notice {
  readonly id: string;
  /** Name of the rule that found it. */
  readonly rule: string;
  readonly urgency: Urgency;
  /** For whom it waits. */
  readonly addresses: readonly Hex[];
  /** Teams that it is about. */
  readonly teams: readonly number[];
  /** The human who answers for it, where there is one. */
  readonly anchor: Hex | null;
  /** Since when it waits, in seconds. */
  readonly since: number;
  /** First second in which it is too late; null where nothing runs out. */
  readonly dueAt: number | null;
  readonly title: string;
  /** Plain sentences. */
  readonly text: string;
  /** What to run; null where nothing is to be done. */
  readonly command: string | null;
}
