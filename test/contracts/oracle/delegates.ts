import { expect } from "chai";
import { ZeroAddress, type BaseWallet } from "ethers";
import hre from "hardhat";

import { signingDomains } from "../../../src/core/signing/signed-types.ts";
import { delegation } from "../../support/delegation.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { operatorWallets } from "../../support/oracle.ts";

const connection = await hre.network.create();
const { ethers, networkHelpers } = connection;
const { chainId } = await ethers.provider.getNetwork();

async function deployKeys() {
  const [admin, outsider] = await ethers.getSigners();
  const authority = await ethers.deployContract("AuthorityDouble", [admin]);
  const keys = await ethers.deployContract("OperatorKeys", [authority]);
  const domain = { ...signingDomains.OperatorKeys, chainId, verifyingContract: await keys.getAddress() };
  return { keys, outsider, domain };
}
const given = async () => networkHelpers.loadFixture(deployKeys);
type Stage = Awaited<ReturnType<typeof deployKeys>>;

const [operator, delegate, second, other] = operatorWallets(4) as [BaseWallet, BaseWallet, BaseWallet, BaseWallet];

/** A naming that both sign. */
const naming = async ({ domain }: Stage, by: BaseWallet, provedBy: BaseWallet, changes = {}) =>
  delegation(domain, [by.address, provedBy.address], { by, provedBy }, changes);

describe("OperatorKeys.delegate", () => {
  it("given an operator that names nobody, it signs for itself", async () => {
    const { keys } = await given();
    expect(await keys.delegateOf(operator)).to.equal(operator.address);
    expect(await keys.operatorOf(operator)).to.equal(ZeroAddress);
    expect(await keys.delegationNonceOf(operator)).to.equal(0n);
  });

  it("given both signatures, the delegate signs for the operator, whoever submits; a later one takes its place", async () => {
    const stage = await given();
    const { keys, outsider } = stage;
    const { digest, args } = await naming(stage, operator, delegate);
    expect(await keys.delegateDigest(operator, delegate, args[2])).to.equal(digest);
    await expect(keys.connect(outsider).delegate(...args))
      .to.emit(keys, "OperatorDelegated")
      .withArgs(operator, delegate, 0, digest);
    expect(await keys.delegateOf(operator)).to.equal(delegate.address);
    expect(await keys.operatorOf(delegate)).to.equal(operator.address);

    await keys.delegate(...(await naming(stage, operator, second, { nonce: 1n })).args);
    expect(await keys.delegateOf(operator)).to.equal(second.address);
    expect(await keys.delegationNonceOf(operator)).to.equal(2n);
    await keys.delegate(...(await naming(stage, operator, delegate, { nonce: 2n })).args); // back to one of its own
    await keys.delegate(...(await naming(stage, operator, operator, { nonce: 3n })).args); // and to itself
    expect(await keys.delegateOf(operator)).to.equal(operator.address);
    await expectJournalComplete(ethers.provider, keys);
  });

  it("PITFALLS: given a naming again, an earlier delegate does not come back", async () => {
    const stage = await given();
    const first = await naming(stage, operator, delegate);
    await stage.keys.delegate(...first.args);
    await stage.keys.delegate(...(await naming(stage, operator, second, { nonce: 1n })).args);
    await expect(stage.keys.delegate(...first.args)).to.be.revertedWithCustomError(
      stage.keys,
      "OperatorKeysDelegateUnproved",
    );
  });

  it("PITFALLS: a delegate serves one operator, ever: also when that one names another, or it would name itself", async () => {
    const stage = await given();
    const { keys } = stage;
    await keys.delegate(...(await naming(stage, operator, delegate)).args);
    await keys.delegate(...(await naming(stage, operator, second, { nonce: 1n })).args);
    for (const by of [other, delegate]) {
      await expect(keys.delegate(...(await naming(stage, by, delegate)).args))
        .to.be.revertedWithCustomError(keys, "OperatorKeysDelegateTaken")
        .withArgs(delegate, operator);
    }
  });

  it("PITFALLS: nobody names a key that it does not have, nor names one for somebody else", async () => {
    const stage = await given();
    const { keys, domain } = stage;
    const pair = [operator.address, delegate.address] as const;
    const unproved = await delegation(domain, pair, { by: operator, provedBy: operator });
    await expect(keys.delegate(...unproved.args))
      .to.be.revertedWithCustomError(keys, "OperatorKeysDelegateUnproved")
      .withArgs(delegate, unproved.digest);
    const [, , deadline, proof, signature] = (await naming(stage, operator, delegate)).args;
    await expect(keys.delegate(...pair, deadline, `${proof}00`, signature)).to.be.revertedWithCustomError(
      keys,
      "OperatorKeysDelegateUnproved",
    );
    const nobody = await delegation(domain, [operator.address, ZeroAddress], { by: operator, provedBy: delegate });
    await expect(keys.delegate(...nobody.args)).to.be.revertedWithCustomError(keys, "OperatorKeysDelegateUnproved");
    const unsigned = await delegation(domain, pair, { by: other, provedBy: delegate });
    await expect(keys.delegate(...unsigned.args))
      .to.be.revertedWithCustomError(keys, "OperatorKeysInvalidSignature")
      .withArgs(operator, unsigned.digest);
    const later = await naming(stage, operator, delegate, { nonce: 1n });
    await expect(keys.delegate(...later.args)).to.be.revertedWithCustomError(keys, "OperatorKeysDelegateUnproved");
  });

  it("given a deadline, it is taken up to the second before", async () => {
    const stage = await given();
    const { keys } = stage;
    const deadline = (await networkHelpers.time.latest()) + 100;
    const { args } = await naming(stage, operator, delegate, { deadline });
    await networkHelpers.time.setNextBlockTimestamp(deadline);
    await expect(keys.delegate(...args))
      .to.be.revertedWithCustomError(keys, "OperatorKeysDeadlinePassed")
      .withArgs(deadline, deadline);
    const later = await naming(stage, operator, delegate, { deadline: deadline + 100 });
    await networkHelpers.time.setNextBlockTimestamp(deadline + 99);
    await expect(keys.delegate(...later.args)).to.emit(keys, "OperatorDelegated");
  });

  it("given an operator that is a contract, what it takes as its signature counts; a delegate that is one signs no report", async () => {
    const { keys, domain } = await given();
    const wallet = await ethers.deployContract("ERC1271WalletMock", [other]);
    const address = await wallet.getAddress();
    const signers = { by: other, provedBy: delegate };
    await keys.delegate(...(await delegation(domain, [address, delegate.address], signers)).args);
    expect(await keys.delegateOf(address)).to.equal(delegate.address);
    const contract = await delegation(domain, [operator.address, address], { by: operator, provedBy: other });
    await expect(keys.delegate(...contract.args)).to.be.revertedWithCustomError(keys, "OperatorKeysDelegateUnproved");
  });
});
