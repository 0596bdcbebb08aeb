import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Clock } from "../../core/clock.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import type { BlockHeader, BlockRef, ChainEvent, RawLog } from "./block.ts";
import type { ChainReader, LogRange } from "./chain-reader.ts";
import { follow, type Checkpoint } from "./follow.ts";

const root: Hex = `0x${"a".repeat(40)}`;
const late: Hex = `0x${"b".repeat(40)}`;
const found: Hex = `0x${"f".repeat(64)}`;

interface Block extends BlockHeader {
  readonly logs: readonly RawLog[];
}

/** A chain in memory that can replace its newest blocks. Finalized is two blocks behind the head, as on a local Anvil. */
class FakeChain implements ChainReader {
  blocks: Block[] = [];
  private salt = 0;
  /** Most blocks that one request for logs may span. */
  longestRange = Number.POSITIVE_INFINITY;
  requests: LogRange[] = [];

  constructor() {
    this.mine();
  }

  mine(logs: readonly { address: Hex; topic: Hex }[] = []): void {
    const number = BigInt(this.blocks.length);
    const hash: Hex = `0x${(++this.salt).toString(16).padStart(64, "0")}`;
    const parentHash = this.blocks.at(-1)?.hash ?? `0x${"0".repeat(64)}`;
    const written = logs.map(({ address, topic }, logIndex): RawLog => {
      return {
        address,
        topics: [topic],
        data: "0x",
        blockNumber: number,
        blockHash: hash,
        transactionHash: hash,
        logIndex,
      };
    });
    this.blocks.push({ number, hash, parentHash, timestamp: 1_000n + number, logs: written });
  }

  reorg(depth: number): void {
    this.blocks = this.blocks.slice(0, Math.max(1, this.blocks.length - depth));
  }

  finalizedNumber(): number {
    return Math.max(0, this.blocks.length - 3);
  }

  position() {
    const latest = this.blocks.at(-1);
    const finalized = this.blocks[this.finalizedNumber()];
    if (latest === undefined || finalized === undefined) throw new RangeError("a chain has a block");
    return Promise.resolve({ chainId: 1, latest, finalized });
  }

  headers(numbers: readonly bigint[]) {
    return Promise.resolve(numbers.map((number) => this.blocks[Number(number)] ?? null));
  }

  logs(addresses: readonly Hex[], range: LogRange) {
    this.requests.push(range);
    if ("fromBlock" in range && Number(range.toBlock - range.fromBlock) + 1 > this.longestRange) {
      throw new MandateError("LogRangeTooLarge", "too many blocks", { kind: "retry" });
    }
    const within = (block: Block): boolean =>
      "blockHash" in range
        ? block.hash === range.blockHash
        : block.number >= range.fromBlock && block.number <= range.toBlock;
    return Promise.resolve(
      this.blocks
        .filter(within)
        .flatMap(({ logs }) => logs)
        .filter(({ address }) => addresses.includes(address)),
    );
  }

  storage() {
    return Promise.resolve("unavailable" as const);
  }
}

/** What somebody who obeys every event ends up with. */
class Follower {
  blocks: BlockRef[] = [];
  finalized: BlockRef | undefined;
  logs: { readonly at: bigint; readonly log: RawLog }[] = [];
  watched = new Map<Hex, bigint>();

  take(event: ChainEvent): void {
    switch (event.kind) {
      case "finalize":
        this.finalized = event.block;
        return;
      case "reorg":
        this.blocks = this.blocks.filter(({ number }) => number <= event.ancestor.number);
        this.logs = this.logs.filter(({ at }) => at <= event.ancestor.number);
        for (const [address, at] of this.watched) if (at > event.ancestor.number) this.watched.delete(address);
        return;
      case "block":
        this.blocks.push(event.block);
        if (event.final) this.finalized = event.block;
        for (const log of event.logs) {
          this.logs.push({ at: event.block.number, log });
          if (log.topics[0] === found && !this.watched.has(late)) this.watched.set(late, event.block.number);
        }
    }
  }

  checkpoint(): Checkpoint | undefined {
    const { finalized } = this;
    if (finalized === undefined) return undefined;
    return { finalized, recent: this.blocks.filter(({ number }) => number > finalized.number), watched: this.watched };
  }

  /** Every log taken in, by block and place. */
  seen(): string[] {
    return this.logs.map(({ log }) => `${log.blockHash} ${log.logIndex} ${log.address}`).sort();
  }
}

/** Follows until the head of `chain` is taken in. Reads nothing but the chain, and stops there. */
async function catchUp(chain: FakeChain, follower: Follower, stepBlocks: bigint): Promise<void> {
  const aborting = new AbortController();
  const clock: Clock = {
    nowMs: () => 0,
    sleep: () => {
      aborting.abort(); // the first pause: everything there was is told
      return Promise.resolve();
    },
  };
  const events = follow({
    reader: chain,
    chainId: 1,
    fromBlock: 1n,
    checkpoint: follower.checkpoint(),
    roots: [root],
    discover: (log) => (log.topics[0] === found ? late : undefined),
    stepBlocks,
    clock,
    signal: aborting.signal,
  });
  for await (const event of events) follower.take(event);
}

/** The logs that a follower must have: the root's, and the late contract's from the first where it was found. */
function expected(chain: FakeChain): string[] {
  const logs = chain.blocks.slice(1).flatMap((block) => block.logs);
  const isFound = logs.some((log) => log.topics[0] === found && log.address === root);
  return logs
    .filter(({ address }) => address === root || (address === late && isFound))
    .map((log) => `${log.blockHash} ${log.logIndex} ${log.address}`)
    .sort();
}

const plain = (address: Hex): { address: Hex; topic: Hex } => ({ address, topic: `0x${"1".repeat(64)}` });

describe("following a chain", () => {
  it("iDA-002: given any history, reorgs within what is not final, restarts and step sizes, it holds exactly the canonical logs", async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("mine" as const), root: fc.nat(2), late: fc.nat(2), finds: fc.boolean() }),
      fc.record({
        kind: fc.constant("reorg" as const),
        depth: fc.integer({ min: 1, max: 2 }),
        blocks: fc.integer({ min: 1, max: 4 }),
      }),
      fc.record({ kind: fc.constant("follow" as const), stepBlocks: fc.integer({ min: 1, max: 7 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const chain = new FakeChain();
        const follower = new Follower();
        for (const each of steps) {
          if (each.kind === "mine") {
            const finds = each.finds ? [{ address: root, topic: found }] : [];
            chain.mine(
              [...Array<Hex>(each.root).fill(root), ...Array<Hex>(each.late).fill(late)].map(plain).concat(finds),
            );
          } else if (each.kind === "reorg") {
            // The node's own finalized never goes back: a real one keeps the chain at least as long.
            chain.reorg(Math.min(each.depth, chain.blocks.length - 1 - chain.finalizedNumber()));
            for (let n = 0; n < Math.max(each.depth, each.blocks); n += 1) chain.mine([plain(root)]);
          } else {
            await catchUp(chain, follower, BigInt(each.stepBlocks));
          }
        }
        await catchUp(chain, follower, 3n);
        expect(follower.seen()).toEqual(expected(chain));
        expect(follower.blocks.at(-1)?.hash ?? chain.blocks[0]?.hash).toBe(chain.blocks.at(-1)?.hash);
      }),
      { numRuns: 300 },
    );
  });

  it("given a node that refuses long ranges, it halves them until they fit", async () => {
    const chain = new FakeChain();
    for (let n = 0; n < 40; n += 1) chain.mine([plain(root)]);
    chain.longestRange = 3;
    const follower = new Follower();
    await catchUp(chain, follower, 100n);
    expect(follower.seen()).toEqual(expected(chain));
    expect(chain.requests.some((range) => "fromBlock" in range && range.toBlock - range.fromBlock > 3n)).toBe(true);
  });

  it("iDA-006: given another chain behind the endpoint, it stops at once", async () => {
    const chain = new FakeChain();
    chain.position = async () => ({ ...(await FakeChain.prototype.position.call(chain)), chainId: 5 });
    await expect(catchUp(chain, new Follower(), 10n)).rejects.toMatchObject({
      code: "WrongChain",
      kind: "environment",
      data: { actual: 5, expected: 1 },
    });
  });

  it("iDA-004: given a chain without the block it knows to be final, it stops and tells nothing to take back", async () => {
    const chain = new FakeChain();
    for (let n = 0; n < 10; n += 1) chain.mine([plain(root)]);
    const follower = new Follower();
    await catchUp(chain, follower, 100n);
    const before = follower.seen();
    chain.reorg(5);
    for (let n = 0; n < 8; n += 1) chain.mine();
    await expect(catchUp(chain, follower, 100n)).rejects.toMatchObject({ code: "ReorgBelowFinalized" });
    expect(follower.seen()).toEqual(before);
  });

  it("given a log of a block that is not the canonical one, it takes nothing in and asks again", async () => {
    const chain = new FakeChain();
    for (let n = 0; n < 10; n += 1) chain.mine([plain(root)]);
    const logs = chain.logs.bind(chain);
    chain.logs = async (...args) =>
      (await logs(...args)).map((log) => ({ ...log, blockHash: `0x${"9".repeat(64)}` as const }));
    const follower = new Follower();
    await expect(catchUp(chain, follower, 100n)).rejects.toMatchObject({ code: "ChainUnavailable", kind: "retry" });
    expect(follower.seen()).toEqual([]);
  });
});
