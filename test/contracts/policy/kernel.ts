import { expect } from "chai";
import { id, ZeroAddress } from "ethers";

import { expectJournalComplete } from "../../support/journal.ts";
import { changeDelaySeconds, deployPolicy, parameter } from "../../support/policy.ts";

const reason = id("why");

describe("Constitution: consensus on the kernel", () => {
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
});
