import { expect } from "chai";
import { id, type ContractTransactionResponse } from "ethers";

import { deployBreaker, type BreakerStage } from "../../support/breaker-stage.ts";
import { expectJournalComplete } from "../../support/journal.ts";

/** Where blocks are shorter than a second, or in one block, two trips of an oracle end in the same second. */
describe("CircuitBreaker: two trips of an oracle in one second", () => {
  let stage: BreakerStage;
  beforeEach(async () => {
    stage = await deployBreaker();
  });
  // iJO-001
  afterEach(async () => {
    for (const part of [stage.breaker, stage.oracle]) await expectJournalComplete(stage.provider, part);
  });

  const gasLimit = 1_000_000;
  /** Whether each of the transactions worked; all are in one block. */
  const inOneBlock = async (calls: readonly (() => Promise<ContractTransactionResponse>)[]) => {
    const { provider } = stage;
    await provider.send("evm_setAutomine", [false]);
    const sent: ContractTransactionResponse[] = [];
    for (const call of calls) sent.push(await call());
    await provider.send("evm_mine", []);
    await provider.send("evm_setAutomine", [true]);
    const receipts = await Promise.all(sent.map(({ hash }) => provider.getTransactionReceipt(hash)));
    expect(new Set(receipts.map((receipt) => receipt?.blockNumber)).size).to.equal(1);
    return receipts.map((receipt) => receipt?.status === 1);
  };

  it("what was approved for one, and reset it, does not reset the other", async () => {
    const { breaker, anchors, oracle, guardian, outsider, first, second, networkHelpers } = stage;
    const trip = () => breaker.connect(guardian).tripOracle(oracle, id("reason"), { gasLimit });
    const reset = () => breaker.connect(outsider).resetOracle(oracle, { gasLimit });
    const at = (await networkHelpers.time.latest()) + 100;

    // What anchors will be asked to approve is read off the same trip on a chain that is thrown away.
    const before = await networkHelpers.takeSnapshot();
    await networkHelpers.time.setNextBlockTimestamp(at);
    await trip();
    const operation = await breaker.resetOracleOperation(oracle);
    await before.restore();

    await networkHelpers.time.setNextBlockTimestamp(at);
    const approvals = [first, second].map((anchor) => () => anchors.connect(anchor).approve(operation, { gasLimit }));
    const worked = await inOneBlock([trip, ...approvals, reset, trip, reset]);
    expect(worked).to.deep.equal([true, true, true, true, true, false]);
    expect((await oracle.trippedUntil()) > BigInt(await networkHelpers.time.latest())).to.equal(true);
  });
});
