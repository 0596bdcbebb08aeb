import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../core/clock.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import type { SignedMessage } from "../agreement/message.ts";
import type { OperatorSigner } from "../signing/operator-signer.ts";
import { ModelSignatures } from "../simulation/model-signatures.ts";
import { definition, followed, place, projects, threshold } from "../simulation/scenery.ts";
import type { FollowedRuleset } from "../rulesets/find-ruleset.ts";
import { loadKeccakHasher } from "../tree/keccak-hasher.ts";
import { packLeaves, type PackedLeaves } from "../tree/packed-leaves.ts";
import { createOperatorMetrics } from "./operator-metrics.ts";
import { OperatorNode } from "./operator-node.ts";

const keccak = await loadKeccakHasher();
const self: Hex = `0x${"0a".repeat(20)}`;
/** Sits before it, and was suspended. */
const suspended: Hex = `0x${"09".repeat(20)}`;
const block = { number: 9, hash: documentHash("block") };
const lastReport = {
  ...{ index: 1, epoch: 0, root: block.hash, threshold: 1n, nextThreshold: 1n, acceptedAt: 1 },
  ...{ manifest: block.hash, digest: block.hash, signers: 1n, transaction: block.hash },
};

/** An operator that is a set of its own, so that it decides alone; each tick is two minutes of chain time later. */
function operatorAlone(
  submits: boolean,
  signer: OperatorSigner = new ModelSignatures(() => undefined).signerOf(self),
  follow: () => FollowedRuleset | undefined = () => followed,
  last: { readonly leafCount?: number; readonly leaves?: PackedLeaves; readonly unlisted?: number } = {},
) {
  const handedOver: string[] = [];
  const reads: { readonly asked: readonly unknown[] }[] = [];
  /** What was asked of it that holds signatures of epochs that are over. */
  const late: string[] = [];
  const served: SignedMessage[] = [];
  const seats = [suspended, self];
  const log: Record<string, unknown>[] = [];
  const metrics = createOperatorMetrics();
  const logger = pino({}, { write: (line: string) => log.push(JSON.parse(line) as Record<string, unknown>) });
  let chainSeconds = 600;
  const node = new OperatorNode({
    calendar: { genesis: 0, epochSeconds: 600, reportDeadlineSeconds: 590 },
    bounds: { softStep: 1n, lostShare: 5n * 10n ** 17n, lostLeaves: 1 },
    submits,
    peers: [],
    clock: systemClock,
    logger,
    accepted: {
      settle: () => Promise.resolve(),
      accepted: () => (last.leafCount === undefined ? undefined : { ...lastReport, leafCount: last.leafCount }),
      leaves: () => last.leaves,
    },
    sealer: { settle: () => Promise.resolve() },
    rulesets: {
      of: () => Promise.resolve(follow()),
      look: () => Promise.resolve(),
      status: { running: null, scheduled: null },
    },
    outbox: {
      enqueue: ({ id }) => void handedOver.push(id),
      status: (id) => (handedOver.includes(id) ? {} : undefined),
      tick: () => Promise.resolve(),
    },
    chain: {
      position: () => Promise.resolve({ block, chainSeconds, lastEpoch: 0 }),
      operatorSet: () =>
        Promise.resolve({ configuration: 1, faults: 0, quorum: 1, operators: [self], seats, names: seats }),
      settledHead: () => Promise.resolve({ ...block, chainSeconds }),
      isCanonical: () => Promise.resolve(true),
      closingBlock: () => Promise.resolve(block),
      findUnlisted: (...asked) => {
        reads.push({ asked });
        return Promise.resolve(last.unlisted ?? 0);
      },
      activeProjects: (...asked) => {
        reads.push({ asked });
        return Promise.resolve(projects);
      },
      threshold: () => Promise.resolve(threshold.initial),
    },
    suspender: { settle: () => undefined },
    late: {
      advanceTo: () => undefined,
      forget: (epoch) => void late.push(`forget ${epoch}`),
      messages: (epoch) => (epoch === 1 ? served : []),
      take: (epoch, messages) => Promise.resolve(void late.push(`take ${epoch} ${messages.length}`)),
      gather: (epoch) => void late.push(`gather ${epoch}`),
    },
    round: {
      onDoubleSigning: () => undefined,
      place,
      keccak,
      logger,
      metrics,
      signer,
      library: {
        known: { definitions: new Map([[definition.hash, definition.definition]]), heldOut: new Map() },
        load: () => Promise.resolve([{ ...definition }]),
      },
      findDocument: () => Promise.resolve(undefined),
      readSource: () => Promise.resolve({ ok: false, failure: "unreachable", detail: "" }),
      drawSalt: () => documentHash("salt"),
      evidence: {
        saveCaptures: () => undefined,
        saveAgreed: () => undefined,
        saveOpening: () => undefined,
        openJournal: () => ({
          messages: [],
          append: () => undefined,
          marked: () => undefined,
          mark: () => undefined,
          close: () => Promise.resolve(),
        }),
        saveRecord: () => undefined,
        head: () => undefined,
      },
      publish: () => undefined,
      statements: { statements: () => [], claim: () => ({ granted: true }) },
    },
  });
  return {
    node,
    handedOver,
    late,
    served,
    log,
    metrics,
    /** What was asked of the chain's projects, in this order. */
    reads,
    /** Lets chain time pass through all views of the epoch. */
    passEpoch: async (epoch = 1): Promise<void> => {
      for (; chainSeconds < 580 + epoch * 600; chainSeconds += 20) {
        await node.tick();
        await new Promise((resolve) => setTimeout(resolve, 2)); // what the round has begun comes to its end
      }
    },
  };
}

async function submissions(metrics: ReturnType<typeof createOperatorMetrics>, result: string): Promise<number> {
  const { values } = await metrics.submissions.get();
  return values.find(({ labels }) => labels.result === result)?.value ?? 0;
}

describe("an operator whose turn it is to submit", () => {
  it("given that it is not told to, it signs, hands nothing over, and says once an epoch that it would, and why", async () => {
    const { node, handedOver, log, metrics, passEpoch } = operatorAlone(false);
    await passEpoch();
    expect(node.status).toMatchObject({ submits: false, round: { epoch: 1, signatures: [self] } });
    expect(handedOver).toEqual([]);
    expect(log.filter(({ msg }) => String(msg).startsWith("would submit"))).toEqual([
      expect.objectContaining({ epoch: 1, reason: "first-in-order" }),
    ]);
    expect(await submissions(metrics, "withheld")).toBe(1);
    expect(await submissions(metrics, "handed-over")).toBe(0);
  });

  it("given that it is told to, it hands the report over once", async () => {
    const { node, handedOver, log, metrics, passEpoch } = operatorAlone(true);
    await passEpoch();
    expect(node.status.submits).toBe(true);
    expect(handedOver).toEqual([`report:${place.verifyingContract}:1`]);
    expect(log.filter(({ msg }) => String(msg).startsWith("would submit"))).toEqual([]);
    expect(await submissions(metrics, "handed-over")).toBe(1);
  });

  it("given a seat that is vacant, the report names its own seat by the number that the contract gives it", async () => {
    const { node, passEpoch } = operatorAlone(true);
    await passEpoch();
    expect(node.signedReport(1)).toMatchObject({ signers: 0b10n });
    expect(node.signedReport(2)).toBeUndefined();
  });
});

describe("an operator whose round is over", () => {
  const signed: SignedMessage = {
    message: { kind: "prepare", epoch: 1, operator: suspended, view: 0, digest: block.hash },
    envelope: `0x${"00".repeat(65)}`,
  };

  it("iOP-030: given messages of an epoch before and after its round, it hands them on to where signatures are kept, and serves what is there", async () => {
    const { node, late, served, passEpoch } = operatorAlone(true);
    served.push(signed);
    await node.take(1, [signed, signed]);
    expect(node.messages(1)).toEqual([signed]);
    await passEpoch();
    await node.take(1, [signed]);
    expect(node.messages(1)).not.toContain(signed); // those of the round
    await passEpoch(2);
    expect(node.status.round).toMatchObject({ epoch: 2 });
    await node.take(1, [signed]);
    expect(node.messages(1)).toEqual([signed]);
    expect(late).toEqual(["take 1 2", "forget 1", "gather 1", "forget 1", "forget 2", "gather 2", "take 1 1"]);
  });
});

describe("an operator that cannot follow the epoch's ruleset", () => {
  it("iOP-040: given no other, it measures nothing, says nothing and signs nothing", async () => {
    const { node, handedOver, passEpoch } = operatorAlone(true, undefined, () => undefined);
    await passEpoch();
    expect(node.status.round).toBeNull();
    expect(node.messages(1)).toEqual([]);
    expect(handedOver).toEqual([]);
  });

  it("given that it can within the epoch, it takes part from then on", async () => {
    let looks = 0;
    const { node, handedOver, passEpoch } = operatorAlone(true, undefined, () => {
      looks += 1;
      return looks < 4 ? undefined : followed;
    });
    await passEpoch();
    expect(looks).toBe(4);
    expect(node.status).toMatchObject({ round: { epoch: 1, signatures: [self] } });
    expect(handedOver).toHaveLength(1);
  });
});

describe("an operator whose list has three projects, where half of them, and more than one, may be gone", () => {
  it.each([
    ["no report before", undefined, 0],
    ["six in the last report", 6, 0],
    ["seven in the last report", 7, 4],
  ])("given %s, it says once an epoch, and shows, how many are missing: %s, %i", async (_, before, missing) => {
    const last = before === undefined ? {} : { leafCount: before };
    const { log, metrics, reads, passEpoch } = operatorAlone(true, undefined, undefined, last);
    await passEpoch();
    const said = log.filter(({ msg }) => String(msg).startsWith("only 3 of"));
    const expected = { epoch: 1, projects: 3, before, isAsked: false, level: 50 };
    expect(said).toEqual(missing === 0 ? [] : [expect.objectContaining(expected)]);
    expect((await metrics.missingProjects.get()).values).toMatchObject([{ value: missing }]);
    expect(reads).toEqual([{ asked: [block, followed.ruleset.vaults] }]);
  });

  it.each([0, 4])(
    "iOP-036: given the last report's leaves, it asks the vaults for them before it lists the projects, and says that logs leave out %i",
    async (unlisted) => {
      const leaves = packLeaves([
        { project: block.hash, definition: block.hash, outcome: "value", grade: 1, score: 1n },
      ]);
      const { node, log, metrics, reads, passEpoch } = operatorAlone(true, undefined, undefined, {
        ...{ leafCount: 7, leaves, unlisted },
      });
      await passEpoch();
      const { vaults } = followed.ruleset;
      expect(reads).toEqual([{ asked: [block, vaults, leaves] }, { asked: [block, vaults] }]);
      const said = log.filter(({ msg }) => String(msg).startsWith("the endpoints' logs leave out"));
      expect(said).toEqual(unlisted === 0 ? [] : [expect.objectContaining({ epoch: 1, unlisted, level: 50 })]);
      expect((await metrics.unlistedProjects.get()).values).toMatchObject([{ value: unlisted }]);
      expect(log).toContainEqual(expect.objectContaining({ epoch: 1, projects: 3, before: 7, isAsked: true }));
      expect(node.status).toMatchObject({ round: { epoch: 1, signatures: [self] } });
    },
  );
});

describe("an operator whose signer is dead for a while", () => {
  it("given that it comes back within the epoch, everything that was claimed is said, each once, and the report is signed", async () => {
    const honest = new ModelSignatures(() => undefined).signerOf(self);
    let failures = 0;
    const failing =
      <Args extends unknown[], Signed>(sign: (...args: Args) => Promise<Signed>) =>
      (...args: Args): Promise<Signed> => {
        if (failures === 9) return sign(...args);
        failures += 1;
        return Promise.reject(new Error("the remote signer does not answer"));
      };
    const { node, handedOver, metrics, passEpoch } = operatorAlone(true, {
      ...honest,
      seal: failing((digest, message) => honest.seal(digest, message)),
      signReport: failing((digest, report) => honest.signReport(digest, report)),
    });
    await passEpoch();
    const said = node.messages(1).map(({ message }) => message);
    const kinds = new Set(said.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(["commit", "commitment", "observation", "prepare", "proposal", "signature"]);
    expect(new Set(said.map((each) => JSON.stringify(each))).size).toBe(said.length);
    expect(handedOver).toHaveLength(1);
    expect((await metrics.failedSignatures.get()).values).toMatchObject([{ value: 9 }]);
  });
});
