import { coSignersOf, whyHeld } from "./payment-holds.ts";
import { remindersSince } from "./reminder.ts";
import type { Rule } from "./rule.ts";

/** A payment that is held goes out once an anchor has co-signed its proof. */
export const coSignatureWaits: Rule = {
  name: "co-signature-waits",
  about: "a payment waits for the co-signature of an anchor",
  ahead: [],
  *due(state, { now, remindAfterSeconds }) {
    for (const [project, row] of state.all("project")) {
      for (const [index, milestone] of row.milestones.entries()) {
        const { status, payableFrom, provedAt, proof } = milestone;
        if (status !== "proved" || now < payableFrom) continue;
        const why = whyHeld(state, row, milestone, now);
        if (why === undefined || proof === null) continue;
        const since = Math.max(payableFrom, provedAt);
        yield {
          id: `co-signature-waits/${project}/${index}/${proof}/${remindersSince(since, now, remindAfterSeconds)}`,
          urgency: "urgent",
          addresses: coSignersOf(state, row),
          teams: [],
          anchor: row.anchor,
          since,
          dueAt: null,
          title: `The payment of milestone ${index} waits for your co-signature`,
          text: `Milestone ${index} of project ${project} is proved, and its payment needs the co-signature of an anchor because ${why}. Look at the evidence of the proof ${proof}, then co-sign; afterwards anybody can have it paid.`,
          command: `mandate milestone co-sign ${project} ${index} --proof ${proof}`,
        };
      }
    }
  },
};
