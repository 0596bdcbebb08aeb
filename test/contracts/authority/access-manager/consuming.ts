/** `consumeScheduledOp`: a target spends the schedule of a call that it is being asked for. */
import { expect } from "chai";

import { deployManager, expirationSeconds, Role, scheduleCall } from "../../../support/access-manager.ts";
import { expectJournalComplete } from "../../../support/journal.ts";

type Stage = Awaited<ReturnType<typeof deployManager>>;

describe("Authority as AccessManager: consuming a schedule by hand", () => {
  let stage: Stage & { consumer: Awaited<ReturnType<typeof deployConsumer>> };
  const data = "0x12345678aa";
  const consuming = "0x8fb36037"; // isConsumingScheduledOp()
  const deployConsumer = (base: Stage) => base.ethers.deployContract("ConsumeProbe");
  before(async () => {
    const base = await deployManager();
    stage = { ...base, consumer: await deployConsumer(base) };
    await stage.authority.setTargetFunctionRole(stage.consumer, [data.slice(0, 10)], Role.Some);
    const snapshot = await stage.networkHelpers.takeSnapshot();
    stage.restore = () => snapshot.restore();
  });
  afterEach(async () => {
    await expectJournalComplete(stage.provider, stage.authority);
    await stage.restore();
  });

  const consume = () => stage.consumer.consume(stage.authority, stage.delayed, data);
  const schedule = () => scheduleCall(stage, { caller: stage.delayed, target: stage.consumer, data });
  const operation = () => stage.authority.hashOperation(stage.delayed, stage.consumer, data);

  for (const [name, answer] of [
    ["nothing", "0x00000000"],
    ["true, as a bool would", "0x00000001"],
    ["another selector", "0x12345678"],
  ] as const) {
    it(`by a target that answers ${name} when asked whether it consumes: refused`, async () => {
      await stage.consumer.answer(answer);
      await stage.networkHelpers.time.increaseTo(await schedule());
      await expect(consume())
        .to.be.revertedWithCustomError(stage.authority, "AccessManagerUnauthorizedConsume")
        .withArgs(stage.consumer);
    });
  }

  it("by an account without code: refused", async () => {
    const { authority, delayed, ethers } = stage;
    await expect(authority.connect(delayed).consumeScheduledOp(delayed, data)).to.be.revert(ethers);
  });

  it("by another target: its own operation counts, not the one that was scheduled", async () => {
    const { authority, delayed } = stage;
    const other = await deployConsumer(stage);
    await other.answer(consuming);
    await stage.networkHelpers.time.increaseTo(await schedule());
    await expect(other.consume(authority, delayed, data))
      .to.be.revertedWithCustomError(authority, "AccessManagerNotScheduled")
      .withArgs(await authority.hashOperation(delayed, other, data));
  });

  for (const [name, shift, refusal] of [
    ["before its time", -1, "AccessManagerNotReady"],
    ["at its time", 0, undefined],
    ["in its last second", expirationSeconds - 1, undefined],
    ["when it has expired", expirationSeconds, "AccessManagerExpired"],
  ] as const) {
    it(`${name}: ${refusal ?? "spent, once"}`, async () => {
      const { authority } = stage;
      await stage.consumer.answer(consuming);
      await stage.at((await schedule()) + shift);
      if (refusal !== undefined) {
        await expect(consume())
          .to.be.revertedWithCustomError(authority, refusal)
          .withArgs(await operation());
        return;
      }
      await expect(consume())
        .to.emit(authority, "OperationExecuted")
        .withArgs(await operation(), 1);
      await expect(consume())
        .to.be.revertedWithCustomError(authority, "AccessManagerNotScheduled")
        .withArgs(await operation());
    });
  }

  it("what was never scheduled: refused", async () => {
    await stage.consumer.answer(consuming);
    await expect(consume())
      .to.be.revertedWithCustomError(stage.authority, "AccessManagerNotScheduled")
      .withArgs(await operation());
  });

  it("asks for no role: a target decides itself when it spends a schedule of its own", async () => {
    await stage.consumer.answer(consuming);
    const ready = await schedule();
    await stage.authority.revokeRole(Role.Some, stage.delayed);
    await stage.at(ready);
    await expect(consume())
      .to.emit(stage.authority, "OperationExecuted")
      .withArgs(await operation(), 1);
  });
});
