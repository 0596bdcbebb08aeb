import type { GrantState } from "../state/grants.ts";
import type { AddressBook } from "../values/address-book.ts";
import { functionName } from "../values/function-name.ts";
import { countdownText } from "../values/time.ts";
import { unitsText } from "../values/units.ts";
import { tableText } from "./table.ts";

/** Grants for people: who may call what, for how long and how often, within which cap. */
export function grantTable(grants: readonly GrantState[], book: AddressBook, now: number, empty: string): string {
  const rows = grants.map((each) => [
    `${each.task}`,
    book.short(each.grantee),
    `${book.short(each.target)}.${functionName(each.selector)}`,
    each.effective ? "in effect" : each.verdict,
    each.notBefore > now ? `begins ${countdownText(each.notBefore, now)}` : countdownText(each.notAfter, now),
    each.usesLeft === undefined ? "not counted" : `${each.usesLeft}`,
    each.capLeft === undefined ? "none" : unitsText(each.capLeft),
  ]);
  return tableText(["task", "holder", "may call", "state", "end", "uses left", "cap left"], rows, empty);
}
