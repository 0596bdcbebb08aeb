import type { Rule } from "./rule.ts";
import { remindersSince } from "./reminder.ts";
import { timeText } from "./words.ts";

/** A proposed anchor is none before it accepts its responsibility by signature. */
export const anchorAcceptance: Rule = {
  name: "anchor-acceptance",
  about: "a proposed anchor has not signed its oath",
  ahead: [],
  *due(state, { now, remindAfterSeconds }) {
    for (const [id, { status, since }] of state.all("anchor")) {
      if (status !== "proposed") continue;
      const anchor = id as `0x${string}`;
      yield {
        id: `anchor-acceptance/${anchor}/${since}/${remindersSince(since, now, remindAfterSeconds)}`,
        urgency: "action",
        addresses: [anchor],
        teams: [],
        anchor,
        since,
        dueAt: null,
        title: "Accept your responsibility as an anchor",
        text: `You were proposed as an accountable anchor at ${timeText(since)}. You are none before you sign the oath; until then nobody can rely on you.`,
        command: "mandate anchor accept --anchor <file with your key>",
      };
    }
  },
};
