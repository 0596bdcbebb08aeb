import type { Hex } from "../../core/hex.ts";
import type { State } from "../model/rows.ts";
import type { Notice } from "../notices/notice.ts";
import { anchorAcceptance } from "./anchor-acceptance.ts";
import { anchorLapses } from "./anchor-lapses.ts";
import { claimWaits } from "./claim-waits.ts";
import { coSignatureWaits } from "./co-signature-waits.ts";
import { consentWaits } from "./consent-waits.ts";
import { escalationApproved } from "./escalation-approved.ts";
import { escalationDenied } from "./escalation-denied.ts";
import { escalationTurn } from "./escalation-turn.ts";
import { grantEnds } from "./grant-ends.ts";
import { happened } from "./happened.ts";
import { leaseLapses } from "./lease-lapses.ts";
import { milestoneChallenge } from "./milestone-challenge.ts";
import { planAcceptance } from "./plan-acceptance.ts";
import { planFunding } from "./plan-funding.ts";
import type { Rule } from "./rule.ts";
import { scoreChallenge } from "./score-challenge.ts";
import { taskEnds } from "./task-ends.ts";
import { trips } from "./trips.ts";
import { wordsWith } from "./words.ts";

/** Every rule. A new one is a file beside these and a line here. */
export const rules: readonly Rule[] = [
  anchorAcceptance,
  anchorLapses,
  claimWaits,
  coSignatureWaits,
  consentWaits,
  escalationApproved,
  escalationDenied,
  escalationTurn,
  grantEnds,
  happened,
  leaseLapses,
  milestoneChallenge,
  planAcceptance,
  planFunding,
  scoreChallenge,
  taskEnds,
  trips,
];

export interface DueSettings {
  /** Seconds before an end at which people are told, by rule; a rule's own where it is not named. */
  readonly aheadSeconds: Readonly<Partial<Record<string, readonly number[]>>>;
  readonly remindAfterSeconds: number;
  /** What to call addresses. */
  readonly names: Readonly<Record<Hex, string>>;
}

/** What waits for somebody at `now`, in seconds on the clock of the chain. Pure. */
export function findDue(state: State, now: number, settings: DueSettings): readonly Notice[] {
  const words = wordsWith(settings.names);
  return rules.flatMap((rule) => {
    const ahead = settings.aheadSeconds[rule.name] ?? rule.ahead;
    const due = rule.due(state, { now, ahead, remindAfterSeconds: settings.remindAfterSeconds, words });
    return [...due].map((notice) => ({ ...notice, rule: rule.name }));
  });
}
