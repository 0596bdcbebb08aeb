import type { Hex } from "../hex.ts";

/** What keeps an account from ruling on a challenge; `IChallenges.Party`. */
export const challengeParties = ["challenger", "payee", "member", "operator", "plan-anchor", "team-anchor"] as const;
export type ChallengeParty = (typeof challengeParties)[number];

/** Who is what of a challenge, as far as it is known. All addresses in one spelling. */
export interface ChallengeParties {
  readonly challenger: Hex;
  readonly payee: Hex | undefined;
  /** Of the team that would fall. */
  readonly members: ReadonlySet<Hex>;
  /** Who signed the score. */
  readonly operators: ReadonlySet<Hex>;
  /** The plan's anchor when the challenge was opened, and the present one. */
  readonly planAnchors: readonly (Hex | undefined)[];
  readonly teamAnchor: Hex | undefined;
}

/**
 * What `account` is of a challenge, so that it may not rule on it; undefined where nothing is known against it. The contract's twin.
 * @param hasLastSeat Whether it sits, itself, where nobody is above: then answering for plan or team bars nobody.
 */
export function partyOf(account: Hex, hasLastSeat: boolean, parties: ChallengeParties): ChallengeParty | undefined {
  if (account === parties.challenger) return "challenger";
  if (account === parties.payee) return "payee";
  if (parties.members.has(account)) return "member";
  if (parties.operators.has(account)) return "operator";
  if (hasLastSeat) return undefined;
  if (parties.planAnchors.includes(account)) return "plan-anchor";
  return account === parties.teamAnchor ? "team-anchor" : undefined;
}
