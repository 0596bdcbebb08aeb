import { expect } from "chai";
import { id } from "ethers";

import { BreakerState } from "../../support/breaker-stage.ts";
import { deployVault, type VaultStage } from "../../support/treasury-stage.ts";

const most = 2n ** 112n - 1n;

describe("SafetyLimits: a vault whose limits nobody has set", () => {
  let stage: VaultStage;
  beforeEach(async () => {
    stage = await deployVault();
  });
  // iTR-010
  afterEach(async () => stage.completeJournal());

  /** Deposits an amount of a new token and withdraws it, `times` over. */
  const throughput = async (amount: bigint, times: number) => {
    const { ethers, vault, office, outsider, pool } = stage;
    const token = await ethers.deployContract("TestToken");
    await vault.allowAsset(token, true);
    await token.mint(office, amount * BigInt(times));
    await token.approve(vault, amount * BigInt(times));
    for (let time = 0; time < times; ++time) {
      await vault.deposit(pool, token, amount, id(`deposit ${time}`));
      await vault.withdraw(pool, token, outsider, amount);
    }
    const { state, trips } = await vault.assetSafety(token);
    expect({ received: await token.balanceOf(outsider), state, trips }).to.deep.equal({
      received: amount * BigInt(times),
      state: BreakerState.Closed,
      trips: 0n,
    });
  };

  it("lets the most that it can hold leave at once", async () => throughput(most, 1));

  it("lets more leave in a day than it can hold at once", async () => throughput(2n ** 111n, 3));
});
