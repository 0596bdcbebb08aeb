import type { ArgumentsOf, EventName } from "../../../chain/events/decode-event.ts";
import type { ChainLog } from "../../../chain/follow/block.ts";
import type { Change, State } from "../rows.ts";

/** What one kind of event does to the rows. Pure. */
export type Handler<N extends EventName> = (args: ArgumentsOf<N>, state: State, log: ChainLog) => readonly Change[];

/** Handlers by event name. Events without one leave nothing that waits. */
export type Handlers = { readonly [N in EventName]?: Handler<N> };

export function seconds(log: ChainLog): number {
  return Number(log.blockTimestamp);
}
