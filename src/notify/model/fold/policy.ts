import { slice } from "viem";
import type { Hex } from "../../../core/hex.ts";
import type { Change, State } from "../rows.ts";
import { seconds, type Handlers } from "./handler.ts";

/** What waits ends with the event that decides it, whichever of its ends that is. */
function changeOver(parameter: string, team: number): readonly Change[] {
  return [{ entity: "change", id: `${parameter}/${team}`, row: null }];
}

function membersChange(
  state: State,
  team: number,
  change: (members: readonly Hex[]) => readonly Hex[],
): readonly Change[] {
  const before = state.get("team", team.toString());
  if (before === undefined) return [];
  return [{ entity: "team", id: team.toString(), row: { ...before, members: change(before.members ?? []) } }];
}

function teamAnchor(state: State, team: number, anchor: `0x${string}`): readonly Change[] {
  const before = state.get("team", team.toString());
  return before === undefined ? [] : [{ entity: "team", id: team.toString(), row: { ...before, anchor } }];
}

/** Teams, escalations, and values of the constitution that wait. */
export const policyHandlers: Handlers = {
  TeamOpened: ({ team, place, anchor, path }) => [
    { entity: "team", id: team.toString(), row: { place, anchor, open: true, paths: [path] } },
  ],
  TeamAnchorSet: ({ team, anchor }, state) => teamAnchor(state, team, anchor),
  TeamPathSet: ({ team, path }, state) => {
    const before = state.get("team", team.toString());
    if (before === undefined) return [];
    return [{ entity: "team", id: team.toString(), row: { ...before, paths: [...before.paths, path] } }];
  },
  // A closed team keeps its row: an escalation that was opened before still has its path.
  TeamClosed: ({ team }, state) => {
    const before = state.get("team", team.toString());
    return before === undefined ? [] : [{ entity: "team", id: team.toString(), row: { ...before, open: false } }];
  },

  MemberAdded: ({ team, member }, state) => membersChange(state, team, (members) => [...members, member]),
  MemberRemoved: ({ team, member }, state) =>
    membersChange(state, team, (members) => members.filter((each) => each !== member)),

  EscalationOpened: (args, _state, log) => [
    {
      entity: "escalation",
      id: args.operation,
      row: {
        status: "pending",
        team: args.team,
        caller: args.caller,
        target: args.target,
        selector: slice(args.data, 0, 4),
        task: args.task,
        boundary: args.boundary,
        limit: args.limit.toString(),
        actual: args.actual.toString(),
        openedAt: seconds(log),
        deadline: args.deadline,
        pathVersion: args.pathVersion,
        approvedAt: 0,
        usableUntil: 0,
        resolver: null,
      },
    },
  ],
  EscalationApproved: ({ operation, resolver, usableUntil }, state, log) => {
    const before = state.get("escalation", operation);
    if (before === undefined) return [];
    const row = { ...before, status: "approved", approvedAt: seconds(log), usableUntil, resolver } as const;
    return [{ entity: "escalation", id: operation, row }];
  },
  EscalationRejected: ({ operation }) => [{ entity: "escalation", id: operation, row: null }],
  EscalationWithdrawn: ({ operation }) => [{ entity: "escalation", id: operation, row: null }],
  EscalationExecuted: ({ operation }) => [{ entity: "escalation", id: operation, row: null }],

  ChangeProposed: ({ parameter, team, value, enactableFrom, expiresAt, required, by }, state, log) => [
    {
      entity: "change",
      id: `${parameter}/${team}`,
      row: {
        parameter,
        team,
        value: value.toString(),
        proposedAt: seconds(log),
        enactableFrom,
        expiresAt,
        required,
        consents: 0,
        consentedBy: [],
        electorate: Math.max(0, ...[...state.all("team")].map(([number]) => Number(number))),
        by,
      },
    },
  ],
  ChangeConsented: ({ parameter, team, consents }, state) => {
    // The consent names the team that consents; what it consents to is the office's value, which is team 0's.
    const id = `${parameter}/0`;
    const before = state.get("change", id);
    if (before === undefined) return [];
    return [{ entity: "change", id, row: { ...before, consents, consentedBy: [...before.consentedBy, team] } }];
  },
  ChangeCancelled: ({ parameter, team }) => changeOver(parameter, team),
  ValueSet: ({ parameter, team }) => changeOver(parameter, team),
};
