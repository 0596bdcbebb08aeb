import type { Rule } from "./rule.ts";
import { timeText } from "./words.ts";

/** A plan that both sides signed waits for its money. */
export const planFunding: Rule = {
  name: "plan-funding",
  about: "a plan that both sides signed waits to be funded",
  ahead: [],
  *due(state, { now }) {
    for (const [project, row] of state.all("project")) {
      if (row.status !== "proposed" || now >= row.acceptBy || !row.payeeAccepted || !row.anchorAccepted) continue;
      yield {
        id: `plan-funding/${project}`,
        urgency: "action",
        addresses: [row.opener],
        teams: [],
        anchor: row.anchor,
        since: row.openedAt,
        dueAt: row.acceptBy,
        title: "A plan that you opened can be funded",
        text: `Payee and anchor accepted project ${project}. It waits to be funded until ${timeText(row.acceptBy)}.`,
        command: `mandate project fund ${project}`,
      };
    }
  },
};
