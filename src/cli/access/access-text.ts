import { csvCell } from "../../audit/postings-csv.ts";
import { roleNameOf } from "../../chain/roles.ts";
import { teamText } from "../state/teams.ts";
import type { AddressBook } from "../values/address-book.ts";
import { functionSignature } from "../values/function-name.ts";
import { durationText, timeText } from "../values/time.ts";
import { unitsText } from "../values/units.ts";
import type { Access, AccessMatrix } from "./access-matrix.ts";

function delayText(seconds: number): string {
  return seconds === 0 ? "at once" : `${durationText(seconds)} after scheduling`;
}

/** One way in which an account can, or could, bring an action about, in words. Pure. */
export function accessText(access: Access, places: ReadonlyMap<number, string>): string {
  switch (access.how) {
    case "role":
      return `${roleNameOf(access.role)}, ${delayText(access.delaySeconds)}`;
    case "role-later":
      return `${roleNameOf(access.role)} from ${timeText(access.from)} on, ${delayText(access.delaySeconds)}`;
    case "grant":
    case "grant-later": {
      const from = access.how === "grant" ? "" : `from ${timeText(access.from)} `;
      const uses = access.uses === 0 ? "" : `, ${access.uses} uses given`;
      const cap = access.cap === 0 ? "" : `, cap ${unitsText(access.cap)} given`;
      return `grant of task ${access.task}, team ${teamText(places, access.team)}, ${from}until ${timeText(access.until)}${uses}${cap}`;
    }
    case "could-grant":
      return `could grant it, by ${roleNameOf(access.role)}, ${delayText(access.delaySeconds)}`;
    case "could-approve":
      return `could approve what limits refuse to team ${access.teams.map((team) => teamText(places, team)).join(", ")}`;
  }
}

/** One row for every way in: account, action, how. */
export function accessRows(matrix: AccessMatrix, places: ReadonlyMap<number, string>, book: AddressBook): string[][] {
  const closed = new Set(matrix.actions.filter((each) => each.closed).map(({ target }) => target));
  const admins = matrix.administrators.map(({ account, delaySeconds }) => {
    return [book.short(account), "every other restricted function", `ADMIN_ROLE, ${delayText(delaySeconds)}`];
  });
  const cells = matrix.cells.flatMap(({ account, target, selector, access }) =>
    access.map((each) => [
      book.short(account),
      `${book.short(target)}.${functionSignature(selector).split("(", 1)[0] ?? selector}`,
      `${closed.has(target) ? "CLOSED; else: " : ""}${accessText(each, places)}`,
    ]),
  );
  return [...admins, ...cells];
}

const columns = ["account", "accountName", "target", "targetName", "function", "how", "closed", "words"] as const;

/** The matrix as CSV, a row for every way in. Cells that a spreadsheet would take for a formula are escaped. */
export function accessCsv(matrix: AccessMatrix, places: ReadonlyMap<number, string>, book: AddressBook): string[] {
  const closed = new Set(matrix.actions.filter((each) => each.closed).map(({ target }) => target));
  const rows = matrix.cells.flatMap(({ account, target, selector, access }) =>
    access.map((each) => [
      account,
      book.nameOf(account) ?? "",
      target,
      book.nameOf(target) ?? "",
      functionSignature(selector),
      each.how,
      String(closed.has(target)),
      accessText(each, places),
    ]),
  );
  const admins = matrix.administrators.map(({ account, delaySeconds }) => {
    return [
      account,
      book.nameOf(account) ?? "",
      "",
      "",
      "every other restricted function",
      "role",
      "false",
      `ADMIN_ROLE, ${delayText(delaySeconds)}`,
    ];
  });
  return [columns, ...admins, ...rows].map((row) => row.map((cell) => csvCell(cell)).join(","));
}
