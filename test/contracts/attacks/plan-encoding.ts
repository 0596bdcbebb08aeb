/** Call data that says the same plan in another way, or says more than its types hold. */
import { expect } from "chai";
import { AbiCoder, concat, dataLength, dataSlice, toBeHex } from "ethers";

import { deployVault, type VaultStage } from "../../support/treasury-stage.ts";
import { projectStatus } from "../../support/treasury.ts";

const word = (value: bigint | number) => toBeHex(value, 32);
const garbage = `0x${"ee".repeat(32)}`;

/** Words of a plan before its milestones' offset. */
const planWords = 17;

describe("Attack: a plan is encoded oddly, so that checks, terms and event might read different plans", () => {
  let stage: VaultStage;
  beforeEach(async () => {
    stage = await deployVault();
  });
  afterEach(() => stage.completeJournal());

  /** The encoded plan in pieces: selector, the plan's members, its milestones. */
  function encode() {
    const terms = stage.plan();
    const data = stage.vault.interface.encodeFunctionData("openProject", [terms]);
    const members = dataSlice(data, 4 + 32, 4 + 32 * (1 + planWords));
    const milestones = dataSlice(data, 4 + 32 * (2 + planWords), dataLength(data));
    return { terms, selector: dataSlice(data, 0, 4), members, milestones };
  }
  const send = async (data: string) => stage.office.sendTransaction({ to: stage.vault, data });

  it("garbage between the pieces and behind them changes neither the id, nor the terms, nor the event", async () => {
    const { vault, payee, anchor, pool, asset } = stage;
    const { terms, selector, members, milestones } = encode();
    const project = await vault.planId(terms);
    const milestonesAt = 32 * (planWords + 1 + 2);
    const odd = concat([
      ...[selector, word(64), garbage], // the plan starts a word later
      ...[members, word(milestonesAt), garbage, garbage], // its milestones two words later
      ...[milestones, garbage],
    ]);
    const receipt = await (await send(odd)).wait();
    const [log] = receipt?.logs ?? [];
    const event = log === undefined ? null : vault.interface.parseLog(log);
    expect(event?.args["project"]).to.equal(project);
    const told: unknown = event?.args["plan"];
    const { inputs } = vault.interface.getFunction("openProject");
    const coder = AbiCoder.defaultAbiCoder();
    expect(coder.encode(inputs, [told])).to.equal(coder.encode(inputs, [terms]));

    await vault.connect(payee).acceptProject(project, 0, "0x");
    await vault.connect(anchor).acceptProject(project, 1, "0x");
    const before = await vault.poolBalance(pool, asset);
    await vault.commitProject(project);
    expect(before - (await vault.poolBalance(pool, asset))).to.equal(30n * 10n ** 18n);
    expect((await vault.getProject(project)).status).to.equal(projectStatus.active);
  });

  it("a member with bits beyond its type is refused, whichever it is", async () => {
    const { selector, members, milestones } = encode();
    const narrow = [0, 4, 5, 6, 7, 9, 11, 12, 13, 14, 15]; // numbers and addresses
    for (const index of narrow) {
      const before = dataSlice(members, 0, 32 * index);
      const after = dataSlice(members, 32 * (index + 1));
      const dirty = word(BigInt(dataSlice(members, 32 * index, 32 * (index + 1))) | (1n << 255n));
      const data = concat([selector, word(32), before, dirty, after, word(32 * (planWords + 1)), milestones]);
      await expect(send(data), `word ${index}`).to.be.revertedWithoutReason(stage.ethers);
    }
  });

  it("an array of milestones that says it is longer than it is, is refused", async () => {
    const { selector, members, milestones } = encode();
    const head = concat([selector, word(32), members, word(32 * (planWords + 1))]);
    for (const count of [4n, 32n, 2n ** 64n, 2n ** 255n]) {
      const data = concat([head, word(count), dataSlice(milestones, 32)]);
      await expect(send(data), `${count} milestones`).to.be.revert(stage.ethers);
    }
  });
});
