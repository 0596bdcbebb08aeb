import type { DecodedEvent } from "../../../chain/events/decode-event.ts";
import type { ChainLog } from "../../../chain/follow/block.ts";
import type { Change, State } from "../rows.ts";
import { accountabilityHandlers } from "./accountability.ts";
import { authorityHandlers } from "./authority.ts";
import { challengeHandlers } from "./challenges.ts";
import { seconds, type Handlers } from "./handler.ts";
import { happenings, type Told } from "./happenings.ts";
import { policyHandlers } from "./policy.ts";
import { safetyHandlers } from "./safety.ts";
import { treasuryHandlers } from "./treasury.ts";

const handlers: Handlers = {
  ...accountabilityHandlers,
  ...authorityHandlers,
  ...treasuryHandlers,
  ...safetyHandlers,
  ...policyHandlers,
  ...challengeHandlers,
};

type AnyTeller = (args: never, state: State) => Told;
type AnyHandler = (args: never, state: State, log: ChainLog) => readonly Change[];

/** The entry of a table for an event, if there is one. */
function entryOf(table: object, name: string): unknown {
  return Object.hasOwn(table, name) ? table[name as keyof typeof table] : undefined;
}

function happeningOf(event: DecodedEvent, state: State): readonly Change[] {
  const tell = entryOf(happenings, event.name) as AnyTeller | undefined;
  if (tell === undefined) return [];
  const { title, text, addresses = [], teams = [] } = tell(event.args as never, state);
  const { log, name } = event;
  const row = { event: name, at: seconds(log), title, text, addresses, teams };
  return [{ entity: "happening", id: `${log.transactionHash}/${log.logIndex}`, row }];
}

/** Rows that `event` changes, as they are after it. Pure. */
export function foldEvent(state: State, event: DecodedEvent): readonly Change[] {
  // The name was matched together with its ABI: the arguments are of that name's type.
  const handle = entryOf(handlers, event.name) as AnyHandler | undefined;
  return [...happeningOf(event, state), ...(handle?.(event.args as never, state, event.log) ?? [])];
}
