import { describe, expect, it } from "vitest";
import { MemoryRows } from "../../../test/support/memory-rows.ts";
import type { ChainLog } from "../../chain/follow/block.ts";
import type { Hex } from "../../core/hex.ts";
import { foldEvent } from "./fold-event.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const account = (n: number): Hex => `0x${n.toString(16).padStart(40, "0")}`;
const [challenge, project, challenger, ruler, anchor] = [word(1), word(2), account(5), account(6), account(7)];

type Told = readonly [name: string, args: Record<string, unknown>];

/** Folds events in turn, at second 1, 2, and so on. */
function folded(...events: readonly Told[]): MemoryRows {
  const rows = new MemoryRows();
  events.forEach(([name, args], index) => {
    const log = { address: account(8), blockTimestamp: BigInt(index + 1), transactionHash: word(index) } as ChainLog;
    rows.apply(foldEvent(rows, { name, args, log }));
  });
  return rows;
}

const facts = { project, challenger, report: 3, epoch: 4, evidence: word(9), team: 2, pathTeam: 2, pathVersion: 1 };
const terms = { deadline: 100, bond: 11n, reward: 5n };
const leaf = { project, definition: word(10), outcome: 1, grade: 2, score: 7n };
const opened: Told = ["ChallengeOpened", { challenge, ...facts, ...terms, leaf, cause: word(11), anchor }];
const row = {
  ...{ ...facts, ...terms, definition: word(10), outcome: 1, grade: 2, score: 7n, planAnchor: anchor },
  ...{ status: "open", openedAt: 1, ruler: null, reason: null, lowered: false },
  ...{ credited: 0n, forfeited: 0n, endedAt: null },
};
const said = { challenge, cause: challenge, anchor };
const reason = word(12);

describe("the fold of challenges", () => {
  it("given an opening, it keeps the leaf, the terms and the plan's anchor", () => {
    expect(folded(opened).get("challenge", challenge)).toEqual(row);
  });

  it.each<[Told, object]>([
    [
      ["ChallengeUpheld", { ...said, ruler, reason, lowered: true, reward: 5n, credited: 16n, pot: 0n }],
      { status: "upheld", ruler, reason, lowered: true, credited: 16n },
    ],
    [
      ["ChallengeRejected", { ...said, ruler, reason, forfeited: 11n, pot: 11n }],
      { status: "rejected", ruler, reason, forfeited: 11n },
    ],
    [
      ["ChallengeWithdrawn", { ...said, challenger, forfeited: 6n, credited: 5n, pot: 6n }],
      { status: "withdrawn", forfeited: 6n, credited: 5n },
    ],
    [["ChallengeLapsed", { ...said, challenger, credited: 11n }], { status: "returned", credited: 11n }],
  ])("given how it ends (case %#), it ends then", (event, change) => {
    expect(folded(opened, event).get("challenge", challenge)).toEqual({ ...row, ...change, endedAt: 2 });
    expect(() => folded(event)).toThrow(expect.objectContaining({ code: "FoldImpossible" }));
  });
});
