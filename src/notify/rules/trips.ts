import { peopleOfSafety } from "../model/people-of-safety.ts";
import { remindersSince } from "./reminder.ts";
import type { Rule } from "./rule.ts";
import { timeText } from "./words.ts";

/** What `mandate breaker` calls it. */
const named = (kind: "asset" | "oracle", target: string): string => (kind === "asset" ? target : "oracle");

/** How anchors reset what tripped. */
function resetText(kind: "asset" | "oracle", target: string): string {
  return `To reset it, more than half of the live anchors approve it; then anybody sends mandate breaker reset ${named(kind, target)}.`;
}

/** What tripped is managed by people, who have to know it. */
export const trips: Rule = {
  name: "trips",
  about: "an asset or an oracle is tripped, or an asset is half open",
  ahead: [],
  *due(state, { now, remindAfterSeconds, words }) {
    const addresses = peopleOfSafety(state);
    for (const [target, { kind, trippedAt, until, cause, anchor }] of state.all("trip")) {
      const about = { addresses, teams: [], anchor };
      const who = `${words.name(anchor)} answers for it; its cause is ${cause}.`;
      if (now < until) {
        yield {
          id: `tripped/${target}/${trippedAt}/${cause}`,
          urgency: "urgent",
          ...about,
          since: trippedAt,
          dueAt: until,
          title: `${kind === "asset" ? "An asset" : "The oracle"} is tripped until ${timeText(until)}`,
          text: `${kind === "asset" ? `Of ${target}` : `With the oracle ${target}`} nothing is paid without the co-signature of an anchor, and nothing is reclaimed by itself, until ${timeText(until)}. ${who} ${resetText(kind, target)}`,
          command: `mandate breaker approve-reset ${named(kind, target)}`,
        };
      } else if (kind === "asset") {
        yield {
          id: `half-open/${target}/${trippedAt}/${remindersSince(until, now, remindAfterSeconds)}`,
          urgency: "action",
          ...about,
          since: until,
          dueAt: null,
          title: "An asset is half open: nobody has reset it",
          text: `The trip of ${target} was over at ${timeText(until)}. Half of its limits holds, and meeting them trips it again. ${who} ${resetText(kind, target)}`,
          command: `mandate breaker approve-reset ${named(kind, target)}`,
        };
      }
    }
  },
};
