import type { GrantAnswer, TaskAnswer } from "../../core/api/tasks.ts";
import type { Entities } from "../fold/rows.ts";
import type { Identified } from "./snapshot.ts";
import { checksummed } from "./spelling.ts";

function taskStatus(task: Entities["task"], now: number): TaskAnswer["status"] {
  return task.status === "open" && now >= task.deadline ? "expired" : task.status;
}

/** Whether a grant has effect, and otherwise why not: the Authority's rules, in its order. Pure. */
export function grantStatus(grant: Entities["taskGrant"], task: Entities["task"], now: number): GrantAnswer["status"] {
  if (grant.ended === "ended") return "ended";
  if (now < grant.notBefore) return "not-started";
  if (now >= grant.notAfter) return "expired";
  if (grant.ended === "used-up") return "used-up";
  const status = taskStatus(task, now);
  return status === "open" ? "effective" : `task-${status}`;
}

/** A task with its grants in an answer, as of `now`. Pure. */
export function describeTask(
  task: Identified<"task">,
  grants: readonly Entities["taskGrant"][],
  now: number,
): TaskAnswer {
  return {
    task: Number(task.id),
    team: task.team,
    status: taskStatus(task, now),
    opener: checksummed(task.opener),
    anchor: checksummed(task.anchor),
    deadline: task.deadline,
    purpose: task.purpose,
    openedAt: task.openedAt,
    endedAt: task.endedAt,
    grants: grants.map((grant) => ({
      grantee: checksummed(grant.grantee),
      target: checksummed(grant.target),
      selector: grant.selector,
      notBefore: grant.notBefore,
      notAfter: grant.notAfter,
      uses: grant.uses === 0 ? null : grant.uses,
      cap: grant.cap === 0 ? null : grant.cap,
      granter: checksummed(grant.granter),
      status: grantStatus(grant, task, now),
    })),
  };
}
