import { expect } from "chai";
import { id } from "ethers";
import fc from "fast-check";

import { BreakerState, deployBreaker, shares, tripSeconds, type BreakerStage } from "../../support/breaker-stage.ts";
import { AssetModel } from "../../support/leaky-bucket.ts";

const reason = id("a guardian's reasons");

/** Seconds before an action: mostly so few that the bucket has no time to leak out. */
const wait = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 7200 }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 * tripSeconds }) },
  { weight: 1, arbitrary: fc.constantFrom(86_399, 86_400, tripSeconds - 1, tripSeconds) },
);

/** Thousandths of the limit, or what is exactly the room that there is, and one unit more. */
const withdrawn = fc.oneof(
  { weight: 4, arbitrary: fc.record({ thousandths: fc.bigInt(1n, 400n) }) },
  { weight: 1, arbitrary: fc.record({ thousandths: fc.bigInt(1n, 1500n) }) },
  { weight: 2, arbitrary: fc.record({ aboveRoom: fc.constantFrom(0n, 1n) }) },
);

const action = fc.oneof(
  { weight: 6, arbitrary: withdrawn.map((amount) => ({ act: "withdraw", amount }) as const) },
  { weight: 2, arbitrary: fc.bigInt(1n, 3000n).map((thousandths) => ({ act: "deposit", thousandths }) as const) },
  { weight: 1, arbitrary: fc.constant({ act: "trip" } as const) },
  { weight: 2, arbitrary: fc.constant({ act: "reset" } as const) },
);

const story = fc.record({
  // From amounts that 58 bits keep to ones of which they lose the lowest 64 bits.
  bits: fc.integer({ min: 8, max: 105 }),
  steps: fc.array(fc.record({ wait, action }), { minLength: 1, maxLength: 25 }),
});

describe("CircuitBreaker: an asset follows the model of a leaky bucket", () => {
  let stage: BreakerStage;
  before(async () => {
    stage = await deployBreaker();
  });

  it("over any sequence of payments, deposits, waits, trips and resets", async () => {
    const { ethers, networkHelpers, vault, breaker, office, guardian, pool } = stage;
    const seen = { left: 0, tripped: 0, waited: 0, reset: 0 };
    const begin = await networkHelpers.takeSnapshot();
    await fc.assert(
      fc.asyncProperty(story, async ({ bits, steps }) => {
        await begin.restore();
        const token = await ethers.deployContract("TestToken");
        const asset = await token.getAddress();
        await vault.connect(office).allowAsset(asset, true);
        await token.mint(office, 2n ** 112n);
        await token.connect(office).approve(vault, 2n ** 112n);
        const first = 2n ** BigInt(bits) + 12_345n;
        await vault.connect(office).deposit(pool, asset, first, id("first"));
        const model = new AssetModel(first, shares.outflow, BigInt(tripSeconds));

        for (const [index, step] of steps.entries()) {
          let now = BigInt(await networkHelpers.time.latest()) + BigInt(step.wait);
          await networkHelpers.time.setNextBlockTimestamp(now);
          const { action } = step;
          if (action.act === "withdraw") {
            const wanted =
              "aboveRoom" in action.amount
                ? model.roomAt(now) + action.amount.aboveRoom
                : (model.limitAt(now) * action.amount.thousandths) / 1000n;
            const amount = wanted < 1n ? 1n : wanted > model.credited ? model.credited : wanted;
            if (amount === 0n) continue;
            const was = model.stateAt(now);
            const leaves = model.withdraw(amount, now);
            seen[leaves ? "left" : was === BreakerState.Tripped ? "waited" : "tripped"] += 1;
            const sent = stage.withdraw(asset, amount);
            if (was === BreakerState.Tripped) {
              await expect(sent).to.be.revertedWithCustomError(vault, "BudgetVaultAssetTripped");
              await networkHelpers.mine(); // the second in which it was refused passes
            } else await sent;
          } else if (action.act === "deposit") {
            const amount = (model.credited * action.thousandths) / 1000n + 1n;
            if (model.credited + amount >= 2n ** 112n) continue;
            model.deposit(amount);
            await vault.connect(office).deposit(pool, asset, amount, id(`deposit ${index}`));
          } else if (action.act === "trip") {
            model.trip(now);
            await breaker.connect(guardian).trip(asset, reason);
          } else if (model.tripEnd !== undefined) {
            await stage.approve(await breaker.resetOperation(asset));
            await breaker.reset(asset);
            now = BigInt(await networkHelpers.time.latest());
            model.reset(now);
            seen.reset += 1;
          } else await networkHelpers.mine();

          const safety = await vault.assetSafety(asset);
          const isTripped = model.stateAt(now) === BreakerState.Tripped;
          const emptyAtMs = model.emptyAtMs(now);
          expect(
            {
              credited: await vault.credited(asset),
              balance: await token.balanceOf(vault),
              state: safety.state,
              until: safety.until,
              trips: safety.trips,
              resetAt: safety.resetAt,
              limit: safety.outflowLimit,
              emptyAtMs: safety.outflowEmptyAtMs <= now * 1000n ? "empty" : safety.outflowEmptyAtMs,
            },
            `after ${index + 1} steps`,
          ).to.deep.equal({
            credited: model.credited,
            balance: model.credited,
            state: model.stateAt(now),
            until: isTripped ? model.tripEnd : 0n,
            trips: model.trips,
            resetAt: model.resetAt,
            limit: model.limitAt(now),
            emptyAtMs,
          });
        }
      }),
      { numRuns: 40, seed: 0x6d616e64 },
    );
    for (const [what, times] of Object.entries(seen)) expect(times, what).to.be.above(10);
  });
});
