import type { Rule } from "./rule.ts";
import { reachedStages } from "./stages.ts";
import { timeText } from "./words.ts";

/** A grant that ends before its task: with the task ends what {@link taskEnds} tells of. */
export const grantEnds: Rule = {
  name: "grant-ends",
  about: "a grant ends before the task that it serves",
  ahead: [3_600],
  *due(state, { now, ahead, words }) {
    for (const [id, grant] of state.all("grant")) {
      const task = state.get("task", grant.task.toString());
      if (task === undefined || grant.notAfter >= task.deadline) continue;
      for (const stage of reachedStages(grant.notBefore, grant.notAfter, ahead, now)) {
        yield {
          id: `grant-ends/${id}/${grant.task}/${grant.notAfter}/${stage.ahead}`,
          urgency: "action",
          addresses: [...new Set([task.anchor, grant.grantee])],
          teams: task.team === 0 ? [] : [task.team],
          anchor: task.anchor,
          since: stage.from,
          dueAt: grant.notAfter,
          title: `A grant in task ${grant.task} ends at ${timeText(grant.notAfter)}`,
          text: `The grant of ${words.name(grant.grantee)} for ${grant.selector} of ${words.name(grant.target)} ends at ${timeText(grant.notAfter)}, while task ${grant.task} stays open. A granter can give another one.`,
          command: `mandate why --caller ${grant.grantee} --target ${grant.target} --function ${grant.selector}`,
        };
      }
    }
  },
};
