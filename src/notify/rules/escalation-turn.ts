import type { Rule } from "./rule.ts";
import { limitText } from "./limit-text.ts";
import { resolversOf } from "./resolvers.ts";
import { timeText } from "./words.ts";

/** What a limit refused waits for a human, who hears of it when it is opened and when the turn to decide begins. */
export const escalationTurn: Rule = {
  name: "escalation-turn",
  about: "an escalation waits for the decision of an anchor",
  ahead: [],
  *due(state, { now, words }) {
    for (const [operation, row] of state.all("escalation")) {
      if (row.status !== "pending" || now >= row.deadline) continue;
      const asks = `${words.name(row.caller)} asks to call ${row.selector} of ${words.name(row.target)} in task ${row.task}. ${limitText(row)} If nobody decides before ${timeText(row.deadline)}, it is denied.`;
      for (const { team, position, addresses, anchor, opensAt } of resolversOf(state, row)) {
        const about = { addresses, teams: [row.team, team], anchor };
        const key = `escalation-turn/${operation}/${row.openedAt}/${position}`;
        if (now < opensAt) {
          yield {
            id: `${key}/opened`,
            urgency: "notice",
            ...about,
            since: row.openedAt,
            dueAt: opensAt,
            title: `An escalation may reach you at ${timeText(opensAt)}`,
            text: `${asks} It becomes yours to decide at ${timeText(opensAt)}, if nobody before you has decided.`,
            command: `mandate escalation show ${operation}`,
          };
        } else {
          yield {
            id: `${key}/turn`,
            urgency: "urgent",
            ...about,
            since: opensAt,
            dueAt: row.deadline,
            title: `An escalation waits for you until ${timeText(row.deadline)}`,
            text: `${asks} You can decide now.`,
            command: `mandate escalation approve ${operation} --reason '<why>'`,
          };
        }
      }
    }
  },
};
