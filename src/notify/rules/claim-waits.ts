import type { Rule } from "./rule.ts";
import { remindersSince } from "./reminder.ts";
import { timeText } from "./words.ts";

/** Money that could not be pushed to its payee waits for it in the vault. */
export const claimWaits: Rule = {
  name: "claim-waits",
  about: "money that could not be paid out waits for its payee",
  ahead: [],
  *due(state, { now, remindAfterSeconds }) {
    for (const [id, { vault, payee, asset, amount, since, anchor }] of state.all("claim")) {
      yield {
        id: `claim-waits/${id}/${since}/${remindersSince(since, now, remindAfterSeconds)}`,
        urgency: "action",
        addresses: [payee],
        teams: [],
        anchor,
        since,
        dueAt: null,
        title: "Money waits for you",
        text: `A payment to you failed at ${timeText(since)}; ${amount} base units of ${asset} wait for you in the vault ${vault}. They stay yours: call claim(address asset, address to) of the vault with an address that can receive them.`,
        command: null,
      };
    }
  },
};
