import type { Rule } from "./rule.ts";
import { reachedStages } from "./stages.ts";
import { remindersSince } from "./reminder.ts";
import { timeText } from "./words.ts";

/** A live anchor must check in before its period is over; a lapsed one can still come back by checking in. */
export const anchorLapses: Rule = {
  name: "anchor-lapses",
  about: "an anchor has to check in before it lapses, or has lapsed",
  ahead: [7 * 86_400, 86_400],
  *due(state, { now, ahead, remindAfterSeconds }) {
    for (const [anchor, { status, liveUntil, since }] of state.all("anchor")) {
      if (status !== "accepted") continue;
      const about = { addresses: [anchor as `0x${string}`], teams: [], anchor: anchor as `0x${string}` };
      const command = "mandate anchor check-in";
      for (const stage of reachedStages(since, liveUntil, ahead, now)) {
        yield {
          id: `anchor-lapses/${anchor}/${liveUntil}/${stage.ahead}`,
          urgency: stage.isLast ? "urgent" : "action",
          ...about,
          since: stage.from,
          dueAt: liveUntil,
          title: "Check in, or you lapse as an anchor",
          text: `Your time as an accountable anchor runs out at ${timeText(liveUntil)}. Once it has, grants of your tasks have no effect and you can approve nothing until you check in.`,
          command,
        };
      }
      if (now < liveUntil) continue;
      yield {
        id: `anchor-lapsed/${anchor}/${liveUntil}/${remindersSince(liveUntil, now, remindAfterSeconds)}`,
        urgency: "urgent",
        ...about,
        since: liveUntil,
        dueAt: null,
        title: "You have lapsed as an anchor",
        text: `Your time as an accountable anchor ran out at ${timeText(liveUntil)}. Nothing that needs a live anchor works in your name until you check in.`,
        command,
      };
    }
  },
};
