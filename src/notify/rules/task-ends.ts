import type { Rule } from "./rule.ts";
import { reachedStages } from "./stages.ts";
import { timeText } from "./words.ts";

/** A task that reaches its deadline expires, and every grant in it with it. */
export const taskEnds: Rule = {
  name: "task-ends",
  about: "an open task reaches its deadline, with every grant in it",
  ahead: [86_400, 3_600],
  *due(state, { now, ahead, words }) {
    for (const [task, { anchor, deadline, openedAt, team }] of state.all("task")) {
      for (const stage of reachedStages(openedAt, deadline, ahead, now)) {
        const holders = [...state.all("grant")].filter(([, grant]) => grant.task.toString() === task);
        const names = [...new Set(holders.map(([, { grantee }]) => words.name(grantee)))];
        yield {
          id: `task-ends/${task}/${deadline}/${stage.ahead}`,
          urgency: stage.isLast ? "urgent" : "action",
          addresses: [anchor],
          teams: team === 0 ? [] : [team],
          anchor,
          since: stage.from,
          dueAt: deadline,
          title: `Task ${task} ends at ${timeText(deadline)}`,
          text: `Task ${task} expires at ${timeText(deadline)}. ${names.length === 0 ? "No grant rests on it." : `With it end the grants of ${names.join(", ")}.`} Complete it if it is done; if it is not, open another one.`,
          command: `mandate task complete ${task}`,
        };
      }
    }
  },
};
