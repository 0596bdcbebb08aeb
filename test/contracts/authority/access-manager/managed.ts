/** A managed function, by the role that reaches it, the state of its target, the caller and the moment. */
import { expect } from "chai";
import type { Signer } from "ethers";

import {
  deployManager,
  executionDelaySeconds,
  expectAtMoment,
  Role,
  scheduledMoments,
} from "../../../support/access-manager.ts";
import { minAdminDelaySeconds, Roles } from "../../../support/authority.ts";
import { expectJournalComplete } from "../../../support/journal.ts";
import { newAuthority } from "../../../support/new-authority.ts";

type Stage = Awaited<ReturnType<typeof deployManager>>;
type Caller = "admin" | "delayedAdmin" | "immediate" | "delayed" | "pending" | "stranger";

/** What `canCall` answers, and with it what becomes of the call. */
type Answer = "at once" | "with delay" | "refused";

/** By the role that the function has, then by caller. `null` is a function that nobody has configured. */
const open: [role: bigint | null, name: string, answers: Record<Caller, Answer>][] = [
  [
    null,
    "none, which is the admin's",
    {
      admin: "at once",
      delayedAdmin: "with delay",
      immediate: "refused",
      delayed: "refused",
      pending: "refused",
      stranger: "refused",
    },
  ],
  [
    Roles.ADMIN,
    "ADMIN_ROLE, set by name",
    {
      admin: "at once",
      delayedAdmin: "with delay",
      immediate: "refused",
      delayed: "refused",
      pending: "refused",
      stranger: "refused",
    },
  ],
  [
    Role.Some,
    "a role",
    {
      admin: "refused",
      delayedAdmin: "refused",
      immediate: "at once",
      delayed: "with delay",
      pending: "refused",
      stranger: "refused",
    },
  ],
  [
    Roles.PUBLIC,
    "PUBLIC_ROLE",
    {
      admin: "at once",
      delayedAdmin: "at once",
      immediate: "at once",
      delayed: "at once",
      pending: "at once",
      stranger: "at once",
    },
  ],
];

describe("Authority as AccessManager: a managed function", () => {
  let stage: Stage;
  let data: string;
  before(async () => {
    stage = await deployManager();
    data = stage.probe.interface.encodeFunctionData("note", [3]);
    await stage.authority.grantRole(Roles.ADMIN, stage.otherAnchor, minAdminDelaySeconds);
    const snapshot = await stage.networkHelpers.takeSnapshot();
    stage.restore = () => snapshot.restore();
  });
  afterEach(async () => {
    await expectJournalComplete(stage.provider, stage.authority);
    await stage.restore();
  });

  const accountOf = (caller: Caller) => (caller === "delayedAdmin" ? stage.otherAnchor : stage[caller]);
  const setRole = async (role: bigint | null) => {
    if (role !== null) await stage.authority.setTargetFunctionRole(stage.probe, [stage.note], role);
  };
  const ways = {
    directly: (by: Signer) => by.sendTransaction({ to: stage.probe, data }),
    "through execute": (by: Signer) => stage.authority.connect(by).execute(stage.probe, data),
  };

  const expectRefused = async (by: Signer) => {
    const { authority, probe, note } = stage;
    expect(await authority.canCall(by, probe, note)).to.deep.equal([false, 0n]);
    await expect(ways.directly(by)).to.be.revertedWithCustomError(probe, "AccessManagedUnauthorized").withArgs(by);
    await expect(ways["through execute"](by))
      .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedCall")
      .withArgs(by, probe, note);
    await expect(authority.connect(by).schedule(probe, data, 0))
      .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedCall")
      .withArgs(by, probe, note);
  };

  for (const [role, roleName, answers] of open) {
    for (const [caller, answer] of Object.entries(answers) as [Caller, Answer][]) {
      const delaySeconds = caller === "delayedAdmin" ? minAdminDelaySeconds : executionDelaySeconds;
      const given = `given the function's role is ${roleName}, ${caller}`;

      it(`${given}: ${answer}`, async () => {
        await setRole(role);
        const { authority, probe, note } = stage;
        const by = accountOf(caller);
        if (answer === "refused") return expectRefused(by);
        expect(await authority.canCall(by, probe, note)).to.deep.equal(
          answer === "at once" ? [true, 0n] : [false, BigInt(delaySeconds)],
        );
        const operation = await authority.hashOperation(by, probe, data);
        for (const [way, send] of Object.entries(ways)) {
          if (answer === "with delay") {
            await expect(send(by))
              .to.be.revertedWithCustomError(authority, "AccessManagerNotScheduled")
              .withArgs(operation);
            continue;
          }
          await expect(send(by)).not.to.emit(authority, "OperationExecuted");
          expect(await probe.lastCaller()).to.equal(way === "directly" ? await by.getAddress() : authority.target);
        }
        if (answer === "at once") {
          // What can be done at once cannot be scheduled.
          await expect(authority.connect(by).schedule(probe, data, 0))
            .to.be.revertedWithCustomError(authority, "AccessManagerUnauthorizedCall")
            .withArgs(by, probe, note);
        }
      });

      it(`${given}, the target is closed: refused; opened again: ${answer}`, async () => {
        await setRole(role);
        await stage.authority.setTargetClosed(stage.probe, true);
        expect(await stage.authority.isTargetClosed(stage.probe)).to.equal(true);
        await expectRefused(accountOf(caller));
        await stage.authority.setTargetClosed(stage.probe, false);
        const [immediate, delay] = await stage.authority.canCall(accountOf(caller), stage.probe, stage.note);
        expect(immediate).to.equal(answer === "at once");
        expect(delay).to.equal(answer === "with delay" ? BigInt(delaySeconds) : 0n);
      });

      if (answer !== "with delay") continue;
      for (const [way, send] of Object.entries(ways)) {
        for (const [when, moment] of Object.entries(scheduledMoments)) {
          it(`${given}, ${way}, ${when}: ${moment.refusal ?? "done"}`, async () => {
            await setRole(role);
            const by = accountOf(caller);
            await expectAtMoment(stage, { caller: by, target: stage.probe, data, send: () => send(by) }, moment);
            expect(await stage.probe.notes()).to.equal(
              moment.refusal === undefined || when === "a second time" ? 3 : 0,
            );
          });
        }
      }
    }
  }

  it("given a membership that is about to begin: refused up to its first second, then with the member's delay", async () => {
    await setRole(Role.Some);
    const { authority, probe, note, pending } = stage;
    await stage.networkHelpers.time.increaseTo(stage.pendingFrom(Role.Some) - 1);
    expect(await authority.canCall(pending, probe, note)).to.deep.equal([false, 0n]);
    await stage.networkHelpers.mine();
    expect(await authority.canCall(pending, probe, note)).to.deep.equal([false, BigInt(executionDelaySeconds)]);
  });

  describe("the function that moves a target to another authority", () => {
    it("is the admin's for canCall, with the longer of its delays, and is configured by nobody", async () => {
      const { authority, probe, admin, otherAnchor, stranger } = stage;
      const setAuthority = probe.interface.getFunction("setAuthority").selector;
      expect(await authority.canCall(admin, probe, setAuthority)).to.deep.equal([true, 0n]);
      expect(await authority.canCall(stranger, probe, setAuthority)).to.deep.equal([false, 0n]);
      await authority.setTargetAdminDelay(probe, minAdminDelaySeconds + 1);
      await stage.networkHelpers.time.increase(5 * 86_400);
      for (const by of [admin, otherAnchor]) {
        expect(await authority.canCall(by, probe, setAuthority)).to.deep.equal([
          false,
          BigInt(minAdminDelaySeconds + 1),
        ]);
      }
      const move = probe.interface.encodeFunctionData("setAuthority", [stage.target.target]);
      await authority.schedule(probe, move, 0);
      await stage.networkHelpers.time.increase(minAdminDelaySeconds + 1);
      await expect(authority.execute(probe, move)).to.emit(probe, "AuthorityUpdated").withArgs(stage.target);
    });
  });

  it("a target of another manager is ruled by that one", async () => {
    const { authority, probe, note, admin, ethers, stranger } = stage;
    await authority.setTargetFunctionRole(probe, [note], Roles.PUBLIC);
    const other = await newAuthority(ethers, admin, minAdminDelaySeconds);
    await authority.updateAuthority(probe, other);
    expect(await authority.canCall(stranger, probe, note)).to.deep.equal([true, 0n]);
    await expect(ways.directly(stranger)).to.be.revertedWithCustomError(probe, "AccessManagedUnauthorized");
    // And an execution by the former manager comes from a stranger.
    await expect(ways["through execute"](stranger))
      .to.be.revertedWithCustomError(probe, "AccessManagedUnauthorized")
      .withArgs(authority);
  });
});
