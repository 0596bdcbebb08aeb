import { iAuthorityAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { verdictNames } from "../values/verdict.ts";
import type { AccessBlock } from "./access-events.ts";
import type { Access, AccessColumn, AccessMatrix } from "./access-matrix.ts";
import { actionKey, type AccessAction } from "./access-state.ts";

/** Questions that a node is asked at once. */
const AT_ONCE = 64;

type Verdict = (typeof verdictNames)[number];

/** Where events and state disagree: the node withheld an event, or this program is wrong. */
export interface AccessDifference extends AccessAction {
  readonly account: Hex;
  readonly byEvents: "allowed" | "allowed-by-role" | "role-delayed" | "denied";
  readonly byState: Verdict;
}

export type AccessCheck =
  | { readonly checked: true; readonly cells: number; readonly differences: readonly AccessDifference[] }
  /** The node no longer has the state of that block. */
  | { readonly checked: false; readonly reason: string };

/** What the authority should answer, given what events tell. Pure. */
export function expectedVerdict(column: AccessColumn, access: readonly Access[]): AccessDifference["byEvents"] {
  if (column.closed) return "denied";
  for (const each of access) {
    if (each.how === "grant") return "allowed";
    if (each.how === "role") return each.delaySeconds === 0 ? "allowed-by-role" : "role-delayed";
  }
  return "denied";
}

const yes: readonly string[] = ["allowed", "allowed-by-role", "role-delayed"];

/** Asks the chain's state at `block` for every cell, the empty ones as well. */
export async function checkAccess(session: Session, matrix: AccessMatrix, block: AccessBlock): Promise<AccessCheck> {
  const known = new Map(matrix.cells.map((cell) => [`${cell.account} ${actionKey(cell)}`, cell.access]));
  const pairs = matrix.accounts.flatMap((account) => matrix.actions.map((column) => ({ account, column })));
  const differences: AccessDifference[] = [];
  const address = addressOf(session, "Authority");
  try {
    for (let start = 0; start < pairs.length; start += AT_ONCE) {
      await Promise.all(
        pairs.slice(start, start + AT_ONCE).map(async ({ account, column }) => {
          const { target, selector } = column;
          const answer = await session.client.readContract({
            address,
            abi: iAuthorityAbi,
            functionName: "verdict",
            args: [account, target, selector],
            blockNumber: block.number,
          });
          const byState = verdictNames[answer] ?? "grant-missing";
          const byEvents = expectedVerdict(column, known.get(`${account} ${actionKey(column)}`) ?? []);
          const same = yes.includes(byState) ? byState === byEvents : byEvents === "denied";
          if (!same) differences.push({ account, target, selector, byEvents, byState });
        }),
      );
    }
  } catch (thrown) {
    const reason = thrown instanceof Error ? (thrown.message.split("\n", 1)[0] ?? "") : String(thrown);
    return { checked: false, reason: `the node does not answer for block ${block.number}: ${reason}` };
  }
  return { checked: true, cells: pairs.length, differences };
}
