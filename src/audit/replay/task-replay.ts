import type { Hex } from "../../core/hex.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs } from "./audited-event.ts";
import type { LimitReplay } from "./limit-replay.ts";
import type { RuleContext } from "./rule-context.ts";

/** Numbers of `IAuthority.TaskStatus`. */
const COMPLETED = 2;
const FAILED = 3;

/** A task as replayed; times in seconds. */
export interface ReplayedTask {
  readonly anchor: Hex;
  readonly team: number;
  readonly deadline: bigint;
  /** Where it ended before its deadline: the position of that event. */
  readonly ended: boolean;
}

/** The history of tasks, and until when their anchors live. */
export interface TaskReplay {
  livenessSet(log: PlacedLog, args: EventArgs<"Authority", "AnchorLivenessSet">): void;
  opened(log: PlacedLog, args: EventArgs<"Authority", "TaskOpened">): void;
  ended(log: PlacedLog, args: EventArgs<"Authority", "TaskEnded">): void;
  task(id: number): ReplayedTask | undefined;
  /** First second in which `anchor` is not live; 0 where it never was. */
  readonly liveUntil: (anchor: Hex) => bigint;
}

export function replayTasks(context: RuleContext, limits: Pick<LimitReplay, "team">): TaskReplay {
  const tasks = new Map<number, ReplayedTask>();
  const liveUntil = new Map<Hex, bigint>();
  const until = (anchor: Hex): bigint => liveUntil.get(anchor) ?? 0n;
  const rule = "authority-task";
  let newest = 0;

  return {
    livenessSet(_log, args) {
      liveUntil.set(args.anchor, BigInt(args.liveUntil));
    },
    opened(log, { task, opener, team, deadline, anchor }) {
      const now = log.blockTimestamp;
      context.requireEqual(rule, log, "task", newest + 1, task);
      context.requireEqual(rule, log, "the accountable anchor", opener, anchor);
      context.require(
        now < until(anchor),
        rule,
        log,
        `an anchor that is live at ${now}`,
        `live until ${until(anchor)}`,
      );
      const entitled = limits.team(team)?.anchor ?? "nobody";
      context.requireEqual("authority-team", log, `the anchor of team ${team}`, entitled, opener);
      const bounds = `a deadline in (${now}, ${until(anchor)}]`;
      context.require(BigInt(deadline) > now && BigInt(deadline) <= until(anchor), rule, log, bounds, deadline);
      tasks.set(task, { anchor, team, deadline: BigInt(deadline), ended: false });
      newest = task;
    },
    ended(log, { task: id, status, anchor }) {
      const task = tasks.get(id);
      const open = task !== undefined && !task.ended && log.blockTimestamp < task.deadline;
      context.require(open, rule, log, `task ${id} open`, task === undefined ? "unknown" : "ended or expired");
      context.require(status === COMPLETED || status === FAILED, rule, log, "Completed or Failed", `status ${status}`);
      if (task === undefined) return;
      context.requireEqual(rule, log, "the accountable anchor", task.anchor, anchor);
      tasks.set(id, { ...task, ended: true });
    },
    task: (id) => tasks.get(id),
    liveUntil: until,
  };
}
