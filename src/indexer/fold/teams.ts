import { need, seconds, type Handlers } from "./handler.ts";
import type { Change, RowRef, Rows, TeamRow } from "./rows.ts";

function teamRef(team: number): RowRef<"team"> {
  return { entity: "team", id: team.toString() };
}

function changed(rows: Rows, team: number, change: Partial<TeamRow>): Change {
  return { ...teamRef(team), row: { ...need(rows, "team", team.toString()), ...change } };
}

/** Teams: who acts within which limits, for which human, and to whom that climbs. */
export const teamHandlers: Handlers = {
  TeamOpened: {
    fold: (_rows, { team, place, anchor, tier, triggers, path, cones, reason }, log) => [
      {
        ...teamRef(team),
        row: {
          place,
          status: "open",
          anchor,
          tier,
          cones,
          path,
          pathVersion: 1,
          triggers,
          version: 1,
          reason,
          openedAt: seconds(log),
          closedAt: null,
        },
      },
      { entity: "teamPath", id: `${team}/1`, row: { path } },
    ],
  },
  TeamClosed: {
    reads: ({ team }) => [teamRef(team)],
    fold: (rows, { team, reason }, log) => [changed(rows, team, { status: "closed", reason, closedAt: seconds(log) })],
  },
  TeamAnchorSet: {
    reads: ({ team }) => [teamRef(team)],
    fold: (rows, { team, anchor, version, reason }) => [changed(rows, team, { anchor, version, reason })],
  },
  TeamPathSet: {
    reads: ({ team }) => [teamRef(team)],
    fold: (rows, { team, path, version, reason }) => {
      const pathVersion = need(rows, "team", team.toString()).pathVersion + 1;
      return [
        changed(rows, team, { path, pathVersion, version, reason }),
        { entity: "teamPath", id: `${team}/${pathVersion}`, row: { path } },
      ];
    },
  },
  TeamConesSet: {
    reads: ({ team }) => [teamRef(team)],
    fold: (rows, { team, cones, tier, version, reason }) => [changed(rows, team, { cones, tier, version, reason })],
  },
  TeamTriggersSet: {
    reads: ({ team }) => [teamRef(team)],
    fold: (rows, { team, triggers, version, reason }) => [changed(rows, team, { triggers, version, reason })],
  },
  TierLowered: {
    reads: ({ team }) => [teamRef(team)],
    fold: (rows, { team, tier }) => [changed(rows, team, { tier })],
  },
  TierRaised: {
    reads: ({ team }) => [teamRef(team)],
    fold: (rows, { team, tier }) => [changed(rows, team, { tier })],
  },
  MemberAdded: {
    fold: (_rows, { team, member }, log) => [
      {
        entity: "teamMember",
        id: `${team}/${member}`,
        row: { team, account: member, since: seconds(log), until: null },
      },
    ],
  },
  MemberRemoved: {
    reads: ({ team, member }) => [{ entity: "teamMember", id: `${team}/${member}` }],
    fold: (rows, { team, member }, log) => {
      const id = `${team}/${member}`;
      return [{ entity: "teamMember", id, row: { ...need(rows, "teamMember", id), until: seconds(log) } }];
    },
  },
};
