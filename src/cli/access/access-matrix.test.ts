import { describe, expect, it } from "vitest";
import { roles } from "../../chain/roles.ts";
import type { Hex } from "../../core/hex.ts";
import type { AddressBook } from "../values/address-book.ts";
import type { AccessEvent } from "./access-events.ts";
import { accessMatrix } from "./access-matrix.ts";
import { foldAccess } from "./access-state.ts";
import { accessCsv } from "./access-text.ts";
import { expectedVerdict } from "./check-access.ts";

const account = (digit: string): Hex => `0x${digit.repeat(40)}`;
const [vault, agent, granter, anchor, root, treasurer] = ["a", "1", "2", "3", "4", "5"].map(account) as [
  Hex,
  Hex,
  Hex,
  Hex,
  Hex,
  Hex,
];
const withdraw = "0x00000001";
const open = "0x00000002";
const word: Hex = `0x${"00".repeat(32)}`;

function event(eventName: string, args: object): AccessEvent {
  return { eventName, args } as unknown as AccessEvent;
}

const member = (roleId: bigint, who: Hex, since = 100, delay = 0, newMember = true) =>
  event("RoleGranted", { roleId, account: who, delay, since, newMember });
const given = (args: object = {}) =>
  event("GrantGiven", {
    task: 7,
    grantee: agent,
    target: vault,
    selector: withdraw,
    notBefore: 200,
    notAfter: 500,
    uses: 3,
    cap: 5_000_000,
    granter,
    cause: word,
    anchor,
    ...args,
  });

/** A vault with a function by grant and one by role; a team whose path leads to the root office. */
const story: readonly AccessEvent[] = [
  event("TargetFunctionRoleUpdated", { target: vault, selector: withdraw, roleId: roles.GRANT_ROLE }),
  event("ActionGranterSet", { target: vault, selector: withdraw, granterRole: roles.GRANTER_ROLE }),
  event("TargetFunctionRoleUpdated", { target: vault, selector: open, roleId: roles.TREASURY_ROLE }),
  member(roles.GRANTER_ROLE, granter),
  member(roles.TREASURY_ROLE, treasurer, 100, 60),
  event("TeamOpened", { team: 1, anchor: root, path: [1] }),
  event("TeamOpened", { team: 2, anchor, path: [1] }),
  event("TaskOpened", { task: 7, team: 2, anchor, deadline: 400 }),
  given(),
];

function ways(events: readonly AccessEvent[], time: number, who: Hex) {
  return accessMatrix(foldAccess(events), time)
    .cells.filter((cell) => cell.account === who)
    .flatMap(({ access }) => access);
}

describe("the access matrix", () => {
  it("given a grant, its holder can call from its first second on until the earlier of its end and its task's", () => {
    const grant = { task: 7, team: 2, anchor, from: 200, until: 400, uses: 3, cap: 5_000_000 };
    expect(ways(story, 199, agent)).toEqual([{ how: "grant-later", ...grant }]);
    expect(ways(story, 200, agent)).toEqual([{ how: "grant", ...grant }]);
    expect(ways(story, 399, agent)).toHaveLength(1);
    expect(ways(story, 400, agent)).toEqual([]);
  });

  it.each([
    ["it was ended", event("GrantEnded", { task: 7, grantee: agent, target: vault, selector: withdraw })],
    ["it was used up", event("GrantUsedUp", { task: 7, grantee: agent, target: vault, selector: withdraw })],
    ["its task has ended", event("TaskEnded", { task: 7, status: 2 })],
  ])("given a grant, when %s, its holder can do nothing any more", (_name, end) => {
    expect(ways([...story, end], 300, agent)).toEqual([]);
  });

  it("given a grant anew after its end, it counts", () => {
    const end = event("GrantEnded", { task: 7, grantee: agent, target: vault, selector: withdraw });
    expect(ways([...story, end, given()], 300, agent)).toHaveLength(1);
  });

  it("given members of a role, they act with its delay, from their time on, until it is revoked", () => {
    expect(ways(story, 300, treasurer)).toEqual([{ how: "role", role: roles.TREASURY_ROLE, delaySeconds: 60 }]);
    expect(ways(story, 99, treasurer)).toEqual([
      { how: "role-later", role: roles.TREASURY_ROLE, delaySeconds: 60, from: 100 },
    ]);
    const revoked = event("RoleRevoked", { roleId: roles.TREASURY_ROLE, account: treasurer });
    expect(ways([...story, revoked], 300, treasurer)).toEqual([]);
  });

  it("given a shorter delay is announced, the longer one holds until then", () => {
    const shorter = member(roles.TREASURY_ROLE, treasurer, 250, 0, false);
    expect(ways([...story, shorter], 249, treasurer)).toMatchObject([{ delaySeconds: 60 }]);
    expect(ways([...story, shorter], 250, treasurer)).toMatchObject([{ delaySeconds: 0 }]);
  });

  it("says who could grant, and whose anchors could approve what limits refuse", () => {
    expect(ways(story, 300, granter)).toEqual([{ how: "could-grant", role: roles.GRANTER_ROLE, delaySeconds: 0 }]);
    expect(ways(story, 300, root)).toEqual([{ how: "could-approve", teams: [2] }]);
    expect(ways(story, 300, anchor), "the team's own anchor is not up its path").toEqual([]);
  });

  it("given an anchor names a substitute, that one could approve as well, but never what it asks for itself", () => {
    const named = event("SubstituteNamed", { anchor: root, substitute: agent });
    expect(ways([...story, named], 300, agent).map(({ how }) => how)).toEqual(["grant"]);
    const other = event("SubstituteNamed", { anchor: root, substitute: treasurer });
    expect(ways([...story, other], 300, treasurer).map(({ how }) => how)).toEqual(["could-approve", "role"]);
  });

  it("given filters, it is of that account and that target alone", () => {
    const state = foldAccess(story);
    expect(accessMatrix(state, 300, { account: agent }).accounts).toEqual([agent]);
    expect(accessMatrix(state, 300, { target: account("b") }).cells).toEqual([]);
  });

  it("given a closed target, the authority should refuse whatever role or grant there is", () => {
    const state = foldAccess([...story, event("TargetClosed", { target: vault, closed: true })]);
    const { actions, cells } = accessMatrix(state, 300);
    for (const column of actions) {
      for (const { access } of cells) expect(expectedVerdict(column, access)).toBe("denied");
    }
    const reopened = foldAccess([
      ...story,
      event("TargetClosed", { target: vault, closed: true }),
      event("TargetClosed", { target: vault, closed: false }),
    ]);
    expect(accessMatrix(reopened, 300).actions.every(({ closed }) => !closed)).toBe(true);
  });
});

describe("the access matrix as CSV", () => {
  it("escapes what a spreadsheet would take for a formula", () => {
    const book: AddressBook = { nameOf: () => "=HYPERLINK(1)", short: () => "", full: () => "" };
    const rows = accessCsv(accessMatrix(foldAccess(story), 300), new Map([[2, "G1,U1"]]), book);
    expect(rows[0]).toBe("account,accountName,target,targetName,function,how,closed,words");
    expect(rows.slice(1)).toHaveLength(4);
    for (const row of rows.slice(1)) expect(row).toContain(',"\'=HYPERLINK(1)",');
    expect(rows.at(-1)).toBeDefined();
    expect(rows.find((row) => row.startsWith(agent))).toContain('"grant of task 7, team 2 (G1,U1), until');
  });
});
