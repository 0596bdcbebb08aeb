import type { Rule } from "./rule.ts";

/** How long people can still be told that something happened. */
const TOLD_FOR_SECONDS = 7 * 86_400;

/** Lowered tiers, trips, removals: nothing to decide, but nobody should learn of them by accident. */
export const happened: Rule = {
  name: "happened",
  about:
    "a tier was lowered, a proof overturned, a plan amended, a project cancelled, an escalation rejected, an anchor removed, an asset reset, a lease extended",
  ahead: [],
  *due(state, { now }) {
    for (const [id, { event, at, title, text, addresses, teams }] of state.all("happening")) {
      if (now >= at + TOLD_FOR_SECONDS) continue;
      yield {
        id: `happened/${event}/${id}`,
        urgency: "notice",
        addresses,
        teams,
        anchor: null,
        since: at,
        dueAt: at + TOLD_FOR_SECONDS,
        title,
        text,
        command: null,
      };
    }
  },
};
