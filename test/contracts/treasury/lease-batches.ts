import { expect } from "chai";
import { id, toBeHex, type ContractTransactionResponse } from "ethers";

import { multiProofAt } from "../../support/oracle.ts";
import { deployOracle, reportOn, submitReport } from "../../support/oracle-stage.ts";
import { expectConserved } from "../../support/treasury-conservation.ts";
import {
  acceptReport,
  day,
  deployVault,
  renewalWindowSeconds,
  unit,
  type VaultStage,
} from "../../support/treasury-stage.ts";
import { leafOf, leafOutcome, milestoneStatus, projectStatus, reportHeader, ZeroHash } from "../../support/treasury.ts";

const threshold = 5n * 10n ** 17n;
const cap = 100;
const renewal = { renewed: 0n, notActive: 1n, notNewer: 2n, lapsed: 3n, belowThreshold: 4n, refused: 5n, tooMany: 6n };
const reclaim = { reclaimed: 0n, notActive: 1n, running: 2n };

type Score = Parameters<typeof leafOf>[1];

describe("Batches of leases", () => {
  let stage: VaultStage;

  beforeEach(async () => {
    stage = await deployVault();
  });

  afterEach(async () => {
    await stage.completeJournal();
    await expectConserved(stage, stage.asset);
  });

  const accept = (index: number) => acceptReport(stage, index);

  /** Active projects whose plans differ from the usual one by `changes`, in ascending order of their ids. */
  async function projects(count: number, changes: Parameters<VaultStage["plan"]>[0] = {}): Promise<string[]> {
    const opened: string[] = [];
    for (let i = 0; i < count; i++) {
      const salt = id(`project ${stage.opened.projects.size}`);
      opened.push(await stage.openActive(stage.plan({ ...changes, salt })));
    }
    return opened.sort();
  }

  const argsOf = (index: number, given: readonly (readonly [string, Score?])[]) => {
    const sorted = [...given].sort(([a], [b]) => (a < b ? -1 : 1));
    const scores = sorted.map(([project, changes]) => leafOf(project, changes));
    return [reportHeader(index, threshold), sorted.map(([project]) => project), scores] as const;
  };

  /** Renews in the order of ids; the outcome of each project, by its id. */
  async function renewBatch(
    index: number,
    given: readonly (readonly [string, Score?])[],
  ): Promise<{ outcomes: Map<string, bigint>; sent: ContractTransactionResponse }> {
    const [header, ids, scores] = argsOf(index, given);
    const caller = stage.vault.connect(stage.outsider);
    const outcomes = await caller.renewBatch.staticCall(header, [...ids], [...scores], [], []);
    const sent = await caller.renewBatch(header, [...ids], [...scores], [], []);
    return { outcomes: new Map(ids.map((project, i) => [project, outcomes[i] ?? never()])), sent };
  }

  async function reclaimBatch(ids: string[]): Promise<{ outcomes: bigint[]; sent: ContractTransactionResponse }> {
    const outcomes = [...(await stage.vault.connect(stage.outsider).reclaimBatch.staticCall(ids))];
    return { outcomes, sent: await stage.vault.connect(stage.outsider).reclaimBatch(ids) };
  }

  const renewals = async (sent: ContractTransactionResponse) =>
    (await sent.wait())?.logs.filter(
      ({ topics }) => topics[0] === stage.vault.interface.getEvent("LeaseRenewed").topicHash,
    ).length;

  describe("renewBatch", () => {
    it("anyone renews several at once, each as renew does, with its own event", async () => {
      const { vault, anchor } = stage;
      const [a = never(), b = never(), c = never()] = await projects(3);
      await accept(1);
      const { outcomes, sent } = await renewBatch(1, [
        [a],
        [b, { score: threshold }],
        [c, { outcome: leafOutcome.missing, score: 0n }],
      ]);
      expect([...outcomes.values()]).to.deep.equal([renewal.renewed, renewal.renewed, renewal.renewed]);
      for (const [project, outcome, score, missing] of [
        [a, leafOutcome.value, 8n * 10n ** 17n, 0],
        [b, leafOutcome.value, threshold, 0],
        [c, leafOutcome.missing, 0n, 1],
      ] as const) {
        await expect(sent)
          .to.emit(vault, "LeaseRenewed")
          .withArgs(project, 1, 3, outcome, score, missing, (cause: string) => cause !== ZeroHash, anchor);
        const found = await vault.getProject(project);
        expect([found.paidThrough, found.lastProvedReport, found.score, found.missing]).to.deep.equal([
          3n,
          1n,
          score,
          BigInt(missing),
        ]);
      }
    });

    it("gives each project the state, and its event the cause, that renewing it alone gives", async () => {
      const { vault, networkHelpers } = stage;
      const ids = await projects(4);
      await accept(2);
      const given = ids.map((project, i) => [project, { score: threshold + BigInt(i) }] as const);
      const snapshot = await networkHelpers.takeSnapshot();
      const stateOf = async () => Promise.all(ids.map(async (project) => vault.getProject(project)));
      const causesOf = async () =>
        (await vault.queryFilter(vault.filters.LeaseRenewed())).map(({ args }) => [args.project, args.cause]);
      for (const [project, score] of given)
        await vault.renewLease(project, reportHeader(2, threshold), leafOf(project, score), []);
      const [state, causes] = [await stateOf(), await causesOf()];
      await snapshot.restore();
      await renewBatch(2, given);
      expect(await stateOf()).to.deep.equal(state);
      expect(await causesOf()).to.deep.equal(causes);
    });

    it("each reason against one project is its outcome, and keeps no other from being renewed", async () => {
      const { vault } = stage;
      const [good = never(), again = never(), low = never(), refused = never(), empty = never()] = await projects(5, {
        initialReports: 9,
      });
      const [strict = never()] = await projects(1, { maxMissing: 0, initialReports: 9 });
      const [lapsed = never(), taken = never()] = await projects(2);
      const proposal = await stage.open(stage.plan({ salt: id("proposal") }));
      await accept(3);
      await vault.renewLease(again, reportHeader(3, threshold), leafOf(again), []);
      await vault.reclaim(taken);
      const before = await Promise.all(
        [again, low, refused, empty, strict, lapsed, taken, proposal].map(async (project) => vault.getProject(project)),
      );
      const { outcomes, sent } = await renewBatch(3, [
        [good],
        [again],
        [low, { score: threshold - 1n }],
        [refused, { outcome: leafOutcome.refused }],
        [empty, { outcome: leafOutcome.none }],
        [strict, { outcome: leafOutcome.missing }],
        [lapsed],
        [taken],
        [proposal],
      ]);
      for (const [project, outcome] of [
        [good, renewal.renewed],
        [again, renewal.notNewer],
        [low, renewal.belowThreshold],
        [refused, renewal.refused],
        [empty, renewal.refused],
        [strict, renewal.tooMany],
        [lapsed, renewal.lapsed],
        [taken, renewal.notActive],
        [proposal, renewal.notActive],
      ] as const) {
        expect(outcomes.get(project), project).to.equal(outcome);
      }
      expect(await renewals(sent)).to.equal(1);
      expect((await vault.getProject(good)).lastProvedReport).to.equal(3n);
      const after = await Promise.all(
        [again, low, refused, empty, strict, lapsed, taken, proposal].map(async (project) => vault.getProject(project)),
      );
      expect(after).to.deep.equal(before);
    });

    it("at the end of the renewal window it is too late; a second before it is not", async () => {
      const { networkHelpers, vault } = stage;
      const [a = never(), b = never()] = await projects(2);
      const at = await accept(2);
      const send = async (project: string) => {
        const [header, ids, scores] = argsOf(2, [[project]]);
        return vault.renewBatch(header, [...ids], [...scores], [], []);
      };
      await networkHelpers.time.setNextBlockTimestamp(at + renewalWindowSeconds - 1);
      expect(await renewals(await send(a))).to.equal(1);
      await networkHelpers.time.setNextBlockTimestamp(at + renewalWindowSeconds);
      expect(await renewals(await send(b))).to.equal(0);
    });

    it("missing renews maxMissing times in a row", async () => {
      const [project = never()] = await projects(1);
      const expected = [renewal.renewed, renewal.renewed, renewal.tooMany];
      for (const [i, outcome] of expected.entries()) {
        await accept(i + 1);
        const { outcomes } = await renewBatch(i + 1, [[project, { outcome: leafOutcome.missing, score: 0n }]]);
        expect(outcomes.get(project)).to.equal(outcome);
      }
    });

    it(`given none, or more than ${cap}, it refuses; ${cap} it takes`, async () => {
      const { vault } = stage;
      await accept(1);
      const many = Array.from({ length: cap + 1 }, (_, i) => [toBeHex(i + 1, 32)] as const);
      for (const given of [[], many]) {
        const [header, ids, scores] = argsOf(1, given);
        await expect(vault.renewBatch(header, [...ids], [...scores], [], []))
          .to.be.revertedWithCustomError(vault, "BudgetVaultBatchSize")
          .withArgs(given.length, cap);
      }
      const small = await projects(cap, { milestones: [stage.milestone()] });
      const { outcomes, sent } = await renewBatch(
        1,
        small.map((project) => [project] as const),
      );
      expect([...outcomes.values()]).to.deep.equal(Array.from({ length: cap }, () => renewal.renewed));
      expect(await renewals(sent)).to.equal(cap);
    });

    it("given a score too many or too few, ids that do not ascend, or no project, it refuses", async () => {
      const { vault } = stage;
      const [a = never(), b = never()] = await projects(2);
      await accept(1);
      const header = reportHeader(1, threshold);
      for (const scores of [[leafOf(a)], [leafOf(a), leafOf(b), leafOf(b)]]) {
        await expect(vault.renewBatch(header, [a, b], scores, [], []))
          .to.be.revertedWithCustomError(vault, "BudgetVaultScoreCount")
          .withArgs(scores.length, 2);
      }
      for (const [first, second] of [
        [b, a],
        [a, a],
      ] as const) {
        await expect(vault.renewBatch(header, [first, second], [leafOf(first), leafOf(second)], [], []))
          .to.be.revertedWithCustomError(vault, "BudgetVaultProjectsNotAscending")
          .withArgs(first, second);
      }
      const none = toBeHex(1, 32);
      await expect(vault.renewBatch(header, [none, a], [leafOf(none), leafOf(a)], [], []))
        .to.be.revertedWithCustomError(vault, "BudgetVaultUnexpectedProjectStatus")
        .withArgs(none, projectStatus.none, projectStatus.active);
    });

    it("given a project of another oracle, it refuses", async () => {
      const { vault, ethers, oracle } = stage;
      const other = await (await ethers.deployContract("OracleDouble")).getAddress();
      const [mine = never()] = await projects(1);
      const [foreign = never()] = await projects(1, { oracle: other });
      await accept(1);
      const own = await oracle.getAddress();
      const [first, second] = [mine, foreign].sort();
      const refused = argsOf(1, [[mine], [foreign]]);
      await expect(vault.renewBatch(refused[0], [...refused[1]], [...refused[2]], [], []))
        .to.be.revertedWithCustomError(vault, "BudgetVaultOtherOracle")
        .withArgs(second, second === mine ? own : other, first === mine ? own : other);
    });

    it("given a report that the oracle does not know, the oracle's error is passed on", async () => {
      const [project = never()] = await projects(1);
      const [header, ids, scores] = argsOf(1, [[project]]);
      await expect(stage.vault.renewBatch(header, [...ids], [...scores], [], []))
        .to.be.revertedWithCustomError(stage.oracle, "OracleDoubleUnknownReport")
        .withArgs(1);
    });
  });

  describe("renewBatch against the real oracle", () => {
    it("one multiproof renews all; with a bit of its flags, a score or a project changed it renews none", async () => {
      const { vault } = stage;
      const heartbeat = await deployOracle(stage);
      const { oracle } = heartbeat;
      const own = await projects(3, { oracle: await oracle.getAddress() });
      const strangers = Array.from({ length: 6 }, (_, i) => id(`stranger ${i}`));
      const leaves = [...own, ...strangers].sort().map((project) => leafOf(project));
      const report = await reportOn(heartbeat, 1, leaves);
      await submitReport(stage, heartbeat, report);
      const { index, acceptedAt } = await oracle.latest();
      const header = { ...report, index, acceptedAt };
      const places = own.map((project) => leaves.findIndex((leaf) => leaf.project === project));
      const { chosen, proof, flags } = multiProofAt(leaves, places);
      const [word = never()] = flags;
      const [first = never(), ...others] = chosen;
      for (const [scores, words] of [
        [chosen, [word ^ 1n]],
        [[{ ...first, score: first.score + 1n }, ...others], flags],
      ] as const) {
        await expect(vault.renewBatch(header, own, [...scores], proof, [...words]))
          .to.be.revertedWithCustomError(oracle, "HeartbeatOracleInvalidMultiProof")
          .withArgs(1, 3, proof.length);
      }
      await expect(vault.renewBatch(header, own.slice(1), others, proof, flags))
        .to.be.revertedWithCustomError(oracle, "HeartbeatOracleInvalidMultiProof")
        .withArgs(1, 2, proof.length);
      expect(await renewals(await vault.renewBatch(header, own, chosen, proof, flags))).to.equal(3);
    });
  });

  describe("reclaimBatch", () => {
    it("iTR-006: takes back exactly what has lapsed, and says of each what became of it", async () => {
      const { vault, asset, anchor } = stage;
      const reclaimTo = await stage.openPool("reclaim");
      const ended = await projects(2, { reclaimTo });
      const [running = never()] = await projects(1, { initialReports: 9 });
      const proposal = await stage.open(stage.plan({ salt: id("proposal") }));
      await accept(3);
      const [a = never(), b = never()] = ended;
      const { outcomes, sent } = await reclaimBatch([running, a, proposal, id("none"), b, a]);
      expect(outcomes).to.deep.equal([
        reclaim.running,
        reclaim.reclaimed,
        reclaim.notActive,
        reclaim.notActive,
        reclaim.reclaimed,
        reclaim.notActive,
      ]);
      for (const project of ended) {
        await expect(sent)
          .to.emit(vault, "ProjectReclaimed")
          .withArgs(project, reclaimTo, asset, 30n * unit, 3, toBeHex(2, 32), anchor);
        expect((await vault.getProject(project)).status).to.equal(projectStatus.reclaimed);
      }
      expect(await vault.poolBalance(reclaimTo, asset)).to.equal(60n * unit);
      expect((await vault.getProject(running)).status).to.equal(projectStatus.active);
    });

    it("iTR-006: in the renewal window it takes nothing to the last second, then it does", async () => {
      const { vault, networkHelpers } = stage;
      const [project = never()] = await projects(1);
      const end = (await accept(2)) + renewalWindowSeconds;
      await networkHelpers.time.setNextBlockTimestamp(end - 1);
      await vault.reclaimBatch([project]);
      expect((await vault.getProject(project)).status).to.equal(projectStatus.active);
      await networkHelpers.time.setNextBlockTimestamp(end);
      await vault.reclaimBatch([project]);
      expect((await vault.getProject(project)).status).to.equal(projectStatus.reclaimed);
    });

    it("iTR-003: what is proved stays, and what was paid is not taken back", async () => {
      const { vault, token, payee, asset, pool, networkHelpers } = stage;
      const milestones = [stage.milestone({ challengeWindow: day }), stage.milestone(), stage.milestone()];
      const terms = stage.plan({ milestones, salt: id("proved") });
      const project = await stage.openActive(terms);
      await vault.release(...(await stage.proof(terms, stage.claim(project, 0))));
      await vault.release(...(await stage.proof(terms, stage.claim(project, 1))));
      const before = await vault.poolBalance(pool, asset);
      await accept(3);
      await reclaimBatch([project]);
      expect(await vault.poolBalance(pool, asset)).to.equal(before + 10n * unit);
      const found = await Promise.all(
        [0, 1, 2].map(async (index) => (await vault.getMilestone(project, index)).status),
      );
      expect(found).to.deep.equal([milestoneStatus.proved, milestoneStatus.paid, milestoneStatus.reclaimed]);
      await networkHelpers.time.increase(day);
      await vault.pay(project, 0);
      expect(await token.balanceOf(payee)).to.equal(20n * unit);
    });

    it("asks each oracle about its own projects, in whatever order they come", async () => {
      const { vault, ethers } = stage;
      const silent = await (await ethers.deployContract("OracleDouble")).getAddress();
      const [a = never(), b = never()] = await projects(2);
      const [c = never(), d = never()] = await projects(2, { oracle: silent });
      await accept(3);
      const { outcomes } = await reclaimBatch([a, c, b, d]);
      expect(outcomes).to.deep.equal([reclaim.reclaimed, reclaim.running, reclaim.reclaimed, reclaim.running]);
      expect(await vault.isLeaseRunning(c)).to.equal(true);
    });

    it(`given none, or more than ${cap}, it refuses; ${cap} it takes`, async () => {
      const { vault } = stage;
      for (const count of [0, cap + 1]) {
        await expect(vault.reclaimBatch(Array.from({ length: count }, (_, i) => toBeHex(i, 32))))
          .to.be.revertedWithCustomError(vault, "BudgetVaultBatchSize")
          .withArgs(count, cap);
      }
      const { outcomes } = await reclaimBatch(Array.from({ length: cap }, (_, i) => toBeHex(i, 32)));
      expect(new Set(outcomes)).to.deep.equal(new Set([reclaim.notActive]));
    });
  });
});

/** For values that a test has just made. */
function never(): never {
  throw new Error("a value that the test made is missing");
}
