import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";

import { day } from "../../support/authority.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { plainStruct } from "../../support/matchers.ts";
import {
  changeDelaySeconds,
  deadlineTerms,
  deployPolicy,
  enactableForSeconds,
  impactTerms,
  parameter,
  reversibilityTerms,
  Stricter,
} from "../../support/policy.ts";

const reason = id("why");
const noChange = { value: 0n, enactableFrom: 0n, expiresAt: 0n, consents: 0n, required: 0n, reason: ZeroHash };

describe("Constitution", () => {
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
  const { deadline, maxImpact } = parameter;
  const propose = (name: string, value: number) =>
    stage.constitution.connect(stage.policy).proposeChange(name, value, reason);
  /** Proposes and lets the delay pass. */
  const announce = async (name: string, value: number) => {
    await propose(name, value);
    await stage.networkHelpers.time.increase(changeDelaySeconds);
  };

  describe("given its deployment", () => {
    it("a delay outside of a minute to 30 days is refused, and both bounds are accepted", async () => {
      const { ethers, authority, constitution } = stage;
      for (const delay of [60, 30 * day]) {
        const made = await ethers.deployContract("Constitution", [authority, delay]);
        expect(await made.changeDelay()).to.equal(delay);
      }
      for (const delay of [59, 30 * day + 1]) {
        await expect(ethers.deployContract("Constitution", [authority, delay]))
          .to.be.revertedWithCustomError(constitution, "ConstitutionInvalidDelay")
          .withArgs(delay, 60, 30 * day);
      }
    });

    it("teams are wired once, by governance, and only such as this constitution bounds", async () => {
      const { ethers, authority, constitution, teams, admin, callId } = stage;
      await expect(constitution.wireTeams(teams))
        .to.be.revertedWithCustomError(constitution, "ConstitutionAlreadyWired")
        .withArgs(teams);
      const other = await ethers.deployContract("Constitution", [authority, 60]);
      for (const foreign of [await teams.getAddress(), admin.address, ZeroAddress]) {
        await expect(other.wireTeams(foreign))
          .to.be.revertedWithCustomError(other, "ConstitutionForeignTeams")
          .withArgs(foreign);
      }
      const own = await ethers.deployContract("Teams", [authority, other]);
      await expect(other.wireTeams(own))
        .to.emit(other, "TeamsWired")
        .withArgs(own, await callId(other, admin, "wireTeams", [await own.getAddress()]), admin);
      await expectJournalComplete(stage.provider, other);
    });

    it("without teams it defines parameters, and nobody changes one", async () => {
      const { ethers, authority, outsider } = stage;
      const alone = await ethers.deployContract("Constitution", [authority, 60]);
      await alone.defineParameter(deadline, deadlineTerms, 60, reason);
      await expect(alone.proposeChange(deadline, 70, reason)).to.be.revertedWithCustomError(
        alone,
        "ConstitutionNotWired",
      );
      await expect(alone.connect(outsider).setTeamValue(1, deadline, 60, reason)).to.be.revertedWithCustomError(
        alone,
        "ConstitutionNotWired",
      );
    });
  });

  describe("given a parameter", () => {
    it("iPO-001: its terms, first value and reason are recorded, and its definition is final", async () => {
      const { constitution, structure, callId } = stage;
      const name = id("some.parameter");
      const terms = { stricter: Stricter.Higher, kernel: true, cone: false, minimum: 5, maximum: 5 };
      const args = [name, terms, 5, reason];
      const office = constitution.connect(structure);
      await expect(office.defineParameter(name, terms, 5, reason))
        .to.emit(constitution, "ParameterDefined")
        .withArgs(
          name,
          Object.values(terms),
          5,
          reason,
          await callId(constitution, structure, "defineParameter", args),
          structure,
        );
      expect(plainStruct(await constitution.termsOf(name))).to.deep.equal({
        ...{ stricter: 1n, kernel: true, cone: false, minimum: 5n, maximum: 5n },
      });
      expect(await constitution.officeValue(name)).to.equal(5);
      expect(await constitution.effective(0, name)).to.equal(5);
      expect(await constitution.effective(7, name)).to.equal(5);
      expect(await constitution.versionOf(name, 0)).to.equal(1);
      expect(await constitution.valueAt(name, 0, 1)).to.deep.equal([5n, BigInt(await now()), reason]);
      expect(await constitution.teamValue(1, name)).to.deep.equal([false, 0n]);
      expect(await constitution.teamValue(0, name)).to.deep.equal([false, 0n]);
      expect(await constitution.parameters()).to.deep.equal([...Object.values(parameter).slice(0, 3), name]);
      await expect(office.defineParameter(name, terms, 5, reason))
        .to.be.revertedWithCustomError(constitution, "ConstitutionParameterExists")
        .withArgs(name);
    });

    it("one that is not defined is unknown to every function", async () => {
      const { constitution, policy, anchorAt, openTeam } = stage;
      await openTeam();
      const name = id("unknown");
      for (const call of [
        () => constitution.effective(1, name),
        () => constitution.officeValue(name),
        () => constitution.teamValue(1, name),
        () => constitution.termsOf(name),
        () => constitution.connect(policy).proposeChange(name, 1, reason),
        () => constitution.connect(anchorAt(0)).setTeamValue(1, name, 1, reason),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(constitution, "ConstitutionParameterUnknown").withArgs(name);
      }
      expect(plainStruct(await constitution.pendingChange(name, 0))).to.deep.equal(noChange);
    });

    it("iPO-002: no value is outside of its bounds, and both bounds are inside", async () => {
      const { constitution, structure, anchorAt, openTeam } = stage;
      const office = constitution.connect(structure);
      const terms = { ...deadlineTerms, minimum: 10, maximum: 20 };
      for (const value of [9, 21]) {
        await expect(office.defineParameter(id("new"), terms, value, reason))
          .to.be.revertedWithCustomError(constitution, "ConstitutionOutOfBounds")
          .withArgs(id("new"), value, 10, 20);
      }
      await office.defineParameter(id("low"), terms, 10, reason);
      await office.defineParameter(id("high"), terms, 20, reason);
      await expect(office.defineParameter(id("none"), { ...terms, maximum: 9 }, 9, reason))
        .to.be.revertedWithCustomError(constitution, "ConstitutionInvalidBounds")
        .withArgs(10, 9);

      await openTeam();
      for (const value of [9, 21]) {
        await expect(propose(id("low"), value))
          .to.be.revertedWithCustomError(constitution, "ConstitutionOutOfBounds")
          .withArgs(id("low"), value, 10, 20);
      }
      await expect(constitution.connect(anchorAt(0)).setTeamValue(1, id("high"), 9, reason))
        .to.be.revertedWithCustomError(constitution, "ConstitutionOutOfBounds")
        .withArgs(id("high"), 9, 10, 20);
      await propose(id("low"), 20);
      await propose(id("high"), 10);
      await constitution.connect(anchorAt(0)).setTeamValue(1, id("high"), 10, reason);
    });

    it("what contracts enforce by it fixes its direction, whether it bounds cones, and how large it gets", async () => {
      const { ethers, authority } = stage;
      const fresh = await ethers.deployContract("Constitution", [authority, 60]);
      const wrong: [string, typeof impactTerms, [number, boolean]][] = [
        [maxImpact, { ...impactTerms, stricter: Stricter.Higher }, [Stricter.Lower, true]],
        [maxImpact, { ...impactTerms, cone: false }, [Stricter.Lower, true]],
        [parameter.minReversibility, { ...reversibilityTerms, stricter: Stricter.Lower }, [Stricter.Higher, true]],
        [parameter.minReversibility, { ...reversibilityTerms, cone: false }, [Stricter.Higher, true]],
        [deadline, { ...deadlineTerms, stricter: Stricter.Higher }, [Stricter.Lower, false]],
        [parameter.usable, { ...deadlineTerms, cone: true }, [Stricter.Lower, false]],
        [id("free"), { ...deadlineTerms, cone: true }, [Stricter.Lower, false]],
      ];
      for (const [name, terms, [stricter, cone]] of wrong) {
        await expect(fresh.defineParameter(name, terms, terms.minimum, reason))
          .to.be.revertedWithCustomError(fresh, "ConstitutionInvalidTerms")
          .withArgs(name, stricter, cone);
      }
      for (const [name, terms, most] of [
        [maxImpact, impactTerms, 2 ** 48 - 1],
        [parameter.minReversibility, reversibilityTerms, 100],
        [deadline, deadlineTerms, 2 ** 24 - 1],
        [parameter.usable, deadlineTerms, 2 ** 24 - 1],
      ] as const) {
        await expect(fresh.defineParameter(name, { ...terms, maximum: most + 1 }, terms.minimum, reason))
          .to.be.revertedWithCustomError(fresh, "ConstitutionOutOfBounds")
          .withArgs(name, most + 1, 0, most);
        await fresh.defineParameter(name, { ...terms, maximum: most }, terms.minimum, reason);
      }
    });

    it("there are 64 at most", async () => {
      const { constitution, structure } = stage;
      const office = constitution.connect(structure);
      for (let i = 3; i < 64; ++i) await office.defineParameter(id(`p${i}`), deadlineTerms, 60, reason);
      await expect(office.defineParameter(id("p64"), deadlineTerms, 60, reason))
        .to.be.revertedWithCustomError(constitution, "ConstitutionTooManyParameters")
        .withArgs(64);
    });
  });

  describe("given an office value, when another one is proposed", () => {
    it("iPO-003: it waits, then anybody enacts it, from the first second to the last", async () => {
      const { constitution, policy, outsider, callId, networkHelpers } = stage;
      const args = [deadline, 100, reason];
      const proposal = propose(deadline, 100);
      await proposal;
      const from = (await now()) + changeDelaySeconds;
      const until = from + enactableForSeconds;
      await expect(proposal)
        .to.emit(constitution, "ChangeProposed")
        .withArgs(
          deadline,
          0,
          100,
          from,
          until,
          0,
          reason,
          await callId(constitution, policy, "proposeChange", args),
          policy,
        );
      expect(plainStruct(await constitution.pendingChange(deadline, 0))).to.deep.equal({
        ...{ value: 100n, enactableFrom: BigInt(from), expiresAt: BigInt(until), consents: 0n, required: 0n, reason },
      });
      expect(await constitution.officeValue(deadline)).to.equal(3 * day);

      await networkHelpers.time.setNextBlockTimestamp(from - 1);
      await expect(constitution.connect(outsider).enactChange(deadline, 0))
        .to.be.revertedWithCustomError(constitution, "ConstitutionTooEarly")
        .withArgs(deadline, 0, from, from - 1);
      const snapshot = await networkHelpers.takeSnapshot();
      await networkHelpers.time.setNextBlockTimestamp(until - 1);
      await constitution.connect(outsider).enactChange(deadline, 0);
      await snapshot.restore();
      await networkHelpers.time.setNextBlockTimestamp(from);
      await expect(constitution.connect(outsider).enactChange(deadline, 0))
        .to.emit(constitution, "ValueSet")
        .withArgs(
          deadline,
          0,
          2,
          100,
          reason,
          await callId(constitution, outsider, "enactChange", [deadline, 0]),
          outsider,
        );
      expect(await constitution.officeValue(deadline)).to.equal(100);
      expect(plainStruct(await constitution.pendingChange(deadline, 0))).to.deep.equal(noChange);
      await expect(constitution.enactChange(deadline, 0))
        .to.be.revertedWithCustomError(constitution, "ConstitutionNothingPending")
        .withArgs(deadline, 0);
    });

    it("never enacted, it expires: nothing pends, and another can be proposed", async () => {
      const { constitution, networkHelpers } = stage;
      await propose(deadline, 100);
      await networkHelpers.time.increaseTo((await now()) + changeDelaySeconds + enactableForSeconds);
      expect(plainStruct(await constitution.pendingChange(deadline, 0))).to.deep.equal(noChange);
      await expect(constitution.enactChange(deadline, 0))
        .to.be.revertedWithCustomError(constitution, "ConstitutionNothingPending")
        .withArgs(deadline, 0);
      await expect(constitution.connect(stage.policy).cancelChange(deadline, 0, reason))
        .to.be.revertedWithCustomError(constitution, "ConstitutionNothingPending")
        .withArgs(deadline, 0);
      await propose(deadline, 200);
      expect((await constitution.pendingChange(deadline, 0)).value).to.equal(200);
    });

    it("while it waits no other can be proposed", async () => {
      const { constitution } = stage;
      await propose(deadline, 100);
      await expect(propose(deadline, 200))
        .to.be.revertedWithCustomError(constitution, "ConstitutionChangePending")
        .withArgs(deadline, 0, (await constitution.pendingChange(deadline, 0)).enactableFrom);
    });

    it("the policy office and the root's live anchor can cancel it, and nobody else", async () => {
      const { constitution, policy, outsider, anchorAt, openTeam, callId, lapse } = stage;
      await openTeam();
      await openTeam();
      for (const canceller of [policy, anchorAt(0)]) {
        await propose(deadline, 100);
        for (const other of [outsider, anchorAt(1)]) {
          await expect(constitution.connect(other).cancelChange(deadline, 0, reason))
            .to.be.revertedWithCustomError(constitution, "ConstitutionNotCanceller")
            .withArgs(deadline, 0, other);
        }
        const args = [deadline, 0, reason];
        await expect(constitution.connect(canceller).cancelChange(deadline, 0, reason))
          .to.emit(constitution, "ChangeCancelled")
          .withArgs(deadline, 0, reason, await callId(constitution, canceller, "cancelChange", args), canceller);
        expect(plainStruct(await constitution.pendingChange(deadline, 0))).to.deep.equal(noChange);
      }
      await propose(deadline, 100);
      await lapse(anchorAt(0));
      await expect(constitution.connect(anchorAt(0)).cancelChange(deadline, 0, reason))
        .to.be.revertedWithCustomError(constitution, "ConstitutionNotCanceller")
        .withArgs(deadline, 0, anchorAt(0));
    });

    it("every value stays readable: what applied, since when, and why", async () => {
      const { constitution } = stage;
      for (const value of [100, 90]) {
        await announce(deadline, value);
        await constitution.enactChange(deadline, 0);
      }
      expect(await constitution.versionOf(deadline, 0)).to.equal(3);
      expect((await constitution.valueAt(deadline, 0, 1)).value).to.equal(3 * day);
      expect((await constitution.valueAt(deadline, 0, 2)).value).to.equal(100);
      expect(await constitution.valueAt(deadline, 0, 3)).to.deep.equal([90n, BigInt(await now()), reason]);
      for (const version of [0, 4]) {
        await expect(constitution.valueAt(deadline, 0, version))
          .to.be.revertedWithCustomError(constitution, "ConstitutionVersionUnknown")
          .withArgs(deadline, 0, version, 3);
      }
    });
  });

  describe("given the kernel, when a change of it is proposed", () => {
    const consent = (team: number, anchor = stage.anchorAt(team - 1)) =>
      stage.constitution.connect(anchor).consent(maxImpact, team);

    it("iPO-004: more than half of the teams open then must consent, each once, by its live anchor", async () => {
      const { constitution, openTeam, anchorAt, callId } = stage;
      for (let i = 0; i < 4; ++i) await openTeam();
      await announce(maxImpact, 50_000);
      expect((await constitution.pendingChange(maxImpact, 0)).required).to.equal(3);
      await expect(consent(2))
        .to.emit(constitution, "ChangeConsented")
        .withArgs(maxImpact, 2, 1, await callId(constitution, anchorAt(1), "consent", [maxImpact, 2]), anchorAt(1));
      await expect(consent(2))
        .to.be.revertedWithCustomError(constitution, "ConstitutionAlreadyConsented")
        .withArgs(maxImpact, 2);
      await consent(3);
      await expect(constitution.enactChange(maxImpact, 0))
        .to.be.revertedWithCustomError(constitution, "ConstitutionConsensusMissing")
        .withArgs(maxImpact, 2, 3);
      await consent(4);
      await constitution.enactChange(maxImpact, 0);
      expect(await constitution.officeValue(maxImpact)).to.equal(50_000);
    });

    it("the root's consent alone suffices, and adds one where there were enough", async () => {
      const { constitution, openTeam } = stage;
      for (let i = 0; i < 4; ++i) await openTeam();
      await announce(maxImpact, 50_000);
      await consent(1);
      expect((await constitution.pendingChange(maxImpact, 0)).consents).to.equal(3);
      await consent(2);
      expect((await constitution.pendingChange(maxImpact, 0)).consents).to.equal(4);
      await constitution.enactChange(maxImpact, 0);

      await announce(maxImpact, 40_000);
      for (const team of [2, 3, 4, 1]) await consent(team);
      expect((await constitution.pendingChange(maxImpact, 0)).consents).to.equal(4);
    });

    it("a consent ends with its change: it says nothing about the next one", async () => {
      const { constitution, openTeam } = stage;
      await openTeam();
      await openTeam();
      await propose(maxImpact, 50_000);
      await consent(2);
      await constitution.connect(stage.policy).cancelChange(maxImpact, 0, reason);
      await propose(maxImpact, 60_000);
      expect((await constitution.pendingChange(maxImpact, 0)).consents).to.equal(0);
      await consent(2);
      expect((await constitution.pendingChange(maxImpact, 0)).consents).to.equal(1);
    });

    it("iPO-005: teams opened after the proposal have no say, and do not raise what is required", async () => {
      const { constitution, openTeam, anchorAt } = stage;
      await openTeam();
      await openTeam();
      await announce(maxImpact, 50_000);
      for (let i = 0; i < 3; ++i) await openTeam();
      expect((await constitution.pendingChange(maxImpact, 0)).required).to.equal(2);
      for (const team of [3, 4, 5]) {
        await expect(consent(team))
          .to.be.revertedWithCustomError(constitution, "ConstitutionNotInElectorate")
          .withArgs(maxImpact, team, 2);
      }
      await constitution.connect(anchorAt(1)).consent(maxImpact, 2);
    });

    it("a team that is closed has no say, and its consent before that stays counted", async () => {
      const { constitution, teams, structure, openTeam, anchorAt } = stage;
      for (let i = 0; i < 3; ++i) await openTeam();
      await propose(maxImpact, 50_000);
      await consent(2);
      await teams.connect(structure).closeTeam(2, reason);
      await teams.connect(structure).closeTeam(3, reason);
      await expect(consent(3))
        .to.be.revertedWithCustomError(constitution, "ConstitutionNotTeamAnchor")
        .withArgs(3, anchorAt(2), ZeroAddress);
      const { consents, required } = await constitution.pendingChange(maxImpact, 0);
      expect([consents, required]).to.deep.equal([1n, 2n]);
      await consent(1);
    });

    it("only the team's present anchor speaks for it, and only while it is live", async () => {
      const { constitution, teams, structure, openTeam, anchorAt, liveness, authority, liveUntil, networkHelpers } =
        stage;
      await openTeam();
      await openTeam();
      await propose(maxImpact, 50_000);
      await expect(consent(2, anchorAt(2)))
        .to.be.revertedWithCustomError(constitution, "ConstitutionNotTeamAnchor")
        .withArgs(2, anchorAt(2), anchorAt(1));
      await teams.connect(structure).setAnchor(2, anchorAt(2), reason);
      await expect(consent(2, anchorAt(1)))
        .to.be.revertedWithCustomError(constitution, "ConstitutionNotTeamAnchor")
        .withArgs(2, anchorAt(1), anchorAt(2));
      // An anchor's life is [.., liveUntil).
      const end = (await now()) + 100;
      expect(end).to.be.lessThan(liveUntil);
      await authority.connect(liveness).setAnchorLiveness(anchorAt(2), end);
      await networkHelpers.time.setNextBlockTimestamp(end);
      await expect(consent(2, anchorAt(2)))
        .to.be.revertedWithCustomError(constitution, "ConstitutionAnchorNotLive")
        .withArgs(2, anchorAt(2), end);
      await authority.connect(liveness).setAnchorLiveness(anchorAt(2), end + 100);
      await networkHelpers.time.setNextBlockTimestamp(end + 99);
      await consent(2, anchorAt(2));
      // A new anchor does not make the team speak twice.
      await teams.connect(structure).setAnchor(2, anchorAt(3), reason);
      await expect(consent(2, anchorAt(3)))
        .to.be.revertedWithCustomError(constitution, "ConstitutionAlreadyConsented")
        .withArgs(maxImpact, 2);
    });

    it("there is nothing to consent to outside of the kernel, or where nothing waits", async () => {
      const { constitution, openTeam, anchorAt } = stage;
      await openTeam();
      await expect(consent(1))
        .to.be.revertedWithCustomError(constitution, "ConstitutionNothingPending")
        .withArgs(maxImpact, 0);
      await propose(deadline, 100);
      await expect(constitution.connect(anchorAt(0)).consent(deadline, 1))
        .to.be.revertedWithCustomError(constitution, "ConstitutionNotKernel")
        .withArgs(deadline);
    });

    it("while no team is open nobody can consent, and it expires", async () => {
      const { constitution, anchorAt } = stage;
      await announce(maxImpact, 50_000);
      expect((await constitution.pendingChange(maxImpact, 0)).required).to.equal(1);
      await expect(constitution.connect(anchorAt(0)).consent(maxImpact, 1))
        .to.be.revertedWithCustomError(constitution, "ConstitutionNotInElectorate")
        .withArgs(maxImpact, 1, 0);
      await expect(constitution.enactChange(maxImpact, 0))
        .to.be.revertedWithCustomError(constitution, "ConstitutionConsensusMissing")
        .withArgs(maxImpact, 0, 1);
    });
  });

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
