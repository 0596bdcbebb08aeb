import { expect } from "chai";
import { id, toUtf8Bytes, ZeroAddress, ZeroHash, zeroPadBytes } from "ethers";

import { expectJournalComplete } from "../../support/journal.ts";
import { cones, deployPolicy, everyTrigger, place, TeamStatus, type Cone } from "../../support/policy.ts";

const reason = id("why");
const evenCones = (count: number): Cone[] =>
  Array.from({ length: count }, (_, i) => ({ maxImpact: i, scopes: 1, minReversibility: 50 }));
const values = (list: readonly Cone[]) => list.map((cone) => [cone.maxImpact, cone.scopes, cone.minReversibility]);

describe("Teams: what a team is", () => {
  let stage: Awaited<ReturnType<typeof deployPolicy>>;
  beforeEach(async () => {
    stage = await deployPolicy();
  });
  // iJO-001: whatever a test did, every head is the fold of all logs.
  afterEach(async () => {
    await expectJournalComplete(stage.provider, stage.teams);
    await expectJournalComplete(stage.provider, stage.authority);
  });

  const now = () => stage.networkHelpers.time.latest();
  const structure = () => stage.teams.connect(stage.structure);
  const openTeams = async (count: number) => {
    for (let i = 0; i < count; ++i) await stage.openTeam();
  };

  describe("given nothing, when a team is opened", () => {
    it("iPO-010: the first is the root, with its four answers, and the authority knows its cone at once", async () => {
      const { teams, authority, structure: office, openTeam, anchorAt, callId, enforced } = stage;
      const args = [place("G1.U1.P0"), anchorAt(0).address, values(cones), 1, [1], 0b101, reason];
      const opened = structure().openTeam(place("G1.U1.P0"), anchorAt(0), cones, 1, [1], 0b101, reason);
      await expect(opened)
        .to.emit(teams, "TeamOpened")
        .withArgs(
          ...[1, place("G1.U1.P0"), anchorAt(0), 1, 0b101, [1], values(cones), reason],
          await callId(teams, office, "openTeam", args),
          office,
        );
      await expect(opened).to.emit(authority, "TeamLimitsSet");
      expect(await teams.getTeam(1)).to.deep.equal([
        ...[TeamStatus.Open, 1n, 3n, 0b101n, anchorAt(0).address, 1n, place("G1.U1.P0"), [1n]],
      ]);
      expect(await enforced(1)).to.deep.equal({ anchor: anchorAt(0).address, cone: cones[1] });
      await openTeam();
      expect(await teams.root()).to.equal(1);
      expect(await teams.teamCount()).to.equal(2);
      expect(await teams.openCount()).to.equal(2);
      expect(await teams.teamAt(place("G1.U1.P0"))).to.equal(1);
      expect(await teams.anchorOf(2)).to.equal(anchorAt(1));
      expect(await teams.constitution()).to.equal(stage.constitution);
    });

    it("its anchor must be live, to the second", async () => {
      const { teams, authority, liveness, networkHelpers, anchorAt, openTeam, outsider } = stage;
      await expect(openTeam({ anchor: outsider }))
        .to.be.revertedWithCustomError(teams, "TeamsAnchorNotLive")
        .withArgs(1, outsider, 0);
      const end = (await now()) + 100;
      await authority.connect(liveness).setAnchorLiveness(anchorAt(0), end);
      await networkHelpers.time.setNextBlockTimestamp(end);
      await expect(openTeam()).to.be.revertedWithCustomError(teams, "TeamsAnchorNotLive").withArgs(1, anchorAt(0), end);
      await authority.connect(liveness).setAnchorLiveness(anchorAt(0), end + 100);
      await networkHelpers.time.setNextBlockTimestamp(end + 99);
      await openTeam();
    });

    it("its place is a name in printable ASCII that no open team has", async () => {
      const { teams, openTeam } = stage;
      await openTeam({ place: place("A") });
      await expect(openTeam({ place: place("A") }))
        .to.be.revertedWithCustomError(teams, "TeamsPlaceTaken")
        .withArgs(place("A"), 1);
      const invalid = [
        ...[ZeroHash, place(" A"), place("A "), place("A\u0001"), place("A\u007f")],
        zeroPadBytes(toUtf8Bytes("A\u0000B"), 32),
      ];
      for (const name of invalid) {
        await expect(openTeam({ place: name }))
          .to.be.revertedWithCustomError(teams, "TeamsInvalidPlace")
          .withArgs(name);
      }
      await openTeam({ place: place("A B~") });
      await openTeam({ place: `0x${"41".repeat(32)}` });
    });

    it("it has 1 to 4 tiers, each contained in the next in every respect", async () => {
      const { teams, openTeam } = stage;
      for (const count of [0, 5]) {
        await expect(openTeam({ cones: evenCones(count), tier: 0 }))
          .to.be.revertedWithCustomError(teams, "TeamsInvalidTierCount")
          .withArgs(count, 4);
      }
      await openTeam({ cones: evenCones(1), tier: 0 });
      await openTeam({ cones: evenCones(4), tier: 3 });
      const cone = { maxImpact: 10, scopes: 0b11, minReversibility: 50 };
      const wrong: [Cone[], number][] = [
        [[cone, { ...cone, maxImpact: 9 }], 1],
        [[cone, { ...cone, scopes: 0b01 }], 1],
        [[cone, { ...cone, scopes: 0b1101 }], 1],
        [[cone, { ...cone, minReversibility: 51 }], 1],
        [[cone, cone, { ...cone, maxImpact: 9 }], 2],
        [[{ ...cone, minReversibility: 101 }], 0],
      ];
      for (const [list, tier] of wrong) {
        await expect(openTeam({ cones: list, tier: 0 }))
          .to.be.revertedWithCustomError(teams, "TeamsInvalidCones")
          .withArgs(tier);
      }
      await openTeam({ cones: [{ ...cone, minReversibility: 100 }, cone, cone], tier: 0 });
    });

    it("its tier is one of its tiers, its triggers are some that there are", async () => {
      const { teams, openTeam } = stage;
      await expect(openTeam({ tier: 3 }))
        .to.be.revertedWithCustomError(teams, "TeamsInvalidTier")
        .withArgs(1, 3, 3);
      for (const triggers of [0, everyTrigger + 1]) {
        await expect(openTeam({ triggers }))
          .to.be.revertedWithCustomError(teams, "TeamsInvalidTriggers")
          .withArgs(triggers);
      }
      await openTeam({ triggers: 1 });
      await openTeam({ triggers: everyTrigger });
    });

    it("64 are open at most", async () => {
      const { teams, openTeam } = stage;
      await openTeams(64);
      await expect(openTeam()).to.be.revertedWithCustomError(teams, "TeamsTooMany").withArgs(64);
      await structure().closeTeam(64, reason);
      await openTeam();
      expect(await teams.teamCount()).to.equal(65);
      expect(await teams.openCount()).to.equal(64);
    }).timeout(240_000);
  });

  describe("given teams, when a path is set", () => {
    it("iPO-011: it is distinct open teams other than itself, seven at most, the last one the root", async () => {
      const { teams, openTeam } = stage;
      // The root's path is itself alone.
      for (const [path, position] of [
        [[], 0],
        [[1, 1], 2],
        [[2], 0],
      ] as const) {
        await expect(openTeam({ path: [...path] }))
          .to.be.revertedWithCustomError(teams, "TeamsInvalidPath")
          .withArgs(1, position);
      }
      await openTeams(9);
      await structure().closeTeam(9, reason);
      const wrong: [number[], number][] = [
        [[], 0],
        [[2, 3, 4, 5, 6, 7, 8, 1], 8],
        [[10, 1], 0],
        [[2, 10, 1], 1],
        [[9, 1], 0],
        [[0, 1], 0],
        [[11, 1], 0],
        [[2, 3, 2, 1], 2],
        [[1, 1], 0],
        [[1, 2], 0],
        [[2], 0],
        [[2, 3], 1],
      ];
      await openTeam();
      expect(await teams.teamCount()).to.equal(10);
      for (const [path, position] of wrong) {
        await expect(structure().setPath(10, path, reason), path.join())
          .to.be.revertedWithCustomError(teams, "TeamsInvalidPath")
          .withArgs(10, position);
      }
      for (const path of [[1], [2, 3, 4, 5, 6, 7, 1]]) await structure().setPath(10, path, reason);
    });

    it("the root's stays", async () => {
      const { teams } = stage;
      await openTeams(2);
      await expect(structure().setPath(1, [2, 1], reason))
        .to.be.revertedWithCustomError(teams, "TeamsInvalidPath")
        .withArgs(1, 2);
      await structure().setPath(1, [1], reason);
    });

    it("earlier paths stay readable, and a replaced human is replaced in all of them", async () => {
      const { teams, structure: office, anchorAt, callId } = stage;
      await openTeams(3);
      const set = structure().setPath(3, [2, 1], reason);
      await expect(set)
        .to.emit(teams, "TeamPathSet")
        .withArgs(3, [2, 1], 2, reason, await callId(teams, office, "setPath", [3, [2, 1], reason]), office);
      expect(await teams.pathVersion(3)).to.equal(2);
      expect(await teams.pathAt(3, 1)).to.deep.equal([1n]);
      expect(await teams.pathAt(3, 2)).to.deep.equal([2n, 1n]);
      expect(await teams.pathAt(3, 3)).to.deep.equal([]);
      expect(await teams.resolverAt(3, 2, 0)).to.deep.equal([2n, anchorAt(1).address]);
      expect(await teams.resolverAt(3, 2, 1)).to.deep.equal([1n, anchorAt(0).address]);
      await expect(teams.resolverAt(3, 2, 2))
        .to.be.revertedWithCustomError(teams, "TeamsInvalidPath")
        .withArgs(3, 2);
      await expect(teams.resolverAt(3, 0, 0))
        .to.be.revertedWithCustomError(teams, "TeamsInvalidPath")
        .withArgs(3, 0);
      await structure().setAnchor(2, anchorAt(4), reason);
      expect(await teams.resolverAt(3, 2, 0)).to.deep.equal([2n, anchorAt(4).address]);
      // A team that is closed later answers for nothing on the paths of before.
      await structure().setPath(3, [1], reason);
      await structure().closeTeam(2, reason);
      expect(await teams.resolverAt(3, 2, 0)).to.deep.equal([2n, ZeroAddress]);
    });
  });

  describe("given a team, when it is closed", () => {
    it("iPO-012: nobody answers or acts for it any more, its place is free, and its number is never used again", async () => {
      const { teams, structure: office, openTeam, anchorAt, outsider, callId, enforced } = stage;
      await openTeams(3);
      await structure().addMember(2, outsider, reason);
      await expect(structure().closeTeam(2, reason))
        .to.emit(teams, "TeamClosed")
        .withArgs(2, reason, await callId(teams, office, "closeTeam", [2, reason]), office);
      expect((await teams.getTeam(2)).status).to.equal(TeamStatus.Closed);
      expect(await enforced(2)).to.deep.equal({
        anchor: ZeroAddress,
        cone: { maxImpact: 0, scopes: 0, minReversibility: 100 },
      });
      expect(await teams.anchorOf(2)).to.equal(ZeroAddress);
      expect(await teams.isMember(2, outsider)).to.equal(false);
      expect(await teams.teamAt(place("P2"))).to.equal(0);
      expect(await teams.openCount()).to.equal(2);
      await openTeam({ place: place("P2") });
      expect(await teams.teamAt(place("P2"))).to.equal(4);

      const refused = [
        () => structure().closeTeam(2, reason),
        () => structure().setAnchor(2, anchorAt(1), reason),
        () => structure().setPath(2, [1], reason),
        () => structure().setCones(2, cones, reason),
        () => structure().setTriggers(2, 1, reason),
        () => structure().addMember(2, anchorAt(1), reason),
        () => teams.connect(anchorAt(0)).raiseTier(2, reason),
        () => teams.refresh(2),
      ];
      for (const call of refused) {
        await expect(call())
          .to.be.revertedWithCustomError(teams, "TeamsUnexpectedStatus")
          .withArgs(2, TeamStatus.Closed, TeamStatus.Open);
      }
      await expect(teams.coneOf(2))
        .to.be.revertedWithCustomError(teams, "TeamsUnexpectedStatus")
        .withArgs(2, TeamStatus.Closed, TeamStatus.Open);
      await expect(teams.refresh(9))
        .to.be.revertedWithCustomError(teams, "TeamsUnexpectedStatus")
        .withArgs(9, TeamStatus.None, TeamStatus.Open);
      // What a member was can still be taken from the list.
      await structure().removeMember(2, outsider, reason);
      expect(await teams.membersOf(2)).to.deep.equal([]);
    });

    it("not the root, and not while another team escalates to it", async () => {
      const { teams } = stage;
      await openTeams(4);
      await expect(structure().closeTeam(1, reason)).to.be.revertedWithCustomError(teams, "TeamsRootStays").withArgs(1);
      await structure().setPath(4, [3, 2, 1], reason);
      for (const team of [2, 3]) {
        await expect(structure().closeTeam(team, reason))
          .to.be.revertedWithCustomError(teams, "TeamsInUse")
          .withArgs(team, 4);
      }
      await structure().setPath(4, [2, 1], reason);
      await structure().closeTeam(3, reason);
      await structure().closeTeam(4, reason);
      await structure().closeTeam(2, reason);
      expect(await teams.openCount()).to.equal(1);
    });
  });

  describe("given a team, when its anchor is replaced", () => {
    it("the new one answers at once, in the authority, too, and must be live", async () => {
      const { teams, structure: office, anchorAt, outsider, callId, enforced } = stage;
      await openTeams(2);
      await expect(structure().setAnchor(2, anchorAt(3), reason))
        .to.emit(teams, "TeamAnchorSet")
        .withArgs(
          2,
          anchorAt(3),
          2,
          reason,
          await callId(teams, office, "setAnchor", [2, anchorAt(3).address, reason]),
          office,
        );
      expect(await teams.anchorOf(2)).to.equal(anchorAt(3));
      expect((await enforced(2)).anchor).to.equal(anchorAt(3));
      await expect(structure().setAnchor(2, outsider, reason))
        .to.be.revertedWithCustomError(teams, "TeamsAnchorNotLive")
        .withArgs(2, outsider, 0);
    });
  });

  describe("given a team, when its triggers are set", () => {
    it("it keeps one at least", async () => {
      const { teams, structure: office, callId } = stage;
      await openTeams(1);
      await expect(structure().setTriggers(1, 0b010, reason))
        .to.emit(teams, "TeamTriggersSet")
        .withArgs(1, 0b010, 2, reason, await callId(teams, office, "setTriggers", [1, 0b010, reason]), office);
      for (const triggers of [0, 8]) {
        await expect(structure().setTriggers(1, triggers, reason))
          .to.be.revertedWithCustomError(teams, "TeamsInvalidTriggers")
          .withArgs(triggers);
      }
      expect((await teams.getTeam(1)).version).to.equal(2);
    });
  });

  describe("given a team, when members come and go", () => {
    it("the list follows, once each, 64 at most", async () => {
      const { teams, structure: office, callId, ethers } = stage;
      await openTeams(1);
      const people = Array.from({ length: 65 }, () => ethers.Wallet.createRandom().address);
      const [first, second, third] = people;
      if (!first || !second || !third) throw new Error("too few people");
      await expect(structure().addMember(1, first, reason))
        .to.emit(teams, "MemberAdded")
        .withArgs(1, first, reason, await callId(teams, office, "addMember", [1, first, reason]), office);
      await expect(structure().addMember(1, first, reason))
        .to.be.revertedWithCustomError(teams, "TeamsMemberExists")
        .withArgs(1, first);
      await structure().addMember(1, second, reason);
      await structure().addMember(1, third, reason);
      await expect(structure().removeMember(1, first, reason))
        .to.emit(teams, "MemberRemoved")
        .withArgs(1, first, reason, await callId(teams, office, "removeMember", [1, first, reason]), office);
      expect(await teams.membersOf(1)).to.deep.equal([third, second]);
      expect(await teams.isMember(1, first)).to.equal(false);
      expect(await teams.isMember(1, third)).to.equal(true);
      expect(await teams.isMember(2, third)).to.equal(false);
      await expect(structure().removeMember(1, first, reason))
        .to.be.revertedWithCustomError(teams, "TeamsMemberMissing")
        .withArgs(1, first);
      await structure().removeMember(1, second, reason);
      await structure().removeMember(1, third, reason);
      expect(await teams.membersOf(1)).to.deep.equal([]);
      for (const person of people.slice(0, 64)) await structure().addMember(1, person, reason);
      await expect(structure().addMember(1, people[64] ?? ZeroAddress, reason))
        .to.be.revertedWithCustomError(teams, "TeamsTooManyMembers")
        .withArgs(1, 64);
    });
  });
});
