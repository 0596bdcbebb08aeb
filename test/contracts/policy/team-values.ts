import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";

import { day } from "../../support/authority.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { plainStruct } from "../../support/matchers.ts";
import { changeDelaySeconds, deployPolicy, enactableForSeconds, parameter } from "../../support/policy.ts";

const reason = id("why");
const noChange = { value: 0n, enactableFrom: 0n, expiresAt: 0n, consents: 0n, required: 0n, reason: ZeroHash };

describe("Constitution: values of teams", () => {
  let stage: Awaited<ReturnType<typeof deployPolicy>>;
  beforeEach(async () => {
    stage = await deployPolicy();
  });
  // iJO-001: whatever a test did, every head is the fold of all logs.
  afterEach(async () => {
    await expectJournalComplete(stage.provider, stage.constitution);
    await expectJournalComplete(stage.provider, stage.authority);
  });

  const now = () => stage.networkHelpers.time.latest();
  const { deadline } = parameter;
  const propose = (name: string, value: number) =>
    stage.constitution.connect(stage.policy).proposeChange(name, value, reason);
  /** Proposes and lets the delay pass. */
  const announce = async (name: string, value: number) => {
    await propose(name, value);
    await stage.networkHelpers.time.increase(changeDelaySeconds);
  };

  describe("given a team, when its anchor sets a value of its own", () => {
    const set = (value: number, name: string = deadline, team = 2) =>
      stage.constitution.connect(stage.anchorAt(team - 1)).setTeamValue(team, name, value, reason);
    beforeEach(async () => {
      await stage.openTeam();
      await stage.openTeam();
    });

    it("iPO-006: a stricter one applies at once", async () => {
      const { constitution, anchorAt, callId } = stage;
      const args = [2, deadline, 1000, reason];
      await expect(set(1000))
        .to.emit(constitution, "ValueSet")
        .withArgs(
          deadline,
          2,
          1,
          1000,
          reason,
          await callId(constitution, anchorAt(1), "setTeamValue", args),
          anchorAt(1),
        );
      expect(await constitution.effective(2, deadline)).to.equal(1000);
      expect(await constitution.effective(1, deadline)).to.equal(3 * day);
      expect(await constitution.officeValue(deadline)).to.equal(3 * day);
      expect(await constitution.teamValue(2, deadline)).to.deep.equal([true, 1000n]);
      expect(await constitution.valueAt(deadline, 2, 1)).to.deep.equal([1000n, BigInt(await now()), reason]);
      expect(await constitution.versionOf(deadline, 2)).to.equal(1);
      await set(1000);
      expect(await constitution.versionOf(deadline, 2)).to.equal(2);
    });

    it("a looser one than applies waits for the delay", async () => {
      const { constitution, anchorAt, networkHelpers, callId } = stage;
      await set(1000);
      const args = [2, deadline, 1001, reason];
      const announced = set(1001);
      await announced;
      const from = (await now()) + changeDelaySeconds;
      await expect(announced)
        .to.emit(constitution, "ChangeProposed")
        .withArgs(
          deadline,
          2,
          1001,
          from,
          from + enactableForSeconds,
          0,
          reason,
          await callId(constitution, anchorAt(1), "setTeamValue", args),
          anchorAt(1),
        );
      await expect(announced).not.to.emit(constitution, "ValueSet");
      expect(await constitution.effective(2, deadline)).to.equal(1000);
      await expect(set(1002))
        .to.be.revertedWithCustomError(constitution, "ConstitutionChangePending")
        .withArgs(deadline, 2, from);
      await networkHelpers.time.setNextBlockTimestamp(from - 1);
      await expect(constitution.enactChange(deadline, 2))
        .to.be.revertedWithCustomError(constitution, "ConstitutionTooEarly")
        .withArgs(deadline, 2, from, from - 1);
      await networkHelpers.time.setNextBlockTimestamp(from);
      await constitution.enactChange(deadline, 2);
      expect(await constitution.effective(2, deadline)).to.equal(1001);
    });

    it("a stricter one withdraws what was to loosen it", async () => {
      const { constitution } = stage;
      await set(1000);
      await set(2000);
      const stricter = set(900);
      await expect(stricter).to.emit(constitution, "ChangeCancelled");
      await expect(stricter).to.emit(constitution, "ValueSet");
      expect(plainStruct(await constitution.pendingChange(deadline, 2))).to.deep.equal(noChange);
    });

    it("iPO-006: one that is looser than the office's is refused, on either side", async () => {
      const { constitution } = stage;
      await expect(set(3 * day + 1))
        .to.be.revertedWithCustomError(constitution, "ConstitutionLooserThanOffice")
        .withArgs(deadline, 2, 3 * day + 1, 3 * day);
      await set(3 * day);
      await expect(set(19, parameter.minReversibility))
        .to.be.revertedWithCustomError(constitution, "ConstitutionLooserThanOffice")
        .withArgs(parameter.minReversibility, 2, 19, 20);
      await set(20, parameter.minReversibility);
      await set(21, parameter.minReversibility);
      expect(await constitution.effective(2, parameter.minReversibility)).to.equal(21);
    });

    it("where the office becomes stricter than the team, the office's applies, and the team's again when it is back", async () => {
      const { constitution } = stage;
      await set(1000);
      await announce(deadline, 500);
      await constitution.enactChange(deadline, 0);
      expect(await constitution.effective(2, deadline)).to.equal(500);
      expect(await constitution.teamValue(2, deadline)).to.deep.equal([true, 1000n]);
      await announce(deadline, 2000);
      await constitution.enactChange(deadline, 0);
      expect(await constitution.effective(2, deadline)).to.equal(1000);
    });

    it("one that waits is refused where the office has become stricter meanwhile", async () => {
      const { constitution, anchorAt } = stage;
      await set(1000);
      await propose(deadline, 1400);
      await set(1500);
      await stage.networkHelpers.time.increase(changeDelaySeconds);
      await constitution.enactChange(deadline, 0);
      await expect(constitution.enactChange(deadline, 2))
        .to.be.revertedWithCustomError(constitution, "ConstitutionLooserThanOffice")
        .withArgs(deadline, 2, 1500, 1400);
      await constitution.connect(anchorAt(1)).cancelChange(deadline, 2, reason);
    });

    it("its own anchor, the root's and the policy office can cancel one that waits; another team's cannot", async () => {
      const { constitution, anchorAt, openTeam, policy } = stage;
      await openTeam();
      await set(1000);
      for (const canceller of [anchorAt(1), anchorAt(0), policy]) {
        await set(1500);
        await expect(constitution.connect(anchorAt(2)).cancelChange(deadline, 2, reason))
          .to.be.revertedWithCustomError(constitution, "ConstitutionNotCanceller")
          .withArgs(deadline, 2, anchorAt(2));
        await constitution.connect(canceller).cancelChange(deadline, 2, reason);
      }
    });

    it("nobody but its live anchor sets one, and nobody for the office or a closed team", async () => {
      const { constitution, teams, structure, anchorAt, outsider, lapse } = stage;
      for (const [team, caller, anchor] of [
        [2, anchorAt(0), anchorAt(1).address],
        [0, outsider, ZeroAddress],
        [3, outsider, ZeroAddress],
      ] as const) {
        await expect(constitution.connect(caller).setTeamValue(team, deadline, 100, reason))
          .to.be.revertedWithCustomError(constitution, "ConstitutionNotTeamAnchor")
          .withArgs(team, caller, anchor);
      }
      await lapse(anchorAt(1));
      await expect(set(100))
        .to.be.revertedWithCustomError(constitution, "ConstitutionAnchorNotLive")
        .withArgs(2, anchorAt(1), 0);
      await teams.connect(structure).closeTeam(2, reason);
      await expect(set(100))
        .to.be.revertedWithCustomError(constitution, "ConstitutionNotTeamAnchor")
        .withArgs(2, anchorAt(1), ZeroAddress);
    });
  });
});
