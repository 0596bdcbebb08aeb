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
  type Terms,
} from "../../support/policy.ts";

const reason = id("why");
const noChange = { value: 0n, enactableFrom: 0n, expiresAt: 0n, consents: 0n, required: 0n, reason: ZeroHash };

describe("Constitution: parameters and their office values", () => {
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
      const wrong: [string, Terms, [number, boolean]][] = [
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
        [deadline, deadlineTerms, 2 ** 23 - 1],
        [parameter.usable, deadlineTerms, 2 ** 23 - 1],
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
});
