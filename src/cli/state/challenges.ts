import { iChallengesAbi } from "../../chain/abi.ts";
import { leafOutcomes } from "../../core/api/proofs.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { challengeStatuses, nameIn } from "../../sdk/contract-enums.ts";
import { eventsOf } from "../../sdk/events.ts";
import { read } from "../../sdk/read.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import type { Resolver } from "./escalations.ts";

export interface ChallengeState {
  readonly challenge: Hex;
  readonly status: (typeof challengeStatuses)[number] | `${number}`;
  readonly project: Hex;
  readonly challenger: Hex;
  readonly report: number;
  readonly epoch: number;
  readonly outcome: string;
  /** Of the leaf, 1e18 = 1. */
  readonly score: bigint;
  readonly evidence: Hex;
  /** The team that loses a tier; 0 where the plan names none that there is. */
  readonly team: number;
  /** Of the chain's coin, in wei. */
  readonly bond: bigint;
  /** Wei, set aside for it while it did not end. */
  readonly reward: bigint;
  readonly openedAt: number;
  readonly deadline: number;
  /** Who may rule; empty once it is not open. */
  readonly rulers: readonly Resolver[];
}

/** Every challenge, the newest first. */
export async function allChallenges(session: Session): Promise<ChallengeState[]> {
  const opened = await eventsOf(session, addressOf(session, "Challenges"), iChallengesAbi, "ChallengeOpened");
  return Promise.all(
    opened.reverse().map(async ({ args: { leaf, report, evidence, challenge } }) => {
      const [now, rulers] = await Promise.all([
        read(session, "Challenges", iChallengesAbi, "getChallenge", [challenge]),
        read(session, "Challenges", iChallengesAbi, "rulersOf", [challenge]),
      ]);
      const { status, project, challenger, epoch, team, bond, reward, openedAt, deadline } = now;
      return {
        challenge,
        status: nameIn(challengeStatuses, status),
        ...{ project, challenger, report, epoch, evidence, team, bond, reward, openedAt, deadline },
        outcome: nameIn(leafOutcomes, leaf.outcome - 1),
        score: leaf.score,
        rulers,
      };
    }),
  );
}

/** One challenge. @throws {MandateError} `ChallengeUnknown`. */
export async function challengeState(session: Session, challenge: Hex): Promise<ChallengeState> {
  const found = (await allChallenges(session)).find((each) => each.challenge === challenge.toLowerCase());
  if (found !== undefined) return found;
  throw new MandateError("ChallengeUnknown", `no challenge ${challenge} was ever opened`, {
    kind: "input",
    data: { challenge },
    remedy: "mandate challenge list shows them.",
  });
}
