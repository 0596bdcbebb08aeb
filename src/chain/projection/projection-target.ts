import type { Hex } from "../../core/hex.ts";
import type { BlockHeader, BlockRef } from "../follow/block.ts";
import type { Checkpoint } from "../follow/follow.ts";
import type { Journal } from "./advance-journals.ts";

/** Why a projection cannot be relied on. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
  /** The contract that it is about, where it is about one. */
  readonly contract?: string;
}

/** A block to take in. */
export interface Step {
  readonly block: BlockHeader;
  /** It is never taken back. */
  readonly final: boolean;
  /** Journals that the block changed. */
  readonly journals: readonly (readonly [Hex, Journal])[];
  /** The node showed the storage that the journals were compared with. */
  readonly proved: boolean;
}

/** Where a projection is kept. `Tx` is what its writes go through. */
export interface ProjectionTarget<Tx> {
  /** Where to go on; undefined before the first event. */
  checkpoint(): Promise<Checkpoint | undefined>;
  journals(): Promise<Map<Hex, Journal>>;
  /** Takes in a block: its journals, and what `work` writes, all or nothing. Clears a trouble that it overcame. */
  advance(step: Step, work: (tx: Tx) => Promise<void>): Promise<void>;
  /** Takes back every block after `ancestor`. */
  rollBack(ancestor: BlockRef): Promise<void>;
  finalize(block: BlockHeader): Promise<void>;
  setTrouble(trouble: Trouble): Promise<void>;
}
