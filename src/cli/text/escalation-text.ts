import { zeroAddress } from "viem";
import type { DocumentStore } from "../documents/document-store.ts";
import type { EscalationState, Resolver } from "../state/escalations.ts";
import { teamText } from "../state/teams.ts";
import type { AddressBook } from "../values/address-book.ts";
import { decodedCall } from "../values/call-data.ts";
import { saidBy } from "../values/reason.ts";
import { countdownText, timeText } from "../values/time.ts";
import { boundaryText } from "./boundary-text.ts";
import { factsText } from "./table.ts";

/** What a text about an escalation needs to know beside the escalation. */
export interface EscalationView {
  readonly book: AddressBook;
  readonly places: ReadonlyMap<number, string>;
  readonly scopes: readonly string[];
  readonly store: DocumentStore;
  /** Seconds on the clock of the chain. */
  readonly now: number;
}

/** Who may resolve, or rule, and from when; `last` is the deadline. */
export function resolverText(
  { team, anchor, substitute, opensAt }: Resolver,
  last: number,
  view: Pick<EscalationView, "book" | "places" | "now">,
): string {
  const { book, places, now } = view;
  const instead = substitute === zeroAddress ? "" : `, or ${book.short(substitute)} in its place`;
  const from = opensAt <= now ? "may resolve now" : `from ${timeText(opensAt)}, ${countdownText(opensAt, now)}`;
  const until = now >= last ? "could resolve until the deadline" : from;
  return `${book.short(anchor)}${instead}: ${until}, for team ${teamText(places, team)}`;
}

/** When what is decided now is over. */
export function endText({ status, until, deadline }: EscalationState, now: number): string {
  switch (status) {
    case "pending":
      return `denied by silence ${countdownText(deadline, now)}, at ${timeText(deadline)}`;
    case "approved":
      return `usable once until ${timeText(until)}, ${countdownText(until, now)}`;
    case "denied":
      return `the deadline passed at ${timeText(deadline)}, ${countdownText(deadline, now)}`;
    default:
      return status;
  }
}

/** The call that would be made, or why nobody can read it here. */
export function callText(escalation: EscalationState, book: AddressBook): string {
  return (
    decodedCall(escalation, book)?.join("\n") ??
    `${book.full(escalation.target)}, data ${escalation.data}\n  (no contract of the system declares this function: it cannot be read here)`
  );
}

/** An escalation whole: what, why not, who asks, who may resolve from when until when. */
export function escalationText(escalation: EscalationState, view: EscalationView): string {
  const { book, places, scopes, store, now } = view;
  const context = store.find(escalation.context);
  return factsText([
    ["escalation", escalation.operation],
    ["status", `${escalation.status}; ${endText(escalation, now)}`],
    ["caller", book.full(escalation.caller)],
    ["call", callText(escalation, book)],
    ["crosses", boundaryText(escalation, scopes)],
    ["task", `${escalation.task}, of team ${teamText(places, escalation.team)}`],
    ["anchor", book.full(escalation.anchor)],
    ["recommends", saidBy(store, escalation.recommendation)],
    [
      "context",
      context.state === "present"
        ? JSON.stringify(context.document)
        : `${escalation.context} (document ${context.state})`,
    ],
    [
      "resolvers",
      escalation.resolvers.map((each) => resolverText(each, escalation.deadline, view)).join("\n") || "nobody",
    ],
    ...(escalation.resolver === zeroAddress ? [] : [["approved by", book.full(escalation.resolver)] as const]),
  ]);
}
