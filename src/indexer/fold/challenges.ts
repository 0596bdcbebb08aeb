import { need, seconds, type Handlers } from "./handler.ts";
import type { ChallengeRow, Change, RowRef, Rows } from "./rows.ts";

function refOf(challenge: string): RowRef<"challenge"> {
  return { entity: "challenge", id: challenge };
}

function changed(rows: Rows, challenge: string, change: Partial<ChallengeRow>): Change {
  return { ...refOf(challenge), row: { ...need(rows, "challenge", challenge), ...change } };
}

/** Challenges of scores. That one lapsed is decided by time, when read. */
export const challengeHandlers: Handlers = {
  ChallengeOpened: {
    fold: (_rows, { challenge, leaf, cause: _cause, anchor, ...opened }, log) => [
      {
        ...refOf(challenge),
        row: {
          ...opened,
          definition: leaf.definition,
          outcome: leaf.outcome,
          grade: leaf.grade,
          score: leaf.score,
          planAnchor: anchor,
          status: "open",
          openedAt: seconds(log),
          ruler: null,
          reason: null,
          lowered: false,
          credited: 0n,
          forfeited: 0n,
          endedAt: null,
        },
      },
    ],
  },
  ChallengeUpheld: {
    reads: ({ challenge }) => [refOf(challenge)],
    fold: (rows, { challenge, ruler, reason, lowered, credited }, log) => [
      changed(rows, challenge, { status: "upheld", ruler, reason, lowered, credited, endedAt: seconds(log) }),
    ],
  },
  ChallengeRejected: {
    reads: ({ challenge }) => [refOf(challenge)],
    fold: (rows, { challenge, ruler, reason, forfeited }, log) => [
      changed(rows, challenge, { status: "rejected", ruler, reason, forfeited, endedAt: seconds(log) }),
    ],
  },
  ChallengeWithdrawn: {
    reads: ({ challenge }) => [refOf(challenge)],
    fold: (rows, { challenge, forfeited, credited }, log) => [
      changed(rows, challenge, { status: "withdrawn", forfeited, credited, endedAt: seconds(log) }),
    ],
  },
  ChallengeLapsed: {
    reads: ({ challenge }) => [refOf(challenge)],
    fold: (rows, { challenge, credited }, log) => [
      changed(rows, challenge, { status: "returned", credited, endedAt: seconds(log) }),
    ],
  },
};
