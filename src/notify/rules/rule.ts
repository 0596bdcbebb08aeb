import type { Notice } from "../notices/notice.ts";
import type { State } from "../model/rows.ts";
import type { Words } from "./words.ts";

/** What a rule knows beside the rows. */
export interface RuleContext {
  /** Seconds on the clock of the chain. */
  readonly now: number;
  /** Seconds before an end at which people are told of it. */
  readonly ahead: readonly number[];
  /** Seconds after which what has no end is told again. */
  readonly remindAfterSeconds: number;
  readonly words: Words;
}

/** Finds what waits for somebody. */
export interface Rule {
  /** By which configuration and notices name it. */
  readonly name: string;
  /** One line for the manual. */
  readonly about: string;
  /** Seconds before an end at which people are told, unless configured; empty for a rule without ends. */
  readonly ahead: readonly number[];
  /**
   * What waits now. Pure: a notice is there for as long as its cause is, and gone with it, so that what was not sent before
   * then is withdrawn.
   */
  due(state: State, context: RuleContext): Iterable<Omit<Notice, "rule">>;
}
