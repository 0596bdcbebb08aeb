import type { Hex } from "../../core/hex.ts";
import { iAuthorityLensAbi } from "../../chain/abi.ts";
import { roleNameOf } from "../../chain/roles.ts";
import { read } from "../../sdk/read.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { boundaries, escalationStatuses, impactKinds, nameIn, ruleOutcomes } from "../../sdk/contract-enums.ts";
import { answerNames, obstacleNames, verdictNames } from "../values/verdict.ts";

/** What the question is about: a call, or the reading of a data resource. */
export interface Question {
  readonly caller: Hex;
  readonly target: Hex;
  readonly data: Hex;
  /** Whether `data` has the arguments that the call would have, or only stands for the function. */
  readonly hasArguments: boolean;
}

/** Limits that depend on a call's arguments. */
const byArguments: readonly string[] = ["unreadable", "rate-missing", "grant-cap", "team-impact"];

/** The authority's answer to a question, with every fact on which it decides. */
export async function askWhy(session: Session, question: Question) {
  const { caller, target, data } = question;
  const args = [addressOf(session, "Authority"), caller, target, data] as const;
  const why = await read(session, "AuthorityLens", iAuthorityLensAbi, "why", args);
  const { escalation, ...approval } = why.approval;
  const answer = answerNames[why.answer] ?? "could-not-check";
  const verdict = verdictNames[why.verdict] ?? "grant-missing";
  const rules = why.rules.map((rule) => ({
    ...rule,
    boundary: nameIn(boundaries, rule.boundary),
    outcome: nameIn(ruleOutcomes, rule.outcome),
  }));
  const impact = nameIn(impactKinds, why.facts.impact);
  const crossed = rules.find(({ outcome }) => outcome === "crossed");
  const readsArguments = impact === "amount" || impact === "asset-amount";
  const couldDepend = crossed === undefined || byArguments.includes(crossed.boundary);
  // The grant holds, and whether the limits do is nobody's to say before the arguments are known.
  const isOpen = verdict === "allowed" && !question.hasArguments && readsArguments && couldDepend;
  return {
    ...why,
    answer: isOpen ? ("could-not-check" as const) : answer,
    obstacle: isOpen ? ("arguments-missing" as const) : (obstacleNames[why.obstacle] ?? "none"),
    verdict,
    roleName: roleNameOf(why.role),
    facts: { ...why.facts, impact },
    limits: { ...why.limits, boundary: nameIn(boundaries, why.limits.boundary) },
    rules,
    approval: { ...approval, ...escalation, status: nameIn(escalationStatuses, escalation.status) },
  };
}

export type WhyAnswer = Awaited<ReturnType<typeof askWhy>>;
