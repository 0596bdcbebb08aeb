import { iAuthorityAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import { eventsOf } from "../../sdk/events.ts";
import { read } from "../../sdk/read.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { nameIn, taskStatuses } from "../../sdk/contract-enums.ts";

export interface TaskState {
  readonly task: number;
  readonly status: string;
  readonly team: number;
  readonly anchor: Hex;
  /** First second in which it is over. */
  readonly deadline: number;
  readonly purpose: Hex;
}

export async function taskState(session: Session, task: number): Promise<TaskState> {
  const { status, team, anchor, deadline, purpose } = await read(session, "Authority", iAuthorityAbi, "getTask", [
    task,
  ]);
  return { task, status: nameIn(taskStatuses, status), team, anchor, deadline, purpose };
}

/** Every task that was ever opened, with its present state, the newest first. */
export async function allTasks(session: Session): Promise<TaskState[]> {
  const opened = await eventsOf(session, addressOf(session, "Authority"), iAuthorityAbi, "TaskOpened");
  return Promise.all(opened.map(({ args }) => taskState(session, args.task)).reverse());
}
