import { expect } from "chai";
import { hexlify, id, randomBytes, TypedDataEncoder, Wallet, ZeroHash } from "ethers";

import { signedTypes } from "../../../src/core/signing/signed-types.ts";
import { AnchorStatus, deployAnchors, identity, periodSeconds } from "../../support/anchors.ts";
import { day, Roles, TaskStatus } from "../../support/authority.ts";
import { expectJournalComplete } from "../../support/journal.ts";

describe("Anchors: the life of an anchor", () => {
  let stage: Awaited<ReturnType<typeof deployAnchors>>;
  let anchor: (typeof stage.people)[number];
  beforeEach(async () => {
    stage = await deployAnchors();
    const [first] = stage.people;
    if (!first) throw new Error("no people");
    anchor = first;
  });
  // iJO-001: whatever a test did, both heads are the fold of all logs.
  afterEach(async () => {
    await expectJournalComplete(stage.provider, stage.anchors);
    await expectJournalComplete(stage.provider, stage.authority);
  });

  const latest = () => stage.networkHelpers.time.latest();
  const callId = (sender: string, name: "enrol" | "checkIn" | "resign", args: unknown[]) =>
    stage.authority.hashOperation(
      sender,
      stage.anchors,
      stage.anchors.interface.encodeFunctionData(name as never, args as never),
    );

  describe("given the enrolment office, when it enrols somebody", () => {
    it("iAC-001: that is a proposal: nobody is live by it", async () => {
      const { anchors, authority, office } = stage;
      await expect(anchors.connect(office).enrol(anchor, identity))
        .to.emit(anchors, "AnchorEnrolled")
        .withArgs(anchor, identity, await callId(office.address, "enrol", [anchor.address, identity]), office);
      expect(await anchors.statusOf(anchor)).to.equal(AnchorStatus.Enrolled);
      expect(await anchors.identityOf(anchor)).to.equal(identity);
      expect(await anchors.nonceOf(anchor)).to.equal(1);
      expect(await anchors.liveUntil(anchor)).to.equal(0);
      expect(await anchors.anchors()).to.deep.equal([]);
      expect(await authority.anchorLiveUntil(anchor)).to.equal(0);
    });

    it("without an identity, or while enrolled or accepted, it is refused", async () => {
      const { anchors, office, makeLive } = stage;
      await expect(anchors.connect(office).enrol(anchor, ZeroHash))
        .to.be.revertedWithCustomError(anchors, "AnchorsInvalidIdentity")
        .withArgs(anchor);
      await anchors.connect(office).enrol(anchor, identity);
      await expect(anchors.connect(office).enrol(anchor, identity))
        .to.be.revertedWithCustomError(anchors, "AnchorsUnexpectedStatus")
        .withArgs(anchor, AnchorStatus.Enrolled, AnchorStatus.None);
      await anchors.connect(anchor).resign();
      await makeLive(anchor);
      await stage.networkHelpers.time.increase(periodSeconds);
      await expect(anchors.connect(office).enrol(anchor, identity))
        .to.be.revertedWithCustomError(anchors, "AnchorsUnexpectedStatus")
        .withArgs(anchor, AnchorStatus.Lapsed, AnchorStatus.None);
    });

    it("anybody else is refused", async () => {
      const { anchors, outsider, admin } = stage;
      for (const caller of [outsider, admin]) {
        await expect(anchors.connect(caller).enrol(anchor, identity))
          .to.be.revertedWithCustomError(anchors, "AccessManagedUnauthorized")
          .withArgs(caller);
      }
    });
  });

  describe("given an enrolled person", () => {
    let deadline: number;
    beforeEach(async () => {
      await stage.anchors.connect(stage.office).enrol(anchor, identity);
      deadline = (await latest()) + day;
    });

    it("iAC-001: its own signature, relayed by anybody, makes it live, here and in the authority", async () => {
      const { anchors, authority, outsider, signOath, domain } = stage;
      const signature = await signOath(anchor.address, anchor, deadline);
      const digest = TypedDataEncoder.hash(
        domain,
        { AnchorOath: [...signedTypes.AnchorOath] },
        { anchor: anchor.address, identity, nonce: 1, deadline },
      );
      const next = (await latest()) + 10;
      await stage.networkHelpers.time.setNextBlockTimestamp(next);
      await expect(anchors.connect(outsider).accept(anchor, deadline, signature))
        .to.emit(anchors, "AnchorAccepted")
        .withArgs(anchor, identity, next + periodSeconds, digest, outsider);
      expect(await anchors.statusOf(anchor)).to.equal(AnchorStatus.Live);
      expect(await anchors.liveUntil(anchor)).to.equal(next + periodSeconds);
      expect(await authority.anchorLiveUntil(anchor)).to.equal(next + periodSeconds);
      expect(await anchors.anchors()).to.deep.equal([anchor.address]);
      await stage.openTask(anchor, next + periodSeconds);
    });

    it("iAC-001: a signature over anything else is refused", async () => {
      const { anchors, outsider, signOath, domain } = stage;
      const digest = TypedDataEncoder.hash(
        domain,
        { AnchorOath: [...signedTypes.AnchorOath] },
        { anchor: anchor.address, identity, nonce: 1, deadline },
      );
      for (const signature of [
        await signOath(anchor.address, outsider, deadline),
        await signOath(outsider.address, anchor, deadline),
        await signOath(anchor.address, anchor, deadline + 1),
        await signOath(anchor.address, anchor, deadline, { nonce: 2 }),
        await signOath(anchor.address, anchor, deadline, { nonce: 0 }),
        await signOath(anchor.address, anchor, deadline, { identity: id("other record") }),
        await signOath(anchor.address, anchor, deadline, { chainId: 1n }),
        await signOath(anchor.address, anchor, deadline, { verifyingContract: outsider.address }),
        (await signOath(anchor.address, anchor, deadline)).slice(0, -2),
        hexlify(randomBytes(65)),
        "0x",
      ]) {
        await expect(anchors.accept(anchor, deadline, signature))
          .to.be.revertedWithCustomError(anchors, "AnchorsInvalidSignature")
          .withArgs(anchor, digest);
      }
    });

    it("the signature is valid until before its deadline", async () => {
      const { anchors, signOath } = stage;
      const signature = await signOath(anchor.address, anchor, deadline);
      await stage.networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(anchors.accept(anchor, deadline, signature))
        .to.be.revertedWithCustomError(anchors, "AnchorsSignatureExpired")
        .withArgs(deadline, deadline);
      await stage.networkHelpers.time.setNextBlockTimestamp(deadline + 1);
      const later = await signOath(anchor.address, anchor, deadline + 2);
      await anchors.accept(anchor, deadline + 2, later);
    });

    it("the signature works once", async () => {
      const { anchors, office, signOath } = stage;
      const signature = await signOath(anchor.address, anchor, deadline);
      await anchors.accept(anchor, deadline, signature);
      await expect(anchors.accept(anchor, deadline, signature))
        .to.be.revertedWithCustomError(anchors, "AnchorsUnexpectedStatus")
        .withArgs(anchor, AnchorStatus.Live, AnchorStatus.Enrolled);
      await anchors.connect(anchor).resign();
      await expect(anchors.accept(anchor, deadline, signature))
        .to.be.revertedWithCustomError(anchors, "AnchorsUnexpectedStatus")
        .withArgs(anchor, AnchorStatus.Removed, AnchorStatus.Enrolled);
      await anchors.connect(office).enrol(anchor, identity);
      await expect(anchors.accept(anchor, deadline, signature)).to.be.revertedWithCustomError(
        anchors,
        "AnchorsInvalidSignature",
      );
    });

    it("it can decline", async () => {
      const { anchors, authority } = stage;
      await expect(anchors.connect(anchor).resign())
        .to.emit(anchors, "AnchorRemoved")
        .withArgs(anchor, await callId(anchor.address, "resign", []), anchor);
      expect(await anchors.statusOf(anchor)).to.equal(AnchorStatus.Removed);
      expect(await authority.anchorLiveUntil(anchor)).to.equal(0);
    });

    it("it cannot check in or approve", async () => {
      const { anchors } = stage;
      await expect(anchors.connect(anchor).checkIn())
        .to.be.revertedWithCustomError(anchors, "AnchorsUnexpectedStatus")
        .withArgs(anchor, AnchorStatus.Enrolled, AnchorStatus.Live);
      await expect(anchors.connect(anchor).approve(id("operation")))
        .to.be.revertedWithCustomError(anchors, "AnchorsUnexpectedStatus")
        .withArgs(anchor, AnchorStatus.Enrolled, AnchorStatus.Live);
    });
  });

  it("a contract accepts by ERC-1271; one that answers wrongly in any way does not", async () => {
    const { anchors, office, ethers, signOath } = stage;
    const wallet = await ethers.deployContract("ERC1271WalletMock", [anchor]);
    await anchors.connect(office).enrol(wallet, identity);
    const deadline = (await latest()) + day;
    const signature = await signOath(await wallet.getAddress(), anchor, deadline);
    for (const manner of [1, 2, 3]) {
      await wallet.behave(manner);
      await expect(anchors.accept(wallet, deadline, signature)).to.be.revertedWithCustomError(
        anchors,
        "AnchorsInvalidSignature",
      );
    }
    await wallet.behave(0);
    await anchors.accept(wallet, deadline, signature);
    expect(await anchors.statusOf(wallet)).to.equal(AnchorStatus.Live);
    await wallet.execute(anchors, anchors.interface.encodeFunctionData("checkIn"));
  });

  describe("given a live anchor", () => {
    beforeEach(() => stage.makeLive(anchor));

    it("it is live in [acceptance, liveUntil) and then lapsed, without a transaction", async () => {
      const { anchors } = stage;
      const until = Number(await anchors.liveUntil(anchor));
      await stage.networkHelpers.time.increaseTo(until - 1);
      expect(await anchors.statusOf(anchor)).to.equal(AnchorStatus.Live);
      expect(await anchors.quorum()).to.equal(1);
      await stage.networkHelpers.time.increaseTo(until);
      expect(await anchors.statusOf(anchor)).to.equal(AnchorStatus.Lapsed);
    });

    it("it checks in for another period, lapsed or not; its open tasks go on", async () => {
      const { anchors, authority } = stage;
      const task = 1n;
      await stage.openTask(anchor, (await latest()) + day);
      for (const pause of [day / 2, 2 * periodSeconds]) {
        const next = (await latest()) + pause;
        await stage.networkHelpers.time.setNextBlockTimestamp(next);
        await expect(anchors.connect(anchor).checkIn())
          .to.emit(anchors, "AnchorCheckedIn")
          .withArgs(anchor, next + periodSeconds, await callId(anchor.address, "checkIn", []), anchor);
        expect(await anchors.statusOf(anchor)).to.equal(AnchorStatus.Live);
        expect(await authority.anchorLiveUntil(anchor)).to.equal(next + periodSeconds);
        if (pause < day) expect((await authority.getTask(task)).status).to.equal(TaskStatus.Open);
      }
    });

    it("iAC-002: when it resigns, its open tasks end in the same transaction", async () => {
      const { anchors, authority } = stage;
      await stage.openTask(anchor, (await latest()) + day);
      await expect(anchors.connect(anchor).resign()).to.emit(authority, "TaskEnded");
      expect((await authority.getTask(1)).status).to.equal(TaskStatus.Failed);
      expect(await anchors.statusOf(anchor)).to.equal(AnchorStatus.Removed);
      expect(await authority.anchorLiveUntil(anchor)).to.equal(await latest());
      expect(await anchors.anchors()).to.deep.equal([]);
      for (const deed of ["checkIn", "resign"] as const) {
        await expect(anchors.connect(anchor)[deed]())
          .to.be.revertedWithCustomError(anchors, "AnchorsUnexpectedStatus")
          .withArgs(anchor, AnchorStatus.Removed, AnchorStatus.Live);
      }
    });

    it("lapsed, it can still resign", async () => {
      const { anchors } = stage;
      await stage.networkHelpers.time.increase(periodSeconds);
      await anchors.connect(anchor).resign();
      expect(await anchors.statusOf(anchor)).to.equal(AnchorStatus.Removed);
    });
  });

  it("there are at most 64 anchors; one that leaves makes room", async () => {
    const { anchors, makeLive, ethers, signOath, office, admin } = stage;
    const wallets = Array.from({ length: 64 }, () => Wallet.createRandom(ethers.provider));
    for (const wallet of wallets) await makeLive(wallet);
    await anchors.connect(office).enrol(anchor, identity);
    const deadline = (await latest()) + day;
    const signature = await signOath(anchor.address, anchor, deadline);
    await expect(anchors.accept(anchor, deadline, signature))
      .to.be.revertedWithCustomError(anchors, "AnchorsTooMany")
      .withArgs(64);
    const [first] = wallets;
    if (!first) throw new Error("no wallets");
    await admin.sendTransaction({ to: first.address, value: 10n ** 18n });
    await anchors.connect(first).resign();
    await anchors.accept(anchor, deadline, signature);
    expect(await anchors.anchors())
      .to.have.lengthOf(64)
      .and.not.include(first.address);
    expect(await anchors.quorum()).to.equal(33);
  });

  it("the period is a day to 366 days", async () => {
    const { anchors, authority, ethers } = stage;
    for (const period of [day - 1, 366 * day + 1]) {
      await expect(ethers.deployContract("Anchors", [authority, period]))
        .to.be.revertedWithCustomError(anchors, "AnchorsInvalidPeriod")
        .withArgs(period, day, 366 * day);
    }
    for (const period of [day, 366 * day]) {
      const deployed = await ethers.deployContract("Anchors", [authority, period]);
      expect(await deployed.periodSeconds()).to.equal(period);
      await expectJournalComplete(stage.provider, deployed);
    }
  });

  it("without ANCHORS_ROLE it cannot make anybody live", async () => {
    const { anchors, authority, office, signOath } = stage;
    await anchors.connect(office).enrol(anchor, identity);
    await authority.revokeRole(Roles.ANCHORS, anchors);
    const deadline = (await latest()) + day;
    await expect(anchors.accept(anchor, deadline, await signOath(anchor.address, anchor, deadline)))
      .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedAccount")
      .withArgs(anchors, Roles.ANCHORS);
    expect(await anchors.statusOf(anchor)).to.equal(AnchorStatus.Enrolled);
  });
});
