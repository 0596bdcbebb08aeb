import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import type { NamedRuleset } from "../epochs/oracle-chain.ts";
import { createOperatorMetrics } from "../node/operator-metrics.ts";
import { currentScoring } from "../scoring/scorings.ts";
import { rulesetHash, type Ruleset } from "./ruleset.ts";
import { RulesetWatch } from "./ruleset-watch.ts";

const scoring = documentHash("this program");
const ruleset: Ruleset = {
  kind: "mandate.oracle-ruleset/1",
  vaults: [`0x${"0d".repeat(20)}`],
  settlement: { block: "finalized", seconds: 0 },
  scoring,
};
const known = { hash: rulesetHash(ruleset), fromEpoch: 1 };
const foreign = { ...ruleset, scoring: documentHash("another program") };
const unknown = { hash: rulesetHash(foreign), fromEpoch: 3 };
const block = { number: 1, hash: documentHash("block") };

/** A watch over epochs of 1,000 s; epochs from that of each name on have it. */
function watching(names: readonly NamedRuleset[], documents: Map<Hex, unknown>) {
  const log: { level: number; msg: string }[] = [];
  const metrics = createOperatorMetrics();
  let reads = 0;
  let asked = 0;
  const chain = { names, peers: new Map<Hex, unknown>() };
  const watch = new RulesetWatch({
    chain: {
      ruleset: (epoch) => {
        reads += 1;
        return Promise.resolve(chain.names.findLast(({ fromEpoch }) => fromEpoch <= epoch));
      },
    },
    means: {
      documents: {
        find: async (hash, find) => {
          const found = documents.get(hash) ?? (await find(hash));
          if (found !== undefined) documents.set(hash, found);
          return found;
        },
      },
      findDocument: (hash) => {
        asked += 1;
        return Promise.resolve(chain.peers.get(hash));
      },
      scorings: new Map([[scoring, currentScoring]]),
      calendar: { genesis: 0, epochSeconds: 1_000, reportDeadlineSeconds: 500 },
    },
    metrics,
    logger: pino({}, { write: (line: string) => log.push(JSON.parse(line) as (typeof log)[number]) }),
  });
  return {
    watch,
    chain,
    log,
    reads: () => reads,
    asked: () => asked,
    problems: async (): Promise<Record<string, number>> => {
      const { values } = await metrics.rulesetProblem.get();
      return Object.fromEntries(values.map(({ labels, value }) => [String(labels.of), value]));
    },
  };
}

const both = () =>
  new Map<Hex, unknown>([
    [known.hash, ruleset],
    [unknown.hash, foreign],
  ]);
const pause = () => new Promise((resolve) => setImmediate(resolve));

describe("the ruleset of an epoch that is due", () => {
  it("given one that it can follow, it follows it and says nothing", async () => {
    const { watch, log, problems } = watching([known, unknown], both());
    expect(await watch.of(2, block)).toMatchObject({ ruleset, hash: known.hash });
    expect(await problems()).toEqual({ due: 0 });
    expect(log).toEqual([]);
  });

  it("given one of another program, it follows nothing, and says once for each epoch what to do", async () => {
    const { watch, log, problems } = watching([known, unknown], both());
    for (const epoch of [3, 3, 4]) expect(await watch.of(epoch, block)).toBeUndefined();
    expect(await problems()).toEqual({ due: 1 });
    const said = { level: 50, reason: "scoring-unknown", remedy: expect.stringContaining("Upgrade") as string };
    expect(log).toEqual([
      expect.objectContaining({ ...said, epoch: 3 }),
      expect.objectContaining({ ...said, epoch: 4 }),
    ]);
    expect(await watch.of(2, block)).toMatchObject({ hash: known.hash });
    expect(await problems()).toEqual({ due: 0 });
  });

  it("given a document that only a peer has, it is asked for beside, and followed at the next look, without a complaint", async () => {
    const { watch, chain, log } = watching([known], new Map());
    chain.peers.set(known.hash, ruleset);
    expect(await watch.of(1, block)).toBeUndefined();
    await pause();
    expect(await watch.of(1, block)).toMatchObject({ hash: known.hash });
    expect(log).toEqual([]);
  });

  it("given a document that nobody has, it says so once no peer had it, goes on asking, and follows it when one has", async () => {
    const { watch, chain, log, asked, problems } = watching([known], new Map());
    for (let look = 0; look < 3; look += 1) {
      expect(await watch.of(1, block)).toBeUndefined();
      await pause();
    }
    expect(log).toEqual([expect.objectContaining({ level: 50, epoch: 1, reason: "document-missing" })]);
    expect(asked()).toBe(3);
    expect(await problems()).toEqual({ due: 1 });
    chain.peers.set(known.hash, ruleset);
    await watch.of(1, block);
    await pause();
    expect(await watch.of(1, block)).toMatchObject({ hash: known.hash });
    expect(await problems()).toEqual({ due: 0 });
  });

  it("given none on the chain, it takes no part", async () => {
    const { watch, log } = watching([], both());
    expect(await watch.of(1, block)).toBeUndefined();
    expect(log).toEqual([expect.objectContaining({ level: 50, reason: "none-named" })]);
  });
});

describe("a look at rulesets", () => {
  const at = (chainSeconds: number) => ({ block, chainSeconds });

  it("given one that is scheduled and that it cannot follow, it warns epochs ahead, and shows both", async () => {
    const { watch, log, problems } = watching([known, unknown], both());
    await watch.look(at(500));
    expect(await problems()).toEqual({ running: 0, scheduled: 1 });
    expect(log).toEqual([expect.objectContaining({ level: 40, fromEpoch: 3, reason: "scoring-unknown" })]);
    const problem = expect.stringContaining("Upgrade this operator") as string;
    expect(watch.status).toEqual({ running: { ...known, problem: null }, scheduled: { ...unknown, problem } });
  });

  it("given that it is active, it is an error, and nothing is scheduled any more", async () => {
    const { watch, log, problems } = watching([known, unknown], both());
    await watch.look(at(2_000));
    expect(await problems()).toEqual({ running: 1, scheduled: 0 });
    expect(log).toEqual([expect.objectContaining({ level: 50, epoch: 3 })]);
    expect(watch.status.scheduled).toBeNull();
  });

  it("given none on the chain, it shows that as a problem of the running epoch", async () => {
    const { watch } = watching([], both());
    expect(watch.status).toEqual({ running: null, scheduled: null });
    await watch.look(at(500));
    expect(watch.status).toMatchObject({ running: { hash: null, fromEpoch: null }, scheduled: null });
    expect(watch.status.running?.problem).toContain("names no ruleset");
  });

  it("given the same epoch, it reads the chain again after ten minutes; given the next one, at once", async () => {
    const { watch, chain, reads } = watching([known], both());
    for (const seconds of [100, 101, 699]) await watch.look(at(seconds));
    expect(reads()).toBe(2);
    chain.names = [known, unknown];
    await watch.look(at(700));
    expect(reads()).toBe(4);
    expect(watch.status.scheduled?.hash).toBe(unknown.hash);
    await watch.look(at(999));
    await watch.look(at(1_000));
    expect(reads()).toBe(6);
  });

  it("given a scheduled one that a peer has, it has the document before its epoch begins", async () => {
    const documents = new Map<Hex, unknown>([[known.hash, ruleset]]);
    const later = { ...ruleset, vaults: [`0x${"0e".repeat(20)}` as const] };
    const scheduled = { hash: rulesetHash(later), fromEpoch: 9 };
    const { watch, chain, log } = watching([known, scheduled], documents);
    chain.peers.set(scheduled.hash, later);
    await watch.look(at(500));
    expect(documents.get(scheduled.hash)).toEqual(later);
    expect(watch.status.scheduled).toEqual({ ...scheduled, problem: null });
    expect(log).toEqual([]);
  });
});
