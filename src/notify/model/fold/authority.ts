import { seconds, type Handlers } from "./handler.ts";

/** Tasks and just-in-time grants. A task's end is its grants' end. */
export const authorityHandlers: Handlers = {
  TaskOpened: (args, _state, log) => [
    {
      entity: "task",
      id: args.task.toString(),
      row: {
        anchor: args.anchor,
        deadline: args.deadline,
        openedAt: seconds(log),
        team: args.team,
      },
    },
  ],
  TaskEnded: ({ task }, state) => {
    const grants = [...state.all("grant")].filter(([, grant]) => grant.task === task);
    return [
      { entity: "task", id: task.toString(), row: null },
      ...grants.map(([id]) => ({ entity: "grant", id, row: null }) as const),
    ];
  },
  GrantGiven: ({ task, grantee, target, selector, notBefore, notAfter }) => [
    {
      entity: "grant",
      id: `${grantee}/${target}/${selector}`,
      row: { task, grantee, target, selector, notBefore, notAfter },
    },
  ],
  GrantEnded: ({ grantee, target, selector }) => [
    { entity: "grant", id: `${grantee}/${target}/${selector}`, row: null },
  ],
  GrantUsedUp: ({ grantee, target, selector }) => [
    { entity: "grant", id: `${grantee}/${target}/${selector}`, row: null },
  ],
};
