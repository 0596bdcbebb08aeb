/** Delays of roles, members and targets: a change takes effect after its setback, to the second. */
import { expect } from "chai";

import { deployManager, grantDelaySeconds, Role, setbackSeconds } from "../../../support/access-manager.ts";
import { expectJournalComplete } from "../../../support/journal.ts";

type Stage = Awaited<ReturnType<typeof deployManager>>;

const role = 50n; // without history

describe("Authority as AccessManager: changes of delays", () => {
  let stage: Stage;
  before(async () => {
    stage = await deployManager();
  });
  afterEach(async () => {
    await expectJournalComplete(stage.provider, stage.authority);
    await stage.restore();
  });

  /** Reads in a block of exactly that time. */
  const readAt = async <T>(seconds: number, read: () => Promise<T>): Promise<T> => {
    await stage.networkHelpers.time.increaseTo(seconds);
    return read();
  };

  /** A delay with a setback of at least five days; shortened, of at least the difference. */
  const changes = [
    { from: 0, to: 1, setback: setbackSeconds },
    { from: 0, to: 10 * setbackSeconds, setback: setbackSeconds },
    { from: 100, to: 100, setback: setbackSeconds },
    { from: setbackSeconds, to: 0, setback: setbackSeconds },
    { from: setbackSeconds + 1, to: 0, setback: setbackSeconds + 1 },
    { from: 3 * setbackSeconds, to: setbackSeconds, setback: 2 * setbackSeconds },
  ];
  const kinds = {
    "a role's grant delay": {
      set: (delay: number) => stage.authority.setGrantDelay(role, delay),
      get: () => stage.authority.getRoleGrantDelay(role),
      event: "RoleGrantDelayChanged",
      subject: () => role,
    },
    "a target's admin delay": {
      set: (delay: number) => stage.authority.setTargetAdminDelay(stage.target, delay),
      get: () => stage.authority.getTargetAdminDelay(stage.target),
      event: "TargetAdminDelayUpdated",
      subject: () => stage.target,
    },
  };
  for (const [kind, { set, get, event, subject }] of Object.entries(kinds)) {
    for (const { from, to, setback } of changes) {
      it(`${kind} from ${from} to ${to} s: the old one until ${setback} s have passed`, async () => {
        await set(from);
        await stage.networkHelpers.time.increase(setbackSeconds);
        const changed = (await stage.now()) + 10;
        await stage.at(changed);
        await expect(set(to))
          .to.emit(stage.authority, event)
          .withArgs(subject(), to, changed + setback);
        expect(await get()).to.equal(from);
        expect(await readAt(changed + setback - 1, get)).to.equal(from);
        expect(await readAt(changed + setback, get)).to.equal(to);
      });
    }

    it(`${kind}, changed again while a change waits: the newer change counts, from the value of the moment`, async () => {
      await set(setbackSeconds * 2);
      await stage.networkHelpers.time.increase(setbackSeconds - 10);
      const changed = (await stage.now()) + 1;
      await stage.at(changed);
      // Still 0, so that nothing is shortened.
      await expect(set(7))
        .to.emit(stage.authority, event)
        .withArgs(subject(), 7, changed + setbackSeconds);
      expect(await readAt(changed + setbackSeconds - 1, get)).to.equal(0);
      expect(await readAt(changed + setbackSeconds, get)).to.equal(7);
    });
  }

  describe("a grant", () => {
    it("without grant delay: a member from that second on", async () => {
      const { authority, newcomer } = stage;
      const time = (await stage.now()) + 5;
      await stage.at(time);
      await expect(authority.grantRole(role, newcomer, 30))
        .to.emit(authority, "RoleGranted")
        .withArgs(role, newcomer, 30, time, true);
      expect(await authority.hasRole(role, newcomer)).to.deep.equal([true, 30n]);
      expect(await authority.getAccess(role, newcomer)).to.deep.equal([BigInt(time), 30n, 0n, 0n]);
    });

    it("with grant delay: a member once it has passed, its execution delay told before", async () => {
      const { authority, newcomer } = stage;
      const time = (await stage.now()) + 5;
      await stage.at(time);
      const begins = time + grantDelaySeconds;
      await expect(authority.grantRole(Role.Some, newcomer, 30))
        .to.emit(authority, "RoleGranted")
        .withArgs(Role.Some, newcomer, 30, begins, true);
      const read = () => authority.hasRole(Role.Some, newcomer);
      expect(await read()).to.deep.equal([false, 30n]);
      expect(await readAt(begins - 1, read)).to.deep.equal([false, 30n]);
      expect(await readAt(begins, read)).to.deep.equal([true, 30n]);
      expect(await authority.getAccess(Role.Some, newcomer)).to.deep.equal([BigInt(begins), 30n, 0n, 0n]);
    });

    it("given anew while it waits: its beginning stays", async () => {
      const { authority, pending } = stage;
      const begins = stage.pendingFrom(Role.Some);
      await authority.grantRole(Role.Some, pending, 1_000_000);
      const [since, delay] = await authority.getAccess(Role.Some, pending);
      expect([since, delay]).to.deep.equal([BigInt(begins), 1_000_000n]);
    });

    it("revoked while it waits, and given again: waits anew", async () => {
      const { authority, pending } = stage;
      await expect(authority.revokeRole(Role.Some, pending))
        .to.emit(authority, "RoleRevoked")
        .withArgs(Role.Some, pending);
      expect(await authority.getAccess(Role.Some, pending)).to.deep.equal([0n, 0n, 0n, 0n]);
      await authority.grantRole(Role.Some, pending, 0);
      const [since] = await authority.getAccess(Role.Some, pending);
      expect(since).to.equal((await stage.now()) + grantDelaySeconds);
    });
  });

  describe("a member's execution delay", () => {
    it("longer: at once", async () => {
      const { authority, newcomer } = stage;
      await authority.grantRole(role, newcomer, 100);
      const since = await stage.now();
      const time = since + 50;
      await stage.at(time);
      await expect(authority.grantRole(role, newcomer, 500))
        .to.emit(authority, "RoleGranted")
        .withArgs(role, newcomer, 500, time, false);
      expect(await authority.getAccess(role, newcomer)).to.deep.equal([BigInt(since), 500n, 0n, 0n]);
    });

    for (const next of [0, 400, 499]) {
      it(`shorter, from 500 to ${next} s: once the difference has passed`, async () => {
        const { authority, newcomer } = stage;
        await authority.grantRole(role, newcomer, 500);
        const since = BigInt(await stage.now());
        const time = (await stage.now()) + 50;
        const effect = time + 500 - next;
        await stage.at(time);
        await expect(authority.grantRole(role, newcomer, next))
          .to.emit(authority, "RoleGranted")
          .withArgs(role, newcomer, next, effect, false);
        const read = () => authority.getAccess(role, newcomer);
        expect(await read()).to.deep.equal([since, 500n, BigInt(next), BigInt(effect)]);
        if (effect - 1 > time) {
          expect(await readAt(effect - 1, read)).to.deep.equal([since, 500n, BigInt(next), BigInt(effect)]);
        }
        expect(await readAt(effect, read)).to.deep.equal([since, BigInt(next), 0n, 0n]);
        expect(await authority.hasRole(role, newcomer)).to.deep.equal([true, BigInt(next)]);
      });
    }
  });
});
