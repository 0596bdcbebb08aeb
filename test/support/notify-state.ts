/** Rows for the rules of notifications, as events would have left them. */
import { MemoryState } from "../../src/notify/model/memory-state.ts";
import type { Change, Entities, EntityName } from "../../src/notify/model/rows.ts";
import type { Notice } from "../../src/notify/notices/notice.ts";
import type { Rule } from "../../src/notify/rules/rule.ts";
import { wordsWith } from "../../src/notify/rules/words.ts";

export const DAY = 86_400;

/** An address that is easy to tell from others. */
export function party(number: number): `0x${string}` {
  return `0x${number.toString(16).padStart(40, "0")}`;
}

export function word(number: number): `0x${string}` {
  return `0x${number.toString(16).padStart(64, "0")}`;
}

/** A state that holds `rows`, by kind and id. */
export function stateOf(rows: {
  readonly [E in EntityName]?: Readonly<Record<string, Entities[E]>>;
}): MemoryState {
  const state = new MemoryState();
  for (const [entity, all] of Object.entries(rows)) {
    for (const [id, row] of Object.entries(all)) state.apply([{ entity, id, row } as Change]);
  }
  return state;
}

/** What a rule finds at `now`, with its own settings. */
export function dueOf(rule: Rule, state: MemoryState, now: number): Omit<Notice, "rule">[] {
  return [...rule.due(state, { now, ahead: rule.ahead, remindAfterSeconds: 30 * DAY, words: wordsWith({}) })];
}

/** A project that was just proposed and that nobody signed. */
export const proposedProject: Entities["project"] = {
  vault: party(0xaa),
  status: "proposed",
  asset: party(0xee),
  payee: party(1),
  opener: party(2),
  anchor: party(3),
  team: word(0),
  oracle: party(4),
  renewalWindow: 100,
  acceptBy: 10 * DAY,
  openedAt: 0,
  payeeAccepted: false,
  anchorAccepted: false,
  paidThrough: 0,
  milestones: [
    {
      amount: "5",
      paid: "0",
      deadline: 20 * DAY,
      status: "pending",
      payableFrom: 0,
      provedAt: 0,
      coSignature: false,
      proof: null,
      coSigned: [],
    },
  ],
};

/** An escalation of team 1, whose path is teams 2, 3, 4, opened at 0 and denied at 1,200. */
export const pendingEscalation: Entities["escalation"] = {
  status: "pending",
  team: 1,
  caller: party(9),
  target: party(0xaa),
  selector: "0x12345678",
  task: 5,
  boundary: 7,
  limit: "500000000",
  actual: "500000001",
  openedAt: 0,
  deadline: 1_200,
  pathVersion: 1,
  approvedAt: 0,
  usableUntil: 0,
  resolver: null,
};

/** A challenge of a project of team 1, whose path is teams 2, 3 and 4, opened at 0 and lapsed at 1,200. */
export const openChallenge: Entities["challenge"] = {
  project: word(5),
  challenger: party(9),
  epoch: 7,
  team: 1,
  pathTeam: 1,
  pathVersion: 1,
  planAnchor: party(8),
  openedAt: 0,
  deadline: 1_200,
};

/** Team `number`, led by `party(number)`. */
export function teamWith(number: number, ...paths: readonly (readonly number[])[]): Entities["team"] {
  return { place: word(number), anchor: party(number), open: true, paths };
}

export const fourTeams: Readonly<Record<string, Entities["team"]>> = {
  "1": teamWith(1, [2, 3, 4]),
  "2": teamWith(2, [4]),
  "3": teamWith(3, [4]),
  "4": teamWith(4, [4]),
};
