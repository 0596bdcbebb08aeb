import { expect } from "chai";
import { id, type ContractTransactionResponse } from "ethers";

import { deployAuthority, Verdict } from "../../support/authority.ts";
import { expectJournalComplete } from "../../support/journal.ts";

type Stage = Awaited<ReturnType<typeof deployAuthority>>;
interface Options {
  gasLimit: number;
  maxPriorityFeePerGas: number;
}
type Send = (options: Options) => Promise<ContractTransactionResponse>;

/** Mines the transactions in one block, in their order, and returns for each whether it succeeded. */
async function inOneBlock({ provider }: Stage, sends: Send[]): Promise<boolean[]> {
  await provider.send("evm_setAutomine", [false]);
  const sent: ContractTransactionResponse[] = [];
  for (const [index, send] of sends.entries()) {
    sent.push(await send({ gasLimit: 1_000_000, maxPriorityFeePerGas: 1_000_000 - index }));
  }
  await provider.send("evm_mine", []);
  await provider.send("evm_setAutomine", [true]);
  const receipts = await Promise.all(sent.map(({ hash }) => provider.getTransactionReceipt(hash)));
  expect(receipts.map((receipt) => receipt?.index)).to.deep.equal(sends.map((_, index) => index));
  expect(new Set(receipts.map((receipt) => receipt?.blockNumber))).to.have.lengthOf(1);
  return receipts.map((receipt) => receipt?.status === 1);
}

describe("Authority: several transactions in one block", () => {
  const ends: Record<string, { end: (stage: Stage, task: bigint) => Send; verdict: bigint }> = {
    "its task completes": {
      end: (stage, task) => (options) => stage.authority.connect(stage.anchor).completeTask(task, options),
      verdict: Verdict.TaskCompleted,
    },
    "its task fails": {
      end: (stage, task) => (options) => stage.authority.connect(stage.anchor).failTask(task, id("reason"), options),
      verdict: Verdict.TaskFailed,
    },
    "its anchor leaves": {
      end: (stage) => (options) => stage.authority.connect(stage.liveness).setAnchorLiveness(stage.anchor, 0, options),
      verdict: Verdict.TaskFailed,
    },
    "its anchor ends it": {
      end: (stage) => (options) =>
        stage.authority.connect(stage.anchor).endGrant(stage.agent, stage.target, stage.guarded, options),
      verdict: Verdict.GrantEnded,
    },
    "its granter ends it": {
      end: (stage) => (options) =>
        stage.authority.connect(stage.granter).endGrant(stage.agent, stage.target, stage.guarded, options),
      verdict: Verdict.GrantEnded,
    },
    "its target closes": {
      end: (stage) => (options) => stage.authority.connect(stage.admin).setTargetClosed(stage.target, true, options),
      verdict: Verdict.TargetClosed,
    },
    "its function goes to a role": {
      end: (stage) => (options) => stage.authority.setTargetFunctionRole(stage.target, [stage.guarded], 5, options),
      verdict: Verdict.RoleMissing,
    },
  };

  for (const uses of [0, 5]) {
    for (const [name, { end, verdict }] of Object.entries(ends)) {
      it(`iAU-001: given a ${uses ? "counted" : "plain"} grant, when ${name}, the same call is refused later in that block`, async () => {
        const stage = await deployAuthority();
        const { authority, target, agent, granter, guarded } = stage;
        const task = await stage.openTask();
        await authority.connect(granter).grant(stage.request(task, { uses }));
        const call: Send = (options) => target.connect(agent).guarded(1, options);
        expect(await inOneBlock(stage, [call, end(stage, task.task), call])).to.deep.equal([true, true, false]);
        expect(await target.calls()).to.equal(1);
        expect(await authority.verdict(agent, target, guarded)).to.equal(verdict);
        await expect(target.connect(agent).guarded(1))
          .to.be.revertedWithCustomError(target, "AccessManagedUnauthorized")
          .withArgs(agent);
        await expectJournalComplete(stage.provider, authority);
      });
    }
  }

  it("iAU-001: a grant with two uses allows two of three calls in one block", async () => {
    const stage = await deployAuthority();
    const task = await stage.openTask();
    await stage.authority.connect(stage.granter).grant(stage.request(task, { uses: 2 }));
    const call: Send = (options) => stage.target.connect(stage.agent).guarded(1, options);
    expect(await inOneBlock(stage, [call, call, call])).to.deep.equal([true, true, false]);
    await expectJournalComplete(stage.provider, stage.authority);
  });

  it("a grant has effect in the block in which it is given", async () => {
    const stage = await deployAuthority();
    const task = await stage.openTask();
    const call: Send = (options) => stage.target.connect(stage.agent).guarded(1, options);
    const give: Send = (options) => stage.authority.connect(stage.granter).grant(stage.request(task), options);
    expect(await inOneBlock(stage, [call, give, call])).to.deep.equal([false, true, true]);
  });
});
