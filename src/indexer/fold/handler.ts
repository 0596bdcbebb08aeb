import { MandateError } from "../../core/errors/mandate-error.ts";
import type { ChainLog } from "../../chain/follow/block.ts";
import type { ArgumentsOf, EventName } from "../../chain/events/decode-event.ts";
import type { Hex } from "../../core/hex.ts";
import type { Change, Entities, EntityName, RowRef, Rows } from "./rows.ts";

/** What one kind of event does to the rows. Both functions are pure. */
export interface Handler<N extends EventName> {
  /** Rows that `fold` reads. Asked again after they are loaded, as one row may lead to another. */
  readonly reads?: (args: ArgumentsOf<N>, log: ChainLog, rows: Rows) => readonly RowRef[];
  /** Rows as they are afterwards. */
  readonly fold: (rows: Rows, args: ArgumentsOf<N>, log: ChainLog) => readonly Change[];
}

/** Handlers by event name. Events without one change no row; they are recorded all the same. */
export type Handlers = { readonly [N in EventName]?: Handler<N> };

/** The row that must be there. @throws {MandateError} `FoldImpossible`: the events contradict each other. */
export function need<E extends EntityName>(rows: Rows, entity: E, id: string): Entities[E] {
  const row = rows.get(entity, id);
  if (row === undefined) {
    throw new MandateError("FoldImpossible", `an event changes the ${entity} ${id}, which no event created`, {
      kind: "defect",
      data: { entity, id },
    });
  }
  return row;
}

export function seconds(log: ChainLog): number {
  return Number(log.blockTimestamp);
}

const zeroAddress = "0x0000000000000000000000000000000000000000";

/** An address, or null where the contract wrote zero for "none". */
export function nobodyAsNull(account: Hex): Hex | null {
  return account === zeroAddress ? null : account;
}
