import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { roles } from "../../../src/chain/roles.ts";
import { parameterIds } from "../../../src/org/policy/parameters.ts";
import { day } from "../../support/authority.ts";
import {
  BreakerState,
  changeDelaySeconds,
  deployBreaker,
  shares,
  unit,
  type BreakerStage,
} from "../../support/breaker-stage.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { rounded } from "../../support/leaky-bucket.ts";
import { operatorWallets } from "../../support/oracle.ts";
import { reportOn, submitReport } from "../../support/oracle-stage.ts";
import { inSeatOrder, scoreDefinition, wallets } from "../../support/treasury.ts";

const each = 10n * unit;
const projectCount = 5;
const committed = each * BigInt(projectCount);
const renewalWindow = 300;

/** Five projects of ten units have lost their leases; a quarter of what is committed may be reclaimed in an epoch. */
describe("CircuitBreaker: a window of reclaims that is open when its share changes", () => {
  let stage: BreakerStage;
  let begin: () => Promise<void>;
  const projects: string[] = [];
  const twice = shares.reclaim * 2n;

  before(async () => {
    stage = await deployBreaker();
    const { vault, oracle, constitution, office, first, third, spender, pool, assets, networkHelpers } = stage;
    await constitution.connect(office).proposeChange(parameterIds["breaker.reclaimShare"], twice, id("reason"));
    await constitution.connect(first).consent(parameterIds["breaker.reclaimShare"], 1);
    await networkHelpers.time.increase(changeDelaySeconds);

    const operators = operatorWallets(4);
    const nextEpoch = async () => Number(await oracle.epochAt(await networkHelpers.time.latest())) + 1;
    await oracle.connect(office).scheduleOperatorSet(
      operators.map(({ address }) => address),
      await nextEpoch(),
      first,
    );
    const attestors = inSeatOrder(wallets(3, 50), (wallet) => wallet.address).map(({ address }) => address);
    const attestorSet = await vault.connect(third).createAttestorSet.staticCall(id("set"), attestors, 2);
    await vault.connect(third).createAttestorSet(id("set"), attestors, 2);
    const start = await networkHelpers.time.latest();
    for (let index = 0; index < projectCount; ++index) {
      const plan = {
        version: 1,
        project: ZeroHash,
        pool,
        reclaimTo: pool,
        asset: assets.token,
        payee: spender.address,
        opener: office.address,
        anchor: first.address,
        team: ZeroHash,
        oracle: await oracle.getAddress(),
        scoreDefinition,
        leaseReports: 1,
        initialReports: 1,
        maxMissing: 0,
        renewalWindow,
        acceptBy: start + day,
        salt: id(`project ${index}`),
        milestones: [
          {
            amount: each,
            deadline: start + 10 * day,
            challengeWindow: 0,
            specification: id("specification"),
            attestorSet,
            attestorSetVersion: 1,
            coSignature: false,
          },
        ],
      };
      const project = await vault.planId(plan);
      await vault.connect(office).openProject(plan);
      await vault.connect(spender).acceptProject(project, 0, "0x");
      await vault.connect(first).acceptProject(project, 1, "0x");
      await vault.connect(office).commitProject(project);
      projects.push(project);
    }
    const reporting = { oracle, operators, genesis: stage.genesis };
    const epoch = await nextEpoch();
    for (const next of [epoch, epoch + 1]) await submitReport(stage, reporting, await reportOn(reporting, next));
    const snapshot = await networkHelpers.takeSnapshot();
    begin = () => snapshot.restore();
  });
  beforeEach(async () => begin());
  // iJO-001
  afterEach(async () => {
    for (const part of [stage.vault, stage.breaker, stage.oracle]) await expectJournalComplete(stage.provider, part);
  });

  const safety = () => stage.vault.assetSafety(stage.assets.token);
  const reclaim = (index: number) => stage.vault.connect(stage.outsider).reclaim(projects[index] ?? "");
  const changeShare = async () => {
    await stage.constitution.enactChange(parameterIds["breaker.reclaimShare"], 0);
    await stage.breaker.refreshLimits();
    expect((await stage.vault.limits()).reclaimShare).to.equal(twice);
  };

  it("given no window, the next reclaim opens one by the new share", async () => {
    expect((await safety()).committed).to.equal(committed);
    expect((await safety()).reclaimRemaining).to.equal(rounded(committed / 4n));
    await changeShare();
    expect((await safety()).reclaimRemaining).to.equal(rounded(committed / 2n));
  });

  it("what remains of an open window stays to its last second, and the next one takes the new share", async () => {
    const { networkHelpers, epochSeconds } = stage;
    await reclaim(0);
    const since = await networkHelpers.time.latest();
    const remaining = rounded(rounded(committed / 4n) - each);
    expect((await safety()).reclaimRemaining).to.equal(remaining);
    await changeShare();
    for (const at of [since + epochSeconds - 1, since + epochSeconds]) {
      await networkHelpers.time.increaseTo(at);
      const left = committed - each;
      const isOver = at === since + epochSeconds;
      expect((await safety()).reclaimRemaining).to.equal(isOver ? rounded(left / 2n) : remaining);
    }
    await reclaim(1);
    expect((await safety()).committed).to.equal(committed - 2n * each);
    expect((await safety()).state).to.equal(BreakerState.Closed);
  });

  it("a reclaim that the new share would let pass trips within the window of the old one", async () => {
    const { vault, assets, first } = stage;
    await reclaim(0);
    await changeShare();
    const until = (await stage.networkHelpers.time.latest()) + 1 + Number((await vault.limits()).tripSeconds);
    await expect(reclaim(1)).to.emit(vault, "AssetTripped").withArgs(assets.token, until, 1, projects[1], first);
    const { state, committed: left } = await safety();
    expect([state, left]).to.deep.equal([BreakerState.Tripped, committed - each]);
  });

  it("a reset closes the window: the next reclaim opens one by the new share", async () => {
    const { breaker, assets } = stage;
    await reclaim(0);
    await reclaim(1);
    await changeShare();
    await stage.approve(await breaker.resetOperation(assets.token));
    await breaker.reset(assets.token);
    const { state, reclaimRemaining } = await safety();
    expect([state, reclaimRemaining]).to.deep.equal([BreakerState.Closed, rounded((committed - each) / 2n)]);
    await expect(reclaim(1))
      .to.be.revertedWithCustomError(stage.vault, "BudgetVaultReclaimHeld") // those who lost time may renew first
      .withArgs(projects[1], assets.token);
    await stage.networkHelpers.time.increase(renewalWindow);
    await reclaim(1);
    expect((await safety()).committed).to.equal(committed - 2n * each);
  });

  it("a trip that is over before its window is opens no second one: what was reclaimed in that window still counts", async () => {
    const { authority, vault, breaker, office, guardian, assets, networkHelpers } = stage;
    const hour = 3600;
    await authority.grantRole(roles.BREAKER_ROLE, office, 0);
    await vault.connect(office).setLimits({
      outflowShare: shares.outflow,
      reclaimShare: shares.reclaim,
      reclaimWindow: 7 * day,
      tripSeconds: hour,
      enclaveShare: 0,
    });
    await reclaim(0);
    const since = await networkHelpers.time.latest();
    await breaker.connect(guardian).trip(assets.token, id("reason"));
    await networkHelpers.time.increase(hour);
    const { state, reclaimRemaining } = await safety();
    expect(state).to.equal(BreakerState.HalfOpen);
    expect(each + reclaimRemaining <= committed / 4n, `${reclaimRemaining} remain`).to.equal(true);
    await networkHelpers.time.increaseTo(since + 7 * day);
    expect((await safety()).reclaimRemaining).to.equal(rounded((committed - each) / 8n));
  });
});
