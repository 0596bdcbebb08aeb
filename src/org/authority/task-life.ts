import type { Hex } from "../../core/hex.ts";
import { teamOf, withEntry, type AuthorityState, type Task } from "./state.ts";
import { taskStatusAt } from "./verdict.ts";

/** A change that the authority makes, or the name of the error with which it refuses. */
export type Change =
  { readonly done: true; readonly state: AuthorityState } | { readonly done: false; readonly error: string };

/** Open tasks that an anchor can have at a time. */
export const MAX_OPEN_TASKS = 64;

/** The caller, who must be live and the team's anchor, opens the task `id`: the next number that is free. */
export function openTask(
  state: AuthorityState,
  { caller, team, deadline }: { readonly caller: Hex; readonly team: number; readonly deadline: number },
  now: number,
): Change & { readonly task?: number } {
  const liveUntil = state.anchors.get(caller) ?? 0;
  if (liveUntil <= now) return refused("AuthorityAnchorNotLive");
  if (teamOf(state, team).anchor !== caller) return refused("AuthorityNotTeamAnchor");
  if (deadline <= now || deadline > liveUntil) return refused("AuthorityInvalidDeadline");
  const open = [...state.tasks.values()].filter((each) => each.anchor === caller && isOpen(each, now));
  if (open.length >= MAX_OPEN_TASKS) return refused("AuthorityTooManyOpenTasks");
  const task = state.tasks.size + 1;
  const opened: Task = { status: "Open", anchor: caller, deadline, team };
  return { done: true, state: { ...state, tasks: withEntry(state.tasks, task, opened) }, task };
}

/** Its anchor ends a task before its deadline. */
export function endTask(
  state: AuthorityState,
  { caller, task, status }: { readonly caller: Hex; readonly task: number; readonly status: "Completed" | "Failed" },
  now: number,
): Change {
  const found = state.tasks.get(task);
  if (found === undefined || !isOpen(found, now)) return refused("AuthorityUnexpectedTaskStatus");
  if (found.anchor !== caller) return refused("AuthorityNotTaskAnchor");
  return { done: true, state: withTask(state, task, { ...found, status, deadline: now }) };
}

/** Writes until when an anchor lives; where its life is cut short, its open tasks fail. */
export function setAnchorLiveness(state: AuthorityState, anchor: Hex, liveUntil: number, now: number): AuthorityState {
  const previous = state.anchors.get(anchor) ?? 0;
  const written = { ...state, anchors: withEntry(state.anchors, anchor, liveUntil) };
  if (liveUntil >= previous) return written;
  const open = [...state.tasks].filter(([, task]) => task.anchor === anchor && isOpen(task, now));
  return open.reduce(
    (changed, [id, task]) => withTask(changed, id, { ...task, status: "Failed", deadline: now }),
    written,
  );
}

function isOpen(task: Task, now: number): boolean {
  return taskStatusAt(task, now) === "Open";
}

function withTask(state: AuthorityState, id: number, task: Task): AuthorityState {
  return { ...state, tasks: withEntry(state.tasks, id, task) };
}

function refused(error: string): Change {
  return { done: false, error };
}
