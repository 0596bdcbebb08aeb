import type { Change } from "../rows.ts";
import { seconds, type Handlers } from "./handler.ts";

/** What waits ends with a ruling, a withdrawal, or the bond's return after nobody ruled. */
function over({ challenge }: { readonly challenge: string }): readonly Change[] {
  return [{ entity: "challenge", id: challenge, row: null }];
}

/** Challenges of scores, which wait for an anchor's ruling, or after their deadline for somebody to return the bond. */
export const challengeHandlers: Handlers = {
  ChallengeOpened: (args, _state, log) => [
    {
      entity: "challenge",
      id: args.challenge,
      row: {
        project: args.project,
        challenger: args.challenger,
        epoch: args.epoch,
        team: args.team,
        pathTeam: args.pathTeam,
        pathVersion: args.pathVersion,
        planAnchor: args.anchor,
        openedAt: seconds(log),
        deadline: args.deadline,
      },
    },
  ],
  ChallengeUpheld: over,
  ChallengeRejected: over,
  ChallengeWithdrawn: over,
  ChallengeLapsed: over,
};
