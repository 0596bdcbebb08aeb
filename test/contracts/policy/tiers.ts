import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { day } from "../../support/authority.ts";
import { expectJournalComplete } from "../../support/journal.ts";
import { plainStruct } from "../../support/matchers.ts";
import { changeDelaySeconds, cones, deployPolicy, parameter, place, Trigger, type Cone } from "../../support/policy.ts";

const reason = id("why");
const evidence = id("record of competence");
const [lowest, middle, highest] = cones;
const values = (list: readonly Cone[]) => list.map((cone) => [cone.maxImpact, cone.scopes, cone.minReversibility]);

/** Most gas that one transaction can take (EIP-7825). */
const MOST_GAS = 16_777_216n;

describe("Teams: how far a team acts by itself", () => {
  let stage: Awaited<ReturnType<typeof deployPolicy>>;
  beforeEach(async () => {
    stage = await deployPolicy();
    for (let i = 0; i < 3; ++i) await stage.openTeam();
    await stage.teams.connect(stage.structure).setPath(3, [2, 1], reason);
  });
  afterEach(async () => {
    for (const contract of [stage.teams, stage.constitution, stage.authority]) {
      await expectJournalComplete(stage.provider, contract);
    }
  });

  const coneOf = async (team: number) => {
    const { cone } = await stage.enforced(team);
    // iPO-013: the authority holds the team to exactly the cone that tier and constitution give.
    const derived = plainStruct(await stage.teams.coneOf(team)) as Record<string, bigint>;
    expect(Object.fromEntries(Object.entries(derived).map(([name, value]) => [name, Number(value)]))).to.deep.equal(
      cone,
    );
    return cone;
  };
  const tierOf = async (team: number) => (await stage.teams.getTeam(team)).tier;
  const lower = (team: number, trigger: number = Trigger.BreakerTripped) =>
    stage.teams.connect(stage.ratchet).lowerTier(team, trigger, id("trip"));

  describe("given a trigger, when it fires", () => {
    it("iPO-014: the tier falls by one, at once, in the authority, too", async () => {
      const { teams, ratchet } = stage;
      expect(await coneOf(3)).to.deep.equal(highest);
      await expect(lower(3)).to.emit(teams, "TierLowered").withArgs(3, 1, Trigger.BreakerTripped, id("trip"), ratchet);
      expect(await coneOf(3)).to.deep.equal(middle);
      const lowerAt = () => teams.connect(ratchet).lowerTierAt(place("P3"), Trigger.AttestationOverturned, id("proof"));
      expect(
        await teams.connect(ratchet).lowerTierAt.staticCall(place("P3"), Trigger.ChallengeUpheld, ZeroHash),
      ).to.equal(true);
      await expect(lowerAt())
        .to.emit(teams, "TierLowered")
        .withArgs(3, 0, Trigger.AttestationOverturned, id("proof"), ratchet);
      expect(await coneOf(3)).to.deep.equal(lowest);
    });

    it("at tier 0, for a trigger that is not the team's, and where no team is open it says so and fails nobody", async () => {
      const { teams, ratchet, structure } = stage;
      const office = teams.connect(structure);
      const asRatchet = teams.connect(ratchet);
      await office.setTriggers(3, 1 << Trigger.ChallengeUpheld, reason);
      expect(await asRatchet.lowerTier.staticCall(3, Trigger.BreakerTripped, ZeroHash)).to.equal(false);
      expect(await asRatchet.lowerTier.staticCall(3, Trigger.AttestationOverturned, ZeroHash)).to.equal(false);
      expect(await asRatchet.lowerTier.staticCall(3, Trigger.ChallengeUpheld, ZeroHash)).to.equal(true);
      await lower(3, Trigger.BreakerTripped);
      expect(await tierOf(3)).to.equal(2);
      for (let i = 0; i < 3; ++i) await lower(3, Trigger.ChallengeUpheld);
      expect(await tierOf(3)).to.equal(0);
      await expect(lower(3, Trigger.ChallengeUpheld)).not.to.emit(teams, "TierLowered");
      await office.closeTeam(3, reason);
      for (const team of [0, 3, 9]) {
        expect(await asRatchet.lowerTier.staticCall(team, Trigger.ChallengeUpheld, ZeroHash)).to.equal(false);
      }
      for (const where of [ZeroHash, place("P3"), place("nowhere")]) {
        expect(await asRatchet.lowerTierAt.staticCall(where, Trigger.ChallengeUpheld, ZeroHash)).to.equal(false);
        await asRatchet.lowerTierAt(where, Trigger.ChallengeUpheld, ZeroHash);
      }
    });
  });

  describe("given a lowered tier, when an anchor raises it", () => {
    const raise = (team: number, anchor: number) =>
      stage.teams.connect(stage.anchorAt(anchor)).raiseTier(team, evidence);

    it("iPO-015: any live anchor up the path can, by one tier, up to the highest", async () => {
      const { teams, anchorAt, callId } = stage;
      await lower(3);
      await lower(3);
      await expect(raise(3, 1))
        .to.emit(teams, "TierRaised")
        .withArgs(3, 1, evidence, await callId(teams, anchorAt(1), "raiseTier", [3, evidence]), anchorAt(1));
      expect(await coneOf(3)).to.deep.equal(middle);
      await raise(3, 0);
      expect(await coneOf(3)).to.deep.equal(highest);
      await expect(raise(3, 0)).to.be.revertedWithCustomError(teams, "TeamsInvalidTier").withArgs(3, 3, 3);
    });

    it("iPO-015: never the team's own anchor, one off the path, or an office", async () => {
      const { teams, anchorAt, structure, ratchet, admin, outsider } = stage;
      await lower(2);
      await lower(3);
      for (const caller of [anchorAt(2), anchorAt(3), structure, ratchet, admin, outsider]) {
        await expect(teams.connect(caller).raiseTier(3, evidence))
          .to.be.revertedWithCustomError(teams, "TeamsNotUpThePath")
          .withArgs(3, caller);
      }
      await expect(raise(2, 2)).to.be.revertedWithCustomError(teams, "TeamsNotUpThePath").withArgs(2, anchorAt(2));
      // Who answers for a team and for one up its path judges itself all the same.
      await teams.connect(structure).setAnchor(3, anchorAt(1), reason);
      await expect(raise(3, 1)).to.be.revertedWithCustomError(teams, "TeamsNotUpThePath").withArgs(3, anchorAt(1));
      await raise(3, 0);
    });

    it("the root's own anchor raises the root, as nobody stands above it", async () => {
      const { teams, anchorAt } = stage;
      await lower(1);
      await expect(raise(1, 1)).to.be.revertedWithCustomError(teams, "TeamsNotUpThePath").withArgs(1, anchorAt(1));
      await raise(1, 0);
      expect(await coneOf(1)).to.deep.equal(highest);
    });

    it("only while it is live, and only as the path is now", async () => {
      const { teams, anchorAt, lapse, structure } = stage;
      await lower(3);
      await lapse(anchorAt(1));
      await expect(raise(3, 1)).to.be.revertedWithCustomError(teams, "TeamsAnchorNotLive").withArgs(2, anchorAt(1), 0);
      await teams.connect(structure).setAnchor(2, anchorAt(4), reason);
      await teams.connect(structure).setPath(3, [1], reason);
      await expect(raise(3, 4)).to.be.revertedWithCustomError(teams, "TeamsNotUpThePath").withArgs(3, anchorAt(4));
    });
  });

  describe("given new cones for a team", () => {
    const set = (list: Cone[]) => stage.teams.connect(stage.structure).setCones(3, list, reason);
    const wide = { maxImpact: 30_000, scopes: 0b1111, minReversibility: 30 };

    it("iPO-016: contained in the present one, the tier stays", async () => {
      const { teams, structure, callId } = stage;
      if (!lowest || !middle || !highest) throw new Error("no cones");
      const narrower = [lowest, middle, { ...highest, maxImpact: 19_999 }];
      await expect(set(narrower))
        .to.emit(teams, "TeamConesSet")
        .withArgs(
          3,
          values(narrower),
          2,
          3,
          reason,
          await callId(teams, structure, "setCones", [3, values(narrower), reason]),
          structure,
        );
      expect(await coneOf(3)).to.deep.equal(narrower[2]);
      expect((await teams.conesOf(3)).map((cone) => cone.maxImpact)).to.deep.equal([0n, 5_000n, 19_999n]);
      await set([lowest, middle]);
      expect(await tierOf(3)).to.equal(1);
      expect(await coneOf(3)).to.deep.equal(middle);
    });

    it("iPO-016: wider, the tier falls to what the team could do before; an anchor raises it into the new cone", async () => {
      const { teams, anchorAt } = stage;
      if (!lowest || !middle || !highest) throw new Error("no cones");
      for (const wider of [
        { ...highest, maxImpact: 20_001 },
        { ...highest, scopes: 0b1111 },
        { ...highest, minReversibility: 39 },
      ]) {
        const snapshot = await stage.networkHelpers.takeSnapshot();
        await set([lowest, middle, wider]);
        expect(await coneOf(3)).to.deep.equal(middle);
        await teams.connect(anchorAt(1)).raiseTier(3, evidence);
        expect(await coneOf(3)).to.deep.equal(wider);
        await snapshot.restore();
      }
      await set([lowest, wide, wide]);
      expect(await coneOf(3)).to.deep.equal(lowest);
    });

    it("iPO-016: where even the lowest is wider, they are refused", async () => {
      const { teams } = stage;
      await expect(set([wide]))
        .to.be.revertedWithCustomError(teams, "TeamsConesWiden")
        .withArgs(3);
      await lower(3);
      await lower(3);
      await expect(set([{ maxImpact: 1, scopes: 0, minReversibility: 100 }]))
        .to.be.revertedWithCustomError(teams, "TeamsConesWiden")
        .withArgs(3);
    });
  });

  describe("given the constitution's bounds", () => {
    const enact = async (name: string, value: number) => {
      const { constitution, policy, anchorAt, networkHelpers } = stage;
      await constitution.connect(policy).proposeChange(name, value, reason);
      await constitution.connect(anchorAt(0)).consent(name, 1);
      await networkHelpers.time.increase(changeDelaySeconds);
      return constitution.enactChange(name, 0);
    };

    it("iPO-013: a change of the office's rewrites every team's cone in the same transaction", async () => {
      if (!highest) throw new Error("no cones");
      const enacted = await enact(parameter.maxImpact, 10_000);
      await expect(enacted).to.emit(stage.authority, "TeamLimitsSet");
      for (const team of [1, 2, 3]) expect(await coneOf(team)).to.deep.equal({ ...highest, maxImpact: 10_000 });
      await enact(parameter.minReversibility, 70);
      for (const team of [1, 2, 3]) {
        expect(await coneOf(team)).to.deep.equal({ ...highest, maxImpact: 10_000, minReversibility: 70 });
      }
      await enact(parameter.maxImpact, 1_000_000);
      await enact(parameter.minReversibility, 0);
      for (const team of [1, 2, 3]) expect(await coneOf(team)).to.deep.equal(highest);
    });

    it("iPO-013: a team's own rewrites its cone: stricter at once, looser after the delay", async () => {
      const { constitution, anchorAt, networkHelpers } = stage;
      if (!highest) throw new Error("no cones");
      const own = constitution.connect(anchorAt(2));
      await own.setTeamValue(3, parameter.maxImpact, 7_000, reason);
      expect(await coneOf(3)).to.deep.equal({ ...highest, maxImpact: 7_000 });
      expect(await coneOf(2)).to.deep.equal(highest);
      await own.setTeamValue(3, parameter.minReversibility, 90, reason);
      expect(await coneOf(3)).to.deep.equal({ ...highest, maxImpact: 7_000, minReversibility: 90 });
      await own.setTeamValue(3, parameter.maxImpact, 100_000, reason);
      expect((await coneOf(3)).maxImpact).to.equal(7_000);
      await networkHelpers.time.increase(changeDelaySeconds);
      await constitution.enactChange(parameter.maxImpact, 3);
      expect(await coneOf(3)).to.deep.equal({ ...highest, minReversibility: 90 });
    });

    it("a team's change that waits when the team is closed is never enacted", async () => {
      const { constitution, teams, structure, anchorAt, networkHelpers } = stage;
      const own = constitution.connect(anchorAt(2));
      await own.setTeamValue(3, parameter.maxImpact, 7_000, reason);
      await own.setTeamValue(3, parameter.maxImpact, 8_000, reason);
      await teams.connect(structure).closeTeam(3, reason);
      await networkHelpers.time.increase(changeDelaySeconds + day);
      await expect(constitution.enactChange(parameter.maxImpact, 3))
        .to.be.revertedWithCustomError(teams, "TeamsUnexpectedStatus")
        .withArgs(3, 2, 1);
    });

    it("anybody can refresh, which writes nothing where nothing changed", async () => {
      const { teams, authority, outsider } = stage;
      for (const refreshed of [teams.connect(outsider).refresh(3), teams.connect(outsider).refreshAll()]) {
        await expect(refreshed).not.to.emit(authority, "TeamLimitsSet");
      }
    });

    it("iPO-017: with every team open and every team at a value of its own, a change fits into one transaction", async () => {
      const { constitution, anchorAt, openTeam } = stage;
      for (let i = 3; i < 64; ++i) await openTeam();
      for (let team = 1; team <= 64; ++team) {
        const own = constitution.connect(anchorAt((team - 1) % 5));
        await own.setTeamValue(team, parameter.maxImpact, 19_000, reason);
        await own.setTeamValue(team, parameter.minReversibility, 30, reason);
      }
      const receipt = await (await enact(parameter.maxImpact, 10_000)).wait();
      if (receipt === null) throw new Error("not mined");
      expect(receipt.logs.length).to.equal(65);
      expect(receipt.gasUsed).to.be.lessThan(MOST_GAS / 3n);
      expect((await coneOf(64)).maxImpact).to.equal(10_000);
    }).timeout(240_000);

    it("a tier that falls costs little enough for whoever pulls the trigger", async () => {
      const receipt = await (await lower(3)).wait();
      expect(receipt?.gasUsed).to.be.lessThan(250_000n);
    });
  });
});
