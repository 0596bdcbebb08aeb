import { expect } from "chai";
import { AbiCoder, keccak256, ZeroAddress, ZeroHash } from "ethers";
import hre from "hardhat";

import { expectJournalComplete } from "../../support/journal.ts";
import { deployStrategy } from "../../support/strategy-stage.ts";

const connection = await hre.network.create();
const { ethers, networkHelpers } = connection;
const deploy = async () => deployStrategy(connection, 0);
const given = async () => networkHelpers.loadFixture(deploy);

describe("Membership", () => {
  const callId = (caller: string, target: string, data: string): string =>
    keccak256(AbiCoder.defaultAbiCoder().encode(["address", "address", "bytes"], [caller, target, data]));

  it("given a member who is seated and unseated, its one vote follows, in the past as well", async () => {
    const { membership, office, outsider } = await given();
    const target = await membership.getAddress();
    const start = (await networkHelpers.time.latest()) + 100;

    await networkHelpers.time.setNextBlockTimestamp(start);
    const seatData = membership.interface.encodeFunctionData("seat", [outsider.address]);
    await expect(membership.connect(office).seat(outsider))
      .to.emit(membership, "SeatGranted")
      .withArgs(outsider, 1, callId(office.address, target, seatData), office);
    await expectJournalComplete(ethers.provider, membership);
    expect(await membership.isSeated(outsider)).to.equal(true);
    expect(await membership.getVotes(outsider)).to.equal(1);

    await networkHelpers.time.setNextBlockTimestamp(start + 10);
    const unseatData = membership.interface.encodeFunctionData("unseat", [outsider.address]);
    await expect(membership.connect(office).unseat(outsider))
      .to.emit(membership, "SeatRevoked")
      .withArgs(outsider, 0, callId(office.address, target, unseatData), office);
    await expectJournalComplete(ethers.provider, membership);
    expect(await membership.isSeated(outsider)).to.equal(false);
    expect(await membership.getVotes(outsider)).to.equal(0);

    await networkHelpers.mine();
    for (const [timepoint, votes] of [
      [start - 1, 0],
      [start, 1],
      [start + 9, 1],
      [start + 10, 0],
    ] as const) {
      expect(await membership.getPastVotes(outsider, timepoint), `at ${timepoint - start}`).to.equal(votes);
      expect(await membership.getPastTotalSupply(timepoint), `at ${timepoint - start}`).to.equal(votes);
    }
  });

  it("given several members, the total counts them, and a seat's number is never used again", async () => {
    const { membership, office, outsider, anchor, admin } = await given();
    await membership.connect(office).seat(outsider);
    await membership.connect(office).seat(anchor);
    await membership.connect(office).unseat(outsider);
    await membership.connect(office).seat(outsider);
    await membership.connect(office).seat(admin);
    await networkHelpers.mine();
    const now = (await networkHelpers.time.latest()) - 1;
    expect(await membership.getPastTotalSupply(now)).to.equal(3);
    expect(await membership.seatAt(anchor, now)).to.equal(2);
    expect(await membership.seatAt(outsider, now)).to.equal(3);
    expect(await membership.seatAt(admin, now)).to.equal(4);
    expect(await membership.seatAt(office, now)).to.equal(0);
    expect(await membership.getPastVotes(outsider, now)).to.equal(1);
  });

  it("given a time that has not passed, nothing can be looked up", async () => {
    const { membership, outsider } = await given();
    const now = await networkHelpers.time.latest();
    for (const timepoint of [now, now + 1]) {
      const lookups = [
        () => membership.getPastVotes(outsider, timepoint),
        () => membership.seatAt(outsider, timepoint),
        () => membership.getPastTotalSupply(timepoint),
      ];
      for (const lookup of lookups) {
        await expect(lookup())
          .to.be.revertedWithCustomError(membership, "MembershipFutureLookup")
          .withArgs(timepoint, now);
      }
    }
    expect(await membership.getPastTotalSupply(now - 1)).to.equal(0);
  });

  it("given the zero address, a member twice or one without a seat, it refuses", async () => {
    const { membership, office, outsider } = await given();
    await expect(membership.connect(office).seat(ZeroAddress))
      .to.be.revertedWithCustomError(membership, "MembershipInvalidMember")
      .withArgs(ZeroAddress);
    await expect(membership.connect(office).unseat(outsider))
      .to.be.revertedWithCustomError(membership, "MembershipNotSeated")
      .withArgs(outsider);
    await membership.connect(office).seat(outsider);
    await expect(membership.connect(office).seat(outsider))
      .to.be.revertedWithCustomError(membership, "MembershipAlreadySeated")
      .withArgs(outsider);
  });

  it("given a caller without the role, it refuses", async () => {
    const { membership, outsider } = await given();
    for (const name of ["seat", "unseat"] as const) {
      await expect(membership.connect(outsider)[name](outsider))
        .to.be.revertedWithCustomError(membership, "AccessManagedUnauthorized")
        .withArgs(outsider);
    }
  });

  it("is its members' own delegate, and refuses any other", async () => {
    const { membership, outsider, anchor } = await given();
    expect(await membership.delegates(outsider)).to.equal(outsider);
    await expect(membership.delegate(anchor)).to.be.revertedWithCustomError(membership, "MembershipNotDelegable");
    await expect(membership.delegateBySig(anchor, 0, 0, 27, ZeroHash, ZeroHash)).to.be.revertedWithCustomError(
      membership,
      "MembershipNotDelegable",
    );
  });

  it("counts time in seconds (ERC-6372), and has the constructor's log in its journal", async () => {
    const { membership } = await given();
    expect(await membership.clock()).to.equal(await networkHelpers.time.latest());
    expect(await membership.CLOCK_MODE()).to.equal("mode=timestamp");
    await expectJournalComplete(ethers.provider, membership);
  });
});
