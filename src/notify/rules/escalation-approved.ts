import type { Rule } from "./rule.ts";
import { timeText } from "./words.ts";

/** An approval is good for one call by who asked, and only for a while. */
export const escalationApproved: Rule = {
  name: "escalation-approved",
  about: "an approved call has to be made while its approval holds",
  ahead: [],
  *due(state, { now, words }) {
    for (const [operation, row] of state.all("escalation")) {
      if (row.status !== "approved" || now >= row.usableUntil) continue;
      yield {
        id: `escalation-approved/${operation}/${row.approvedAt}`,
        urgency: "action",
        addresses: [row.caller],
        teams: [row.team],
        anchor: row.resolver,
        since: row.approvedAt,
        dueAt: row.usableUntil,
        title: `Your call was approved: make it before ${timeText(row.usableUntil)}`,
        text: `${row.resolver === null ? "An anchor" : words.name(row.resolver)} approved the escalation ${operation}. Make exactly that call before ${timeText(row.usableUntil)}; afterwards the approval is void.`,
        command: `mandate escalation show ${operation}`,
      };
    }
  },
};
