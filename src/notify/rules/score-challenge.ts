import { partyOf, type ChallengeParties } from "../../core/challenges/party-of.ts";
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
      const rulers = rulersOf(state, row);
      const able = rulers.map(({ anchor, opensAt }) => `${words.name(anchor)} from ${timeText(opensAt)}`).join(", ");
      const who = `Who can rule: ${able === "" ? "nobody of the path" : able}.`;
      const about = `${words.name(challenger)} challenges the score of project ${project} in epoch ${epoch}. If no anchor rules before ${timeText(deadline)}, the bond goes back and nothing follows.`;
      for (const { team, position, addresses, anchor, opensAt } of rulers) {
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
            ? `${about} You can rule now, on its evidence, unless you signed the score. ${who}`
            : `${about} It becomes yours to rule on at ${timeText(opensAt)}, if nobody before you has. ${who}`,
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
        text: `${about} Upheld, the team falls a tier. You do not rule; what speaks for the score, tell whoever does. ${who}`,
        command,
      };
    }
  },
};

/**
 * Who may rule: those up the path who are no party, and their substitutes who are none. The contract's twin, but for operators, whose sets are not
 * followed here.
 */
function rulersOf(state: State, row: Entities["challenge"]): readonly Resolver[] {
  const { challenger, planAnchor, team, pathTeam, pathVersion, openedAt, deadline } = row;
  const path = resolversOf(state, { team: pathTeam, pathVersion, openedAt, deadline });
  const last = (state.get("team", pathTeam.toString())?.paths[pathVersion - 1]?.length ?? 0) - 1;
  const project = state.get("project", row.project);
  const own = team === 0 ? undefined : state.get("team", team.toString());
  const parties: ChallengeParties = {
    challenger,
    payee: project?.payee,
    members: new Set(own?.members),
    operators: new Set(),
    planAnchors: [planAnchor, project?.anchor],
    teamAnchor: own?.anchor,
  };
  return path.flatMap((resolver) => {
    const { anchor, position } = resolver;
    if (partyOf(anchor, position === last, parties) !== undefined) return [];
    const addresses = resolver.addresses.filter(
      (each) => each === anchor || partyOf(each, false, parties) === undefined,
    );
    return [{ ...resolver, addresses }];
  });
}
