import type { ChallengeAnswer } from "../../core/api/challenges.ts";
import { leafOutcomes } from "../../core/api/proofs.ts";
import { partyOf } from "../../core/challenges/party-of.ts";
import type { Hex } from "../../core/hex.ts";
import type { ChallengeRow } from "../fold/rows.ts";
import type { PartiesOf } from "./challenge-context.ts";
import { isLive, opensAt, type EscalationContext } from "./describe-escalation.ts";
import { substituteOf } from "./describe-team.ts";
import type { Identified } from "./snapshot.ts";
import { checksummed } from "./spelling.ts";

/** What a challenge's answer is made of, beside its own row. */
export interface ChallengeContext extends Omit<EscalationContext, "nameOf"> {
  readonly partiesOf: PartiesOf;
}

/** Where a challenge stands at `now`: silence until the deadline lets it lapse. Pure. */
export function challengeStatus({ status, deadline }: ChallengeRow, now: number): ChallengeAnswer["status"] {
  return status === "open" && now >= deadline ? "lapsed" : status;
}

function rulersOf(row: ChallengeRow, context: ChallengeContext): ChallengeAnswer["rulers"] {
  const { now } = context;
  const parties = context.partiesOf(row);
  const path = context.paths.get(`${row.pathTeam}/${row.pathVersion}`) ?? [];
  return path.flatMap((team, position) => {
    const found = context.teams.get(team);
    if (found === undefined || found.status === "closed") return []; // nobody answers for it any more
    const { anchor } = found;
    const substitute = substituteOf(context.anchors.get(anchor), context.anchors);
    const from = opensAt(row, position, path.length);
    // A party's substitute does not rule in its place; nor does one that is a party itself, which has no seat of its own.
    const party = partyOf(anchor, position + 1 === path.length, parties);
    const stands = substitute !== null && partyOf(substitute, false, parties) === undefined;
    const able = [anchor, ...(stands ? [substitute] : [])].some((each) => isLive(context.anchors.get(each), now));
    const open = challengeStatus(row, now) === "open" && from <= now && able && party === undefined;
    return [
      {
        position,
        team,
        anchor: checksummed(anchor),
        substitute: substitute === null ? null : checksummed(substitute),
        opensAt: from,
        open,
        party: party ?? null,
      },
    ];
  });
}

/** A challenge in an answer, with everything that time decides as of `context.now`. Pure. */
export function describeChallenge(row: Identified<"challenge">, context: ChallengeContext): ChallengeAnswer {
  const outcome = leafOutcomes[row.outcome - 1];
  if (outcome === undefined) throw new RangeError(`no outcome of a leaf has the number ${row.outcome}`);
  const { id, pathTeam: _pathTeam, pathVersion: _pathVersion, ...same } = row;
  return {
    ...same,
    challenge: id as Hex,
    status: challengeStatus(row, context.now),
    challenger: checksummed(row.challenger),
    outcome,
    score: row.score.toString(),
    planAnchor: checksummed(row.planAnchor),
    bond: row.bond.toString(),
    reward: row.reward.toString(),
    rulers: rulersOf(row, context),
    ruler: row.ruler === null ? null : checksummed(row.ruler),
    credited: row.credited.toString(),
    forfeited: row.forfeited.toString(),
  };
}
