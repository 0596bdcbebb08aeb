import { formatUnits } from "viem";
import type { ChallengeState } from "../state/challenges.ts";
import { teamText } from "../state/teams.ts";
import { countdownText, timeText } from "../values/time.ts";
import { resolverText, type EscalationView } from "./escalation-text.ts";
import { factsText } from "./table.ts";

/** What a text about a challenge needs to know beside the challenge. */
export type ChallengeView = Omit<EscalationView, "scopes">;

/** Wei as coins. */
export function coinText(wei: bigint): string {
  return `${formatUnits(wei, 18)} coin`;
}

/** When what is decided now is over. */
export function challengeEndText({ status, deadline }: ChallengeState, now: number): string {
  if (status === "open") return `lapses ${countdownText(deadline, now)}, at ${timeText(deadline)}`;
  return status === "lapsed" ? "nobody ruled: the bond can be returned" : status;
}

/** What the challenged leaf says. */
export function leafText({ outcome, score, epoch, report }: ChallengeState): string {
  const said = outcome === "value" ? `score ${formatUnits(score, 18)}` : `${outcome}, no score`;
  return `${said}, in report ${report} on epoch ${epoch}`;
}

/** A challenge whole: of what, by whom, what it costs and earns, who may rule from when until when. */
export function challengeText(challenge: ChallengeState, view: ChallengeView): string {
  const { book, places, store, now } = view;
  const { team, rulers, deadline } = challenge;
  const evidence = store.find(challenge.evidence);
  return factsText([
    ["challenge", challenge.challenge],
    ["status", `${challenge.status}; ${challengeEndText(challenge, now)}`],
    ["project", challenge.project],
    ["leaf", leafText(challenge)],
    ["challenger", book.full(challenge.challenger)],
    [
      "evidence",
      evidence.state === "present"
        ? JSON.stringify(evidence.document)
        : `${challenge.evidence} (document ${evidence.state})`,
    ],
    ["bond", coinText(challenge.bond)],
    ["reward", `${coinText(challenge.reward)}, where the team loses a tier`],
    ["team", team === 0 ? "none: nobody loses a tier" : teamText(places, team)],
    ["rulers", rulers.map((each) => resolverText(each, deadline, view)).join("\n") || "nobody"],
  ]);
}
