import { expect } from "chai";
import { id } from "ethers";

import { day } from "../../support/authority.ts";
import {
  BreakerState,
  credited,
  deployBreaker,
  tripSeconds,
  unit,
  type BreakerStage,
} from "../../support/breaker-stage.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { rounded } from "../../support/leaky-bucket.ts";

const reason = id("a guardian's reasons");

/** What fits into an empty bucket: a tenth of what is credited, or half of that. */
const limit = rounded(credited / 10n);
const halved = rounded(credited / 20n);

type State = keyof typeof BreakerState;

describe("CircuitBreaker: every edge between the states of an asset", () => {
  for (const name of ["coin", "rebasing"] as const) {
    describe(`given ${name}`, () => {
      let stage: BreakerStage;
      let begin: () => Promise<void>;
      before(async () => {
        stage = await deployBreaker();
        const snapshot = await stage.networkHelpers.takeSnapshot();
        begin = () => snapshot.restore();
      });
      /** Every asset is closed when a test begins. */
      const given = async (state: State) => {
        await begin();
        if (state !== "Closed") await stage.breaker.connect(stage.guardian).trip(stage.assets[name], reason);
        if (state === "HalfOpen") await stage.networkHelpers.time.increase(tripSeconds);
        expect((await safety()).state).to.equal(BreakerState[state]);
      };
      afterEach(async () => {
        for (const part of [stage.breaker, stage.vault]) await expectJournalComplete(stage.provider, part);
      });

      const safety = () => stage.vault.assetSafety(stage.assets[name]);
      const showShortfall = async () => {
        await stage.lose(stage.assets[name], 1n);
        return stage.breaker.showShortfall(stage.assets[name]);
      };
      const reset = async () => {
        await stage.approve(await stage.breaker.resetOperation(stage.assets[name]));
        return stage.breaker.reset(stage.assets[name]);
      };
      const inputs = {
        "a guardian trips": () => stage.breaker.connect(stage.guardian).trip(stage.assets[name], reason),
        "a limit is met": async () => stage.withdraw(stage.assets[name], (await safety()).outflowLimit + 1n),
        "a payment fits": async () => {
          const before = await stage.vault.credited(stage.assets[name]);
          await stage.withdraw(stage.assets[name], unit);
          expect(await stage.vault.credited(stage.assets[name])).to.equal(before - unit);
        },
        "money is missing": showShortfall,
        "a trip's time passes": () => stage.networkHelpers.time.increase(tripSeconds),
        "a quorum of anchors resets": reset,
      };

      const edges: readonly (readonly [from: State, input: keyof typeof inputs, to: State, trips: bigint])[] = [
        ["Closed", "a guardian trips", "Tripped", 1n],
        ["Closed", "a limit is met", "Tripped", 1n],
        ["Closed", "a payment fits", "Closed", 0n],
        ["Closed", "money is missing", "Tripped", 1n],
        ["Closed", "a trip's time passes", "Closed", 0n],
        ["Tripped", "a guardian trips", "Tripped", 2n],
        ["Tripped", "a trip's time passes", "HalfOpen", 1n],
        ["Tripped", "a quorum of anchors resets", "Closed", 1n],
        ["HalfOpen", "a guardian trips", "Tripped", 2n],
        ["HalfOpen", "a limit is met", "Tripped", 2n],
        ["HalfOpen", "a payment fits", "HalfOpen", 1n],
        ["HalfOpen", "money is missing", "Tripped", 2n],
        ["HalfOpen", "a trip's time passes", "HalfOpen", 1n],
        ["HalfOpen", "a quorum of anchors resets", "Closed", 1n],
      ];
      for (const [from, input, to, trips] of edges) {
        it(`given ${from}, when ${input}, it is ${to}`, async () => {
          await given(from);
          await inputs[input]();
          const after = await safety();
          expect([after.state, after.trips]).to.deep.equal([BreakerState[to], trips]);
          const now = await stage.networkHelpers.time.latest();
          const until = to === "Tripped" ? now + tripSeconds : 0;
          expect(after.until, "until: anew with every trip").to.equal(until);
        });
      }

      it("given Closed, no quorum resets it", async () => {
        await given("Closed");
        await expect(reset())
          .to.be.revertedWithCustomError(stage.vault, "BudgetVaultNotTripped")
          .withArgs(stage.assets[name]);
      });

      it("given Tripped, a withdrawal of whatever size is refused, and neither prolongs the trip nor outdates an approval", async () => {
        await given("Tripped");
        const { until, trips } = await safety();
        const operation = await stage.breaker.resetOperation(stage.assets[name]);
        for (const amount of [1n, limit, limit + 1n]) {
          await expect(stage.withdraw(stage.assets[name], amount))
            .to.be.revertedWithCustomError(stage.vault, "BudgetVaultAssetTripped")
            .withArgs(stage.assets[name], until);
        }
        const after = await safety();
        expect([after.state, after.until, after.trips]).to.deep.equal([BreakerState.Tripped, until, trips]);
        expect(await stage.breaker.resetOperation(stage.assets[name])).to.equal(operation);
      });

      it("given Tripped, a shortfall is not shown again", async () => {
        await given("Tripped");
        await expect(showShortfall())
          .to.be.revertedWithCustomError(stage.breaker, "CircuitBreakerAlreadyTripped")
          .withArgs(stage.assets[name]);
      });

      it("it is Tripped up to the trip's last second, and HalfOpen from the next one on", async () => {
        await given("Tripped");
        const { until } = await safety();
        await stage.networkHelpers.time.increaseTo(until - 1n);
        expect((await safety()).state).to.equal(BreakerState.Tripped);
        await stage.networkHelpers.time.increaseTo(until);
        const after = await safety();
        expect([after.state, after.until]).to.deep.equal([BreakerState.HalfOpen, 0n]);
      });

      for (const [from, most] of [
        ["Closed", limit],
        ["HalfOpen", halved],
      ] as const) {
        it(`given ${from}, exactly ${most} may leave at once, and one unit more trips it`, async () => {
          const { vault, assets } = stage;
          await given(from);
          expect((await safety()).outflowLimit).to.equal(most);
          await stage.withdraw(assets[name], most);
          expect(await vault.credited(assets[name])).to.equal(credited - most);
          expect((await safety()).state).to.equal(BreakerState[from]);
          await given(from);
          await stage.withdraw(assets[name], most + 1n);
          expect(await vault.credited(assets[name])).to.equal(credited);
          expect((await safety()).state).to.equal(BreakerState.Tripped);
        });
      }

      it("given HalfOpen, half the limit holds however long nobody resets it, and the whole one after a reset", async () => {
        await given("HalfOpen");
        await stage.networkHelpers.time.increase(10 * day);
        expect((await safety()).outflowLimit).to.equal(halved);
        await reset();
        expect((await safety()).outflowLimit).to.equal(limit);
      });
    });
  }
});
