import type { WhyAnswer } from "../state/why.ts";
import { timeText } from "./time.ts";

/** Names of the lens's enums, in its order. */
export const answerNames = ["could-not-check", "allowed", "denied"] as const;

export const obstacleNames = [
  "none",
  "data-too-short",
  "not-an-authority",
  "target-not-managed",
  "other-authority",
  "arguments-unreadable",
  "checked-by-function",
] as const;

export const verdictNames = [
  "allowed",
  "allowed-by-role",
  "target-closed",
  "role-missing",
  "role-delayed",
  "grant-missing",
  "grant-ended",
  "grant-not-started",
  "grant-expired",
  "grant-used-up",
  "task-completed",
  "task-failed",
  "task-expired",
] as const;

type Verdict = (typeof verdictNames)[number];
type Obstacle = (typeof obstacleNames)[number];

const obstacleTexts: Record<Obstacle | "arguments-missing", string> = {
  none: "",
  "data-too-short": "the call names no function",
  "not-an-authority": "the authority does not answer",
  "target-not-managed": "the target does not obey an authority, and is no registered data resource",
  "other-authority": "the target obeys another authority",
  "arguments-unreadable": "the call's arguments cannot be read",
  "arguments-missing":
    "a grant permits the function, and whether the call is within limits depends on its arguments: say them with --args",
  "checked-by-function": "the function asks no role: it checks its caller itself",
};

const verdictTexts: Record<Verdict, (why: WhyAnswer) => string> = {
  allowed: (why) =>
    `a grant of task ${why.grant.task} allows it until ${timeText(why.effectiveUntil)} (${secondsText(why.marginSeconds)} left)`,
  "allowed-by-role": (why) => `the caller holds ${why.roleName}`,
  "target-closed": () => "the target is closed",
  "role-missing": (why) => `it takes ${why.roleName}, which the caller does not hold`,
  "role-delayed": (why) =>
    `the caller holds ${why.roleName}, but must schedule the call ${why.delaySeconds} seconds ahead`,
  "grant-missing": () => "it takes a just-in-time grant, and the caller has none",
  "grant-ended": (why) => `the caller's grant of task ${why.grant.task} was ended early`,
  "grant-not-started": (why) => `the caller's grant begins at ${timeText(why.effectiveFrom)}`,
  "grant-expired": (why) => `the caller's grant of task ${why.grant.task} expired at ${timeText(why.effectiveUntil)}`,
  "grant-used-up": (why) => `every use of the caller's grant of task ${why.grant.task} is used up`,
  "task-completed": (why) => `task ${why.grant.task} is completed, and with it the caller's grant ended`,
  "task-failed": (why) => `task ${why.grant.task} failed, and with it the caller's grant ended`,
  "task-expired": (why) => `task ${why.grant.task} passed its deadline, and with it the caller's grant ended`,
};

function secondsText(seconds: bigint): string {
  return seconds === 1n ? "1 second" : `${seconds} seconds`;
}

/** Why there is no answer, as a clause. */
export function obstacleText(why: WhyAnswer): string {
  return obstacleTexts[why.obstacle];
}

/** The authority's answer as a sentence. */
export function verdictText(why: WhyAnswer): string {
  return `${why.answer === "allowed" ? "Allowed" : "Denied"}: ${verdictTexts[why.verdict](why)}.`;
}
