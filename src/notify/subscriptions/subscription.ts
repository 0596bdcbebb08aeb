import type { Hex } from "../../core/hex.ts";
import { urgencies, type Notice, type Urgency } from "../notices/notice.ts";

/** Whose notices: what waits for an address, what is about a team, what an anchor answers for, or everything. */
export type Interest =
  { readonly address: Hex } | { readonly team: number } | { readonly anchor: Hex } | { readonly everything: true };

/** Where notices of an interest go. */
export interface Subscription {
  readonly to: Interest;
  /** Names of rules; every rule where there are none. */
  readonly rules?: readonly string[] | undefined;
  /** Nothing of less urgency. */
  readonly urgency: Urgency;
  readonly channels: readonly string[];
}

function isOf(interest: Interest, notice: Notice): boolean {
  if ("everything" in interest) return true;
  if ("address" in interest) return notice.addresses.includes(interest.address);
  if ("team" in interest) return notice.teams.includes(interest.team);
  return notice.anchor === interest.anchor;
}

/** Channels that a notice goes to: those subscribed, or `unrouted` where nobody did. Each once. Pure. */
export function routeOf(
  notice: Notice,
  subscriptions: readonly Subscription[],
  unrouted: readonly string[],
): readonly string[] {
  const matching = subscriptions.filter(
    ({ to, rules, urgency }) =>
      isOf(to, notice) &&
      (rules?.includes(notice.rule) ?? true) &&
      urgencies.indexOf(notice.urgency) >= urgencies.indexOf(urgency),
  );
  const channels = matching.length === 0 ? unrouted : matching.flatMap((each) => each.channels);
  return [...new Set(channels)];
}
