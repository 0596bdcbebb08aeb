import type { Rule } from "./rule.ts";
import { resolversOf } from "./resolvers.ts";
import { reachedStages } from "./stages.ts";
import { timeText } from "./words.ts";

/** Silence denies: whoever may decide, and whoever asked, hears of it before. */
export const escalationDenied: Rule = {
  name: "escalation-denied",
  about: "an escalation is about to be denied by silence",
  ahead: [4 * 3_600],
  *due(state, { now, ahead, words }) {
    for (const [operation, row] of state.all("escalation")) {
      if (row.status !== "pending") continue;
      for (const stage of reachedStages(row.openedAt, row.deadline, ahead, now)) {
        const resolvers = resolversOf(state, row).filter(({ opensAt }) => opensAt <= now);
        const text = `The escalation ${operation} of ${words.name(row.caller)} is denied at ${timeText(row.deadline)} unless somebody decides before.`;
        const common = {
          urgency: "urgent" as const,
          since: stage.from,
          dueAt: row.deadline,
          title: `Silence denies an escalation at ${timeText(row.deadline)}`,
        };
        for (const { addresses, anchor, team, position } of resolvers) {
          yield {
            id: `escalation-denied/${operation}/${row.openedAt}/${stage.ahead}/${position}`,
            ...common,
            addresses,
            teams: [row.team, team],
            anchor,
            text: `${text} You can decide now.`,
            command: `mandate escalation approve ${operation} --reason '<why>'`,
          };
        }
        yield {
          id: `escalation-denied/${operation}/${row.openedAt}/${stage.ahead}/caller`,
          ...common,
          addresses: [row.caller],
          teams: [row.team],
          anchor: null,
          text: `${text} Who may decide is shown by the command.`,
          command: `mandate escalation show ${operation}`,
        };
      }
    }
  },
};
