import type { DecodedEvent, EventName } from "../../chain/events/decode-event.ts";
import { accountabilityHandlers } from "./accountability.ts";
import { authorityHandlers } from "./authority.ts";
import { challengeHandlers } from "./challenges.ts";
import { escalationHandlers } from "./escalations.ts";
import type { Handler, Handlers } from "./handler.ts";
import { oracleHandlers } from "./oracle.ts";
import { policyHandlers } from "./policy.ts";
import type { Change, RowRef, Rows } from "./rows.ts";
import { safetyHandlers } from "./safety.ts";
import { strategyHandlers } from "./strategy.ts";
import { teamHandlers } from "./teams.ts";
import { treasuryHandlers } from "./treasury.ts";

const handlers: Handlers = {
  ...authorityHandlers,
  ...accountabilityHandlers,
  ...challengeHandlers,
  ...escalationHandlers,
  ...policyHandlers,
  ...teamHandlers,
  ...treasuryHandlers,
  ...oracleHandlers,
  ...safetyHandlers,
  ...strategyHandlers,
};

function handlerOf(event: DecodedEvent): Handler<EventName> | undefined {
  // The name was matched together with its ABI: the arguments are of that name's type.
  return Object.hasOwn(handlers, event.name)
    ? (handlers[event.name as EventName] as Handler<EventName> | undefined)
    : undefined;
}

/** Rows that {@link foldEvent} reads for `event`; ask again once they are there, as one row may lead to another. Pure. */
export function readsOf(rows: Rows, event: DecodedEvent): readonly RowRef[] {
  return handlerOf(event)?.reads?.(event.args as never, event.log, rows) ?? [];
}

/** Rows that `event` changes, as they are after it. Pure. @throws {MandateError} `FoldImpossible`. */
export function foldEvent(rows: Rows, event: DecodedEvent): readonly Change[] {
  return handlerOf(event)?.fold(rows, event.args as never, event.log) ?? [];
}
