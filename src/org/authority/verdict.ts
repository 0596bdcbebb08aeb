import type { Grant, Task, TaskStatus } from "./state.ts";

/** As `IAuthority.Verdict` counts them. */
export const verdicts = [
  "Allowed",
  "AllowedByRole",
  "TargetClosed",
  "RoleMissing",
  "RoleDelayed",
  "GrantMissing",
  "GrantEnded",
  "GrantNotStarted",
  "GrantExpired",
  "GrantUsedUp",
  "TaskCompleted",
  "TaskFailed",
  "TaskExpired",
] as const;
export type Verdict = (typeof verdicts)[number];

export function taskStatusAt(task: Task | undefined, now: number): TaskStatus {
  if (task === undefined) return "None";
  return task.status === "Open" && task.deadline <= now ? "Expired" : task.status;
}

/** Whether a grant has effect, and if not, the reason for its end that came first. */
export function grantVerdict(grant: Grant | undefined, task: Task | undefined, now: number): Verdict {
  if (grant === undefined) return "GrantMissing";
  const isTaskOpen = task?.status === "Open";
  if (now >= grant.notAfter || !isTaskOpen) {
    if (grant.ended) return "GrantEnded";
    // A task that ended early has the time of its end as its deadline.
    if (grant.notAfter < (task?.deadline ?? 0)) return "GrantExpired";
    if (task?.status === "Completed") return "TaskCompleted";
    return task?.status === "Failed" ? "TaskFailed" : "TaskExpired";
  }
  if (grant.uses === 0) return "GrantUsedUp";
  return now < grant.notBefore ? "GrantNotStarted" : "Allowed";
}

/** Whether nothing can give the grant effect any more. */
export function isOver(verdict: Verdict): boolean {
  return verdict !== "Allowed" && verdict !== "GrantNotStarted";
}
