import { parameterIds, parameterNames } from "../../org/policy/parameters.ts";
import type { Rule } from "./rule.ts";
import { timeText } from "./words.ts";

/** A kernel parameter changes only with the consent of enough teams; one that has it waits to be enacted. */
export const consentWaits: Rule = {
  name: "consent-waits",
  about: "a change of the constitution waits for a team's consent, or to be enacted",
  ahead: [],
  *due(state, { now, words }) {
    for (const [id, change] of state.all("change")) {
      if (now >= change.expiresAt) continue;
      const parameter = parameterNames.find((name) => parameterIds[name] === change.parameter) ?? change.parameter;
      const { team, value, required, consents, consentedBy, electorate, enactableFrom, expiresAt, proposedAt } = change;
      const missing = Math.max(0, required - consents);
      const whose = team === 0 ? "the office" : `team ${team}`;
      if (missing > 0) {
        for (const [number, row] of state.all("team")) {
          if (!row.open || Number(number) > electorate || consentedBy.includes(Number(number))) continue;
          yield {
            id: `consent-waits/${id}/${proposedAt}/${number}`,
            urgency: "action",
            addresses: [row.anchor],
            teams: [Number(number)],
            anchor: row.anchor,
            since: proposedAt,
            dueAt: expiresAt,
            title: `A change of the constitution waits for team ${number}`,
            text: `${words.name(change.by)} proposes ${value} as the value of parameter ${parameter} for ${whose}. ${missing} more consents are needed before ${timeText(expiresAt)}; the root office's alone suffices.`,
            command: `mandate policy consent ${parameter} --team ${number}`,
          };
        }
      } else if (now >= enactableFrom) {
        const anchor = team === 0 ? null : (state.get("team", team.toString())?.anchor ?? null);
        yield {
          id: `change-enactable/${id}/${proposedAt}`,
          urgency: "action",
          addresses: [...new Set([change.by, ...(anchor === null ? [] : [anchor])])],
          teams: team === 0 ? [] : [team],
          anchor,
          since: enactableFrom,
          dueAt: expiresAt,
          title: "A change of the constitution can be enacted",
          text: `The value ${value} of parameter ${parameter} for ${whose} was announced long enough ago. Anybody can enact it before ${timeText(expiresAt)}.`,
          command: `mandate policy enact ${parameter}${team === 0 ? "" : ` --team ${team}`}`,
        };
      }
    }
  },
};
