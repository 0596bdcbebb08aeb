import type { Hex } from "../../core/hex.ts";
import type { Rule } from "./rule.ts";
import { stagesOf } from "./stages.ts";
import { timeText } from "./words.ts";

/** A plan needs the signatures of its payee and of its anchor before it can be funded. */
export const planAcceptance: Rule = {
  name: "plan-acceptance",
  about: "a plan waits for the signature of its payee or its anchor",
  ahead: [86_400],
  *due(state, { now, ahead }) {
    for (const [project, row] of state.all("project")) {
      if (row.status !== "proposed" || now >= row.acceptBy) continue;
      const missing: readonly (readonly ["payee" | "anchor", Hex])[] = [
        ...(row.payeeAccepted ? [] : [["payee", row.payee] as const]),
        ...(row.anchorAccepted ? [] : [["anchor", row.anchor] as const]),
      ];
      // Told when it opens, and again while there is little time left.
      const opening = { ahead: row.acceptBy - row.openedAt, from: row.openedAt, isLast: false };
      const reached = [opening, ...stagesOf(row.openedAt, row.acceptBy, ahead)].filter(({ from }) => from <= now);
      for (const [party, address] of missing) {
        for (const stage of reached) {
          yield {
            id: `plan-acceptance/${project}/${party}/${stage.ahead}`,
            urgency: stage.isLast ? "urgent" : "action",
            addresses: [address],
            teams: [],
            anchor: row.anchor,
            since: stage.from,
            dueAt: row.acceptBy,
            title: `A plan waits for your signature as its ${party}`,
            text: `Project ${project} names you as its ${party} and cannot be funded before you accept its terms. It can be accepted until ${timeText(row.acceptBy)}.`,
            command: `mandate project accept ${project} --party ${party} --signer <file with your key>`,
          };
        }
      }
    }
  },
};
