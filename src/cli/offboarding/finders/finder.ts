import type { Hex } from "../../../core/hex.ts";
import type { Holding } from "../holding.ts";
import type { SystemView } from "../system-view.ts";

/** Whom a search is about, and what takes its place. Addresses in lower case. */
export interface Leaver {
  readonly account: Hex;
  /** A live anchor that takes over its teams and operator sets. */
  readonly successor: Hex | undefined;
  /** An operator that takes over its seat. */
  readonly operator: Hex | undefined;
  /** The timelock of the deployment; it keeps no journal, so its own state says what it is asked. */
  readonly timelock: Hex;
  /** Hash of the document that says why. */
  readonly reason: Hex;
}

/** Finds what an address holds in one part of the system. */
export type Finder = (view: SystemView, leaver: Leaver) => Promise<Holding[]>;
