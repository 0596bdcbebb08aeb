import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BlockHeader } from "../../chain/follow/block.ts";
import type { Change, Entities } from "../model/rows.ts";
import { openNotifyDatabase } from "./database.ts";
import { FollowedState } from "./followed-state.ts";
import { temporaryDirectory } from "../../../test/support/temporary-directory.ts";

const origin = { chainId: 1, authority: `0x${"1".repeat(40)}`, fromBlock: 1n };

function block(number: number, branch = 0): BlockHeader {
  const hash = (at: number): `0x${string}` => `0x${branch}${at.toString(16).padStart(63, "0")}`;
  return { number: BigInt(number), hash: hash(number), parentHash: hash(number - 1), timestamp: BigInt(number) };
}

const report = (id: number, value: number | null): Change => ({
  entity: "oracle",
  id: `o${id}`,
  row: value === null ? null : { report: value, acceptedAt: value, trippedUntil: 0 },
});

function rowsOf(state: FollowedState): [string, Entities["oracle"]][] {
  return [...state.state.all("oracle")].map(([id, row]): [string, Entities["oracle"]] => [id, row]).sort();
}

function opened(): { state: FollowedState; path: string; reopen: () => FollowedState } {
  const path = join(temporaryDirectory("mandate-followed"), "notify.sqlite");
  let database = openNotifyDatabase(path, origin);
  return {
    path,
    state: new FollowedState(database),
    reopen: () => {
      database.close();
      database = openNotifyDatabase(path, origin);
      return new FollowedState(database);
    },
  };
}

const advance = (state: FollowedState, at: BlockHeader, changes: readonly Change[], final = false): Promise<void> =>
  state.advance(
    { block: at, final, journals: [["0xaa", { head: at.hash, events: at.number }]], proved: true },
    (writes) => {
      writes.apply(changes);
      return Promise.resolve();
    },
  );

describe("what is followed, on disk", () => {
  it("given any changes, rollbacks, finalizations and restarts, it holds what the remaining blocks left", async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant("block" as const),
        changes: fc.array(fc.tuple(fc.nat(3), fc.option(fc.nat(9), { nil: null })), { maxLength: 4 }),
      }),
      fc.record({ kind: fc.constant("back" as const), depth: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ kind: fc.constant("final" as const), depth: fc.nat(3) }),
      fc.record({ kind: fc.constant("restart" as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { state: first, reopen } = opened();
        let state = first;
        await state.finalize(block(0));
        /** Rows after each block that is not taken back; the last final one is `base`. */
        const history: Map<string, Entities["oracle"]>[] = [new Map()];
        let base = 0;
        for (const each of steps) {
          if (each.kind === "block") {
            const after = new Map(history.at(-1));
            const changes = each.changes.map(([id, value]) => report(id, value));
            for (const { id, row } of changes) {
              if (row === null) after.delete(id);
              else after.set(id, row as Entities["oracle"]);
            }
            await advance(state, block(history.length), changes);
            history.push(after);
          } else if (each.kind === "back") {
            const ancestor = Math.max(base, history.length - 1 - each.depth);
            await state.rollBack(block(ancestor));
            history.length = ancestor + 1;
          } else if (each.kind === "final") {
            base = Math.max(base, history.length - 1 - each.depth);
            await state.finalize(block(base));
          } else {
            state = reopen();
          }
          expect(rowsOf(state)).toEqual([...(history.at(-1) ?? [])].sort());
          expect(Number(state.head()?.number)).toBe(history.length - 1);
        }
        const checkpoint = await state.checkpoint();
        expect(checkpoint?.finalized.number).toBe(BigInt(base));
        expect(checkpoint?.recent.map(({ number }) => Number(number))).toEqual(
          Array.from({ length: history.length - 1 - base }, (_, index) => base + 1 + index),
        );
        const journal = (await state.journals()).get("0xaa");
        expect(journal?.events).toBe(history.length === 1 ? undefined : BigInt(history.length - 1));
      }),
      { numRuns: 60 },
    );
  });

  it("given work that fails, nothing of the block is kept, on disk or in memory", async () => {
    const { state, reopen } = opened();
    await state.finalize(block(0));
    const failing = state.advance({ block: block(1), final: false, journals: [], proved: true }, (writes) => {
      writes.apply([report(1, 1)]);
      return Promise.reject(new Error("no"));
    });
    await expect(failing).rejects.toThrow("no");
    expect(rowsOf(state)).toEqual([]);
    expect(reopen().head()?.number).toBe(0n);
  });

  it("given a trouble, the next block that is taken in clears it", async () => {
    const { state, reopen } = opened();
    await state.finalize(block(0));
    await state.setTrouble({ code: "JournalMismatch", message: "m", contract: "0xaa" });
    expect(reopen().trouble()).toEqual({ code: "JournalMismatch", message: "m", contract: "0xaa" });
  });
});
