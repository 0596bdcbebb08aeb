import type { StreamMessage } from "../../core/api/events.ts";
import type { DecodedEvent } from "../../chain/events/decode-event.ts";

/** What an event is about: what a page that shows it has to read again. */
export interface Subject {
  readonly entity: Extract<StreamMessage, { kind: "change" }>["entity"];
  readonly id: string;
}

/** First match decides: an argument by which an event names its subject, most specific first. */
const subjects: readonly (readonly [argument: string, entity: Subject["entity"], events?: RegExp])[] = [
  ["challenge", "challenge", /^Challenge/],
  ["project", "project"],
  ["fork", "fork"],
  ["pool", "pool"],
  ["to", "pool", /^PoolMoved$/],
  ["attestorSet", "attestorSet"],
  ["index", "report", /^(ReportAccepted|ReviewPeriodBegan)$/],
  ["operation", "escalation", /^Escalation/],
  ["task", "task"],
  ["parameter", "parameter"],
  ["capability", "capability"],
  ["selector", "action", /^Action(Registered|Retired)$/],
  ["team", "team"],
  ["anchor", "anchor", /^(Anchor|Substitute)/],
  ["account", "contract", /^ContractRegistered$/],
  ["asset", "safety", /^(Asset(Tripped|Reset)|Shortfall(Shown|Ruled))$/],
  ["target", "safety", /^TrippedByGuardian$/],
  ["asset", "asset", /^(AssetAllowed|AssetDefined|RateSet)$/],
];

/** What `event` is about. Pure. */
export function subjectOf({
  name,
  args,
  log,
}: Pick<DecodedEvent, "name" | "args"> & { readonly log: Pick<DecodedEvent["log"], "address"> }): Subject {
  for (const [argument, entity, events] of subjects) {
    const id = args[argument];
    if (events?.test(name) === false) continue;
    if (typeof id === "string" || typeof id === "number") return { entity, id: id.toString() };
  }
  // Contracts that speak of themselves.
  if (/^(LimitsSet|Oracle(Tripped|Reset))$/.test(name)) return { entity: "safety", id: log.address };
  return { entity: "other", id: "" };
}
