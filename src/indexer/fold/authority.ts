import { MandateError } from "../../core/errors/mandate-error.ts";
import { need, seconds, type Handlers } from "./handler.ts";

/** As `IAuthority.TaskStatus` counts them. */
const endings: Readonly<Record<number, "completed" | "failed">> = { 2: "completed", 3: "failed" };

/** The system's contracts, tasks and just-in-time grants of the authority. */
export const authorityHandlers: Handlers = {
  ContractRegistered: {
    fold: (_rows, { account, kind, codeHash }, log) => [
      { entity: "contract", id: account, row: { kind, codeHash, registeredAt: seconds(log) } },
    ],
  },
  TaskOpened: {
    fold: (_rows, { task, team, anchor, opener, deadline, purpose }, log) => [
      {
        entity: "task",
        id: task.toString(),
        row: { status: "open", team, opener, anchor, deadline, purpose, openedAt: seconds(log), endedAt: null },
      },
    ],
  },
  TaskEnded: {
    reads: ({ task }) => [{ entity: "task", id: task.toString() }],
    fold: (rows, { task, status }, log) => {
      const ending = endings[status];
      if (ending === undefined) {
        throw new MandateError("FoldImpossible", `task ${task} ends with status ${status}`, {
          kind: "defect",
          data: { task, status },
        });
      }
      const before = need(rows, "task", task.toString());
      return [{ entity: "task", id: task.toString(), row: { ...before, status: ending, endedAt: seconds(log) } }];
    },
  },
  TeamLimitsSet: {
    fold: (_rows, { team, anchor, limits }) => [
      { entity: "teamLimits", id: team.toString(), row: { anchor, ...limits } },
    ],
  },
  GrantGiven: {
    fold: (_rows, { task, grantee, target, selector, notBefore, notAfter, uses, cap, granter }) => [
      {
        entity: "taskGrant",
        id: `${task}/${grantee}/${target}/${selector}`,
        row: { task, grantee, target, selector, notBefore, notAfter, uses, cap, granter, ended: null },
      },
    ],
  },
  GrantEnded: {
    reads: ({ task, grantee, target, selector }) => [
      { entity: "taskGrant", id: `${task}/${grantee}/${target}/${selector}` },
    ],
    fold: (rows, { task, grantee, target, selector }) => {
      const id = `${task}/${grantee}/${target}/${selector}`;
      return [{ entity: "taskGrant", id, row: { ...need(rows, "taskGrant", id), ended: "ended" } }];
    },
  },
  GrantUsedUp: {
    reads: ({ task, grantee, target, selector }) => [
      { entity: "taskGrant", id: `${task}/${grantee}/${target}/${selector}` },
    ],
    fold: (rows, { task, grantee, target, selector }) => {
      const id = `${task}/${grantee}/${target}/${selector}`;
      return [{ entity: "taskGrant", id, row: { ...need(rows, "taskGrant", id), ended: "used-up" } }];
    },
  },
};
