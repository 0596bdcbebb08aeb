import type { Entities, State } from "../model/rows.ts";
import type { Rule } from "./rule.ts";
import { resolversOf, type Resolver } from "./resolvers.ts";
import { timeText } from "./words.ts";

/** A score was challenged: anchors up the path rule in turn; the project hears of it; after the deadline the bond waits to be returned. */
export const scoreChallenge: Rule = {
  name: "score-challenge",
  about: "a challenge of a score waits for the ruling of an anchor, or lapsed and its bond is to be returned",
  ahead: [],
  *due(state, { now, words }) {
    for (const [challenge, row] of state.all("challenge")) {
      const { challenger, project, epoch, openedAt, deadline, planAnchor } = row;
      const key = `score-challenge/${challenge}`;
      const command = `mandate challenge show ${challenge}`;
      if (now >= deadline) {
        yield {
          id: `${key}/lapsed`,
          urgency: "action",
          addresses: [challenger],
          teams: [],
          anchor: planAnchor,
          since: deadline,
          dueAt: null,
          title: "Nobody ruled on your challenge: take your bond back",
          text: `The challenge ${challenge} of project ${project} lapsed at ${timeText(deadline)}. Anybody can have its bond returned; then you claim it.`,
          command: `mandate challenge return-bond ${challenge}`,
        };
        continue;
      }
      const about = `${words.name(challenger)} challenges the score of project ${project} in epoch ${epoch}. If no anchor rules before ${timeText(deadline)}, the bond goes back and nothing follows.`;
      for (const { team, position, addresses, anchor, opensAt } of rulersOf(state, row)) {
        const isTurn = now >= opensAt;
        yield {
          id: `${key}/${position}/${isTurn ? "turn" : "opened"}`,
          urgency: isTurn ? "urgent" : "notice",
          addresses,
          teams: [team],
          anchor,
          since: isTurn ? opensAt : openedAt,
          dueAt: isTurn ? deadline : opensAt,
          title: isTurn
            ? `A challenge of a score waits for you until ${timeText(deadline)}`
            : `A challenge of a score may reach you at ${timeText(opensAt)}`,
          text: isTurn
            ? `${about} You can rule now, on its evidence.`
            : `${about} It becomes yours to rule on at ${timeText(opensAt)}, if nobody before you has.`,
          command,
        };
      }
      const payee = state.get("project", project)?.payee;
      yield {
        id: `${key}/project`,
        urgency: "notice",
        addresses: [...new Set(payee === undefined ? [planAnchor] : [planAnchor, payee])],
        teams: row.team === 0 ? [] : [row.team],
        anchor: planAnchor,
        since: openedAt,
        dueAt: deadline,
        title: `A score of project ${project} is challenged`,
        text: `${about} Upheld, the team falls a tier. You do not rule; what speaks for the score, tell whoever does.`,
        command,
      };
    }
  },
};

/** Who may rule: those up the path who are no party. The last one may answer for plan or team, as nobody is above. The contract's twin. */
function rulersOf(state: State, row: Entities["challenge"]): readonly Resolver[] {
  const { challenger, planAnchor, team, pathTeam, pathVersion, openedAt, deadline } = row;
  const path = resolversOf(state, { team: pathTeam, pathVersion, openedAt, deadline });
  const teamAnchor = team === 0 ? undefined : state.get("team", team.toString())?.anchor;
  return path.filter(({ anchor }, place) => {
    if (anchor === challenger) return false;
    return place === path.length - 1 || (anchor !== planAnchor && anchor !== teamAnchor);
  });
}
