import { whyHeld } from "./payment-holds.ts";
import type { Rule } from "./rule.ts";
import { timeText } from "./words.ts";

/** Anchor and opener may overturn a proof within its challenge window: afterwards the money goes out. */
export const milestoneChallenge: Rule = {
  name: "milestone-challenge",
  about: "a proved milestone is in its challenge window, or can be paid out",
  ahead: [],
  *due(state, { now }) {
    for (const [project, row] of state.all("project")) {
      for (const [index, milestone] of row.milestones.entries()) {
        if (milestone.status !== "proved") continue;
        const { payableFrom, provedAt } = milestone;
        const about = { teams: [], anchor: row.anchor };
        if (now < payableFrom) {
          yield {
            id: `milestone-challenge/${project}/${index}/${provedAt}`,
            urgency: "action",
            addresses: [...new Set([row.anchor, row.opener])],
            ...about,
            since: provedAt,
            dueAt: payableFrom,
            title: `Milestone ${index} was proved: look at it before ${timeText(payableFrom)}`,
            text: `Attestors proved milestone ${index} of project ${project}. You can overturn the proof until ${timeText(payableFrom)}; then anybody can have it paid.`,
            command: `mandate project show ${project}`,
          };
        } else if (whyHeld(state, row, milestone, now) === undefined) {
          yield {
            id: `milestone-payable/${project}/${index}/${provedAt}`,
            urgency: "action",
            addresses: [row.payee],
            ...about,
            since: payableFrom,
            dueAt: null,
            title: `Milestone ${index} can be paid out`,
            text: `Milestone ${index} of project ${project} is proved and due. Anybody can have it paid: call pay(bytes32 project, uint32 milestone) of the vault ${row.vault}. While the oracle is silent, an anchor has to co-sign it first.`,
            command: null,
          };
        }
      }
    }
  },
};
