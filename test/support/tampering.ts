/** Ways to tamper with an audited history: each gives the history as it would be if something else had happened. */
import type { SystemHistory } from "../../src/audit/read-system.ts";
import type { PlacedTransaction } from "../../src/audit/reader/verified-block.ts";
import type { AuditedEvent } from "../../src/audit/replay/audited-event.ts";
import type { Hex } from "../../src/core/hex.ts";

export type Name = AuditedEvent["eventName"];
export type Change = (event: AuditedEvent) => AuditedEvent;
/** By rule: what happens, and the history in which it does. */
export type Tamperings = Readonly<Record<string, readonly (readonly [string, Tampering])[]>>;
export type Tampering = (history: SystemHistory) => Pick<SystemHistory, "events" | "transactions">;

/** The event with some of its arguments changed. */
export function withArgs(event: AuditedEvent, change: Readonly<Record<string, unknown>>): AuditedEvent {
  return { ...event, args: Object.assign({}, event.args, change) } as AuditedEvent;
}

/** Changes the arguments of the event number `nth` (from 0) with this name. */
export function args(name: Name, change: Readonly<Record<string, unknown>>, nth = 0): Tampering {
  return onEvent(name, (event) => withArgs(event, change), nth);
}

/** Lets the event happen `seconds` later. */
export function later(name: Name, seconds: bigint, nth = 0): Tampering {
  return onEvent(
    name,
    (event) => ({ ...event, log: { ...event.log, blockTimestamp: event.log.blockTimestamp + seconds } }),
    nth,
  );
}

export function indexOf(events: readonly AuditedEvent[], name: Name, nth: number): number {
  const index = events.flatMap((event, i) => (event.eventName === name ? [i] : [])).at(nth);
  if (index === undefined) throw new TypeError(`the story has no ${name} number ${nth}`);
  return index;
}

export function onEvent(name: Name, change: Change, nth = 0): Tampering {
  return ({ events, transactions }) => {
    const index = indexOf(events, name, nth);
    return { events: events.map((event, i) => (i === index ? change(event) : event)), transactions };
  };
}

export function without(name: Name, nth = 0): Tampering {
  return ({ events, transactions }) => {
    const index = indexOf(events, name, nth);
    return { events: events.filter((_, i) => i !== index), transactions };
  };
}

/** The event happens again, directly after itself, with some arguments changed. */
export function again(name: Name, change: Readonly<Record<string, unknown>> = {}, nth = 0): Tampering {
  return ({ events, transactions }) => {
    const index = indexOf(events, name, nth);
    const copies = events.slice(index, index + 1).map((event) => withArgs(event, change));
    return { events: events.toSpliced(index + 1, 0, ...copies), transactions };
  };
}

/** Changes the transaction of an event. */
export function transaction(name: Name, change: (each: PlacedTransaction) => PlacedTransaction, nth = 0): Tampering {
  return ({ events, transactions }) => {
    const hash = events[indexOf(events, name, nth)]?.log.transaction ?? "0x";
    const found = transactions.get(hash);
    if (found === undefined) throw new TypeError("the event has no transaction");
    return { events, transactions: new Map([...transactions, [hash, change(found)]]) };
  };
}

/** Flips a bit in the middle of the last word but `words` of the calldata: inside a signature or a proof. */
export const flip =
  (words: number) =>
  (each: PlacedTransaction): PlacedTransaction => {
    const position = each.input.length - 64 * words + 20;
    const digit = ((Number.parseInt(each.input[position] ?? "0", 16) + 1) % 16).toString(16);
    return { ...each, input: `${each.input.slice(0, position)}${digit}${each.input.slice(position + 1)}` as Hex };
  };

export const stranger: Hex = "0x00000000000000000000000000000000000000f0";
export const strange: Hex = `0x${"f0".repeat(32)}`;
export const farFuture = 4_000_000_000;

export const nothing = { maxImpact: 0, scopes: 0, minReversibility: 100 };
export const wide = { maxImpact: 2 ** 47, scopes: 2 ** 32 - 1, minReversibility: 0 };
export const unlisted = { target: stranger, selector: "0x12345678" };

export function withoutAll(name: Name): Tampering {
  return ({ events, transactions }) => ({
    events: events.filter(({ eventName }) => eventName !== name),
    transactions,
  });
}

/** The first rate that contracts of this kind told is another one: authority and constitution tell it by the same name. */
export function rateTold(kind: AuditedEvent["kind"], change: Readonly<Record<string, unknown>>): Tampering {
  return ({ events, transactions }) => {
    const told = events.find((event) => event.kind === kind && event.eventName === "RateSet");
    if (told === undefined) throw new TypeError(`no rate was told by ${kind}`);
    return { events: events.map((event) => (event === told ? withArgs(event, change) : event)), transactions };
  };
}

/** In the authority every action has this kind of impact. */
export function listedAs(impact: number): Tampering {
  return ({ events, transactions }) => ({
    events: events.map((event) =>
      event.eventName === "ActionFactsSet" ? withArgs(event, { facts: { ...event.args.facts, impact } }) : event,
    ),
    transactions,
  });
}

/** Moves the event number `nth` with this name behind the event at `behind`. */
function moved(name: Name, nth: number, behind: Name, behindNth: number): Tampering {
  return ({ events, transactions }) => {
    const event = events[indexOf(events, name, nth)];
    if (event === undefined) throw new TypeError("the story has it");
    const rest = events.filter((each) => each !== event);
    return { events: rest.toSpliced(indexOf(rest, behind, behindNth) + 1, 0, event), transactions };
  };
}

/** What closed is the first pool, which goes on being used. */
export const usedPoolClosed: Tampering = (history) => {
  const opened = history.events[indexOf(history.events, "PoolOpened", 0)];
  if (opened?.eventName !== "PoolOpened") throw new TypeError("the story has it");
  return args("PoolClosed", { pool: opened.args.pool })(history);
};

export const teamOpenedAfterProposal = moved("ChangeProposed", 0, "TeamOpened", 1);

export const raisedByItsOwnAnchor: Tampering = (history) => {
  const own = history.events[indexOf(history.events, "TaskOpened", 1)];
  if (own?.eventName !== "TaskOpened") throw new TypeError("the story has it");
  return args("TierRaised", { by: own.args.anchor })(history);
};

export const approvedByWhoAsked: Tampering = (history) => {
  const opened = history.events[indexOf(history.events, "EscalationOpened", 0)];
  if (opened?.eventName !== "EscalationOpened") throw new TypeError("the story has it");
  return args("EscalationApproved", { resolver: opened.args.caller })(history);
};

/** The anchor who approved is removed before the approval is spent. */
export const resolverRemoved: Tampering = ({ events, transactions }) => {
  const spent = indexOf(events, "EscalationExecuted", 0);
  const event = events[spent];
  const lost = events[indexOf(events, "AnchorLivenessSet", 0)];
  if (event?.eventName !== "EscalationExecuted" || lost === undefined) throw new TypeError("the story has it");
  const change = { anchor: event.args.anchor, liveUntil: 1 };
  return { events: events.toSpliced(spent, 0, { ...withArgs(lost, change), log: event.log }), transactions };
};

/** The event's transaction was sent by another account: by whoever opened the first plan. */
export function calledBySomebodyElse(name: Name, nth = 0): Tampering {
  return ({ events, transactions }) => {
    const at = (each: Name, place: number) =>
      transactions.get(events[indexOf(events, each, place)]?.log.transaction ?? "0x");
    const [own, foreign] = [at(name, nth), at("ProjectOpened", 0)];
    if (own === undefined || foreign === undefined) throw new TypeError("the story has both");
    return { events, transactions: new Map([...transactions, [own.hash, { ...own, serialized: foreign.serialized }]]) };
  };
}

/** Every milestone of the project number `nth` asks for a co-signature, or none does. */
export function coSignatureAsked(nth: number, coSignature: boolean): Tampering {
  return onEvent(
    "ProjectOpened",
    (event) => {
      if (event.eventName !== "ProjectOpened") return event;
      const milestones = event.args.plan.milestones.map((each) => ({ ...each, coSignature }));
      return withArgs(event, { plan: { ...event.args.plan, milestones } });
    },
    nth,
  );
}

/** The withdrawal that tripped the asset had been approved before. */
export const approvedBefore: Tampering = ({ events, transactions }) => {
  const approval = events[indexOf(events, "WithdrawalApproved", 0)];
  const rest = events.filter((each) => each !== approval);
  if (approval === undefined) throw new TypeError("the story has it");
  return { events: rest.toSpliced(indexOf(rest, "AssetTripped", 2), 0, approval), transactions };
};
