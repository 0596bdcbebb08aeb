import type { Hex } from "../../core/hex.ts";
import type { Holding, Way } from "./holding.ts";

/** One call of the batch, with what it ends. */
export interface Step {
  readonly holding: Holding;
  readonly way: Way;
  /** Who else could send it. */
  readonly others: readonly Way[];
}

/** What has to be sent, by who must send it, and what ends without, later or never. */
export interface Plan {
  readonly groups: readonly { readonly sender: Hex; readonly steps: readonly Step[] }[];
  readonly follows: readonly Holding[];
  /** A person has to decide something first, or nobody may send what would end it. */
  readonly open: readonly { readonly holding: Holding; readonly what: string }[];
  readonly stays: readonly { readonly holding: Holding; readonly why: string }[];
}

/**
 * Who is asked to send: the one who signs here, if it may; somebody else, even after a delay, before the address itself, which
 * may not be at hand or not be willing; and of those first who acts at once.
 */
function chosen(ways: readonly Way[], account: Hex, signer: Hex | undefined): Way | undefined {
  const rank = (way: Way): number =>
    (way.sender === signer ? 0 : 4) + (way.sender === account ? 2 : 0) + (way.delaySeconds > 0 ? 1 : 0);
  return ways.toSorted((a, b) => rank(a) - rank(b))[0];
}

/** Sorts what an address holds into one batch. Pure. */
export function planOf(holdings: readonly Holding[], account: Hex, signer?: Hex): Plan {
  const steps: Step[] = [];
  const follows: Holding[] = [];
  const open: Plan["open"][number][] = [];
  const stays: Plan["stays"][number][] = [];
  for (const holding of holdings) {
    const { ending } = holding;
    if (ending.kind === "follows") follows.push(holding);
    else if (ending.kind === "open") open.push({ holding, what: ending.what });
    else if (ending.kind === "stays") stays.push({ holding, why: ending.why });
    else {
      const way = chosen(ending.ways, account, signer);
      if (way === undefined) open.push({ holding, what: "nobody holds the right to end it now" });
      else steps.push({ holding, way, others: ending.ways.filter((each) => each !== way) });
    }
  }
  const isLast = ({ holding }: Step): boolean => holding.ending.kind === "call" && holding.ending.last === true;
  const ordered = [...steps.filter((step) => !isLast(step)), ...steps.filter(isLast)];
  const senders = [...new Set(ordered.map(({ way }) => way.sender))];
  const groups = senders.map((sender) => ({ sender, steps: ordered.filter(({ way }) => way.sender === sender) }));
  return { groups, follows, open, stays };
}

/** What is left to be done: nothing that is only its own, or ends without anybody. */
export function isDone(plan: Plan): boolean {
  return plan.groups.length === 0 && plan.open.length === 0;
}
