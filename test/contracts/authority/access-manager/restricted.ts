/** Every restricted function of the manager, by every kind of caller, directly and through `execute`. */
import { expect } from "chai";
import { id, type Signer, type TransactionResponse } from "ethers";

import {
  deployManager,
  executionDelaySeconds,
  expectAtMoment,
  Role,
  scheduledMoments,
  scheduleCall,
  setbackSeconds,
} from "../../../support/access-manager.ts";
import { Roles } from "../../../support/authority.ts";
import { expectJournalComplete } from "../../../support/journal.ts";

type Stage = Awaited<ReturnType<typeof deployManager>>;

interface Row {
  /** Who may call: governance, the role's admin role, or the role that was given to a function of the authority itself. */
  role: bigint;
  args: (stage: Stage) => unknown[];
  /** The event that tells of it. `by` is the caller as the function saw it, `time` the block's. */
  event: (
    stage: Stage,
    by: string,
    time: number,
  ) => Promise<[emitter: "authority" | "probe", name: string, args: unknown[]]>;
}

const role42 = Role.Some;
const causeOf = ({ authority }: Stage, by: string, name: string, args: unknown[]) =>
  authority.hashOperation(by, authority, authority.interface.encodeFunctionData(name as never, args as never));

const rows: Record<string, Row> = {
  labelRole: {
    role: Roles.ADMIN,
    args: () => [role42, "some"],
    event: async () => ["authority", "RoleLabel", [role42, "some"]],
  },
  setRoleAdmin: {
    role: Roles.ADMIN,
    args: () => [role42, 99],
    event: async () => ["authority", "RoleAdminChanged", [role42, 99]],
  },
  setRoleGuardian: {
    role: Roles.ADMIN,
    args: () => [role42, 99],
    event: async () => ["authority", "RoleGuardianChanged", [role42, 99]],
  },
  setGrantDelay: {
    role: Roles.ADMIN,
    args: () => [role42, 1000],
    event: async (_, __, time) => ["authority", "RoleGrantDelayChanged", [role42, 1000, time + setbackSeconds]],
  },
  grantRole: {
    role: Role.Admin,
    args: ({ newcomer }) => [role42, newcomer.address, 7],
    event: async ({ newcomer }, _, time) => ["authority", "RoleGranted", [role42, newcomer, 7, time, true]],
  },
  revokeRole: {
    role: Role.Admin,
    args: ({ guardian }) => [role42, guardian.address],
    event: async ({ guardian }) => ["authority", "RoleRevoked", [role42, guardian]],
  },
  setTargetClosed: {
    role: Roles.ADMIN,
    args: ({ probe }) => [probe.target, true],
    event: async ({ probe }) => ["authority", "TargetClosed", [probe, true]],
  },
  setTargetFunctionRole: {
    role: Roles.ADMIN,
    args: ({ probe, note }) => [probe.target, [note], role42],
    event: async ({ probe, note }) => ["authority", "TargetFunctionRoleUpdated", [probe, note, role42]],
  },
  setTargetAdminDelay: {
    role: Roles.ADMIN,
    args: ({ probe }) => [probe.target, 1000],
    event: async ({ probe }, _, time) => ["authority", "TargetAdminDelayUpdated", [probe, 1000, time + setbackSeconds]],
  },
  updateAuthority: {
    role: Roles.ADMIN,
    args: ({ probe, target }) => [probe.target, target.target],
    event: async ({ target }) => ["probe", "AuthorityUpdated", [target]],
  },
  setActionGranter: {
    role: Roles.ADMIN,
    args: ({ probe, note }) => [probe.target, note, Roles.GRANTER],
    event: async (stage, by) => {
      const args = [stage.probe.target, stage.note, Roles.GRANTER];
      const cause = await causeOf(stage, by, "setActionGranter", args);
      return ["authority", "ActionGranterSet", [...args, cause, by]];
    },
  },
  registerContract: {
    role: Roles.ADMIN,
    args: ({ probe }) => [probe.target, id("probe")],
    event: async (stage, by) => {
      const args = [stage.probe.target, id("probe")];
      const codeHash = stage.ethers.keccak256(await stage.provider.getCode(stage.probe));
      const cause = await causeOf(stage, by, "registerContract", args);
      return ["authority", "ContractRegistered", [...args, codeHash, cause, by]];
    },
  },
  setAnchorLiveness: {
    role: Roles.ANCHORS,
    args: ({ newcomer }) => [newcomer.address, 2_000_000_000],
    event: async (stage, by) => {
      const args = [stage.newcomer.address, 2_000_000_000];
      return ["authority", "AnchorLivenessSet", [...args, await causeOf(stage, by, "setAnchorLiveness", args)]];
    },
  },
  setActionFacts: policyRow("setActionFacts", Roles.CATALOG, "ActionFactsSet", ({ probe, note }) => [
    probe.target,
    note,
    [3, 1, 50, 0, 2, 0],
  ]),
  setCapability: policyRow("setCapability", Roles.CATALOG, "CapabilitySet", () => [id("capability"), id("actions")]),
  setTeamLimits: policyRow("setTeamLimits", Roles.TEAMS, "TeamLimitsSet", ({ newcomer }) => [
    7,
    newcomer.address,
    [1000, 3, 50],
  ]),
  setRate: policyRow("setRate", Roles.RATES, "RateSet", ({ probe }) => [probe.target, 10n ** 4n, 2_000_000_000]),
  setEscalations: policyRow("setEscalations", Roles.ADMIN, "EscalationsSet", ({ probe }) => [probe.target]),
};

/** A function whose event repeats its arguments, then says by which call and by whom. */
function policyRow(name: string, role: bigint, event: string, args: Row["args"]): Row {
  return {
    role,
    args,
    event: async (stage, by) => ["authority", event, [...args(stage), await causeOf(stage, by, name, args(stage)), by]],
  };
}

const ofTarget = ["setTargetClosed", "setTargetFunctionRole", "updateAuthority"];
const ofAuthorityItself = [
  "setActionGranter",
  "registerContract",
  "setAnchorLiveness",
  "setActionFacts",
  "setCapability",
  "setTeamLimits",
  "setRate",
  "setEscalations",
];

describe("Authority as AccessManager: its restricted functions, by caller", () => {
  let stage: Stage;
  before(async () => {
    stage = await deployManager([Roles.ADMIN, Role.Admin, Roles.ANCHORS, Roles.CATALOG, Roles.TEAMS, Roles.RATES]);
    await stage.authority.setTargetAdminDelay(stage.target, 0);
    // Somebody whose membership can be revoked.
    await stage.authority.grantRole(Role.Some, stage.guardian, 0);
    const snapshot = await stage.networkHelpers.takeSnapshot();
    stage.restore = () => snapshot.restore();
  });
  afterEach(async () => {
    await expectJournalComplete(stage.provider, stage.authority);
    await stage.restore();
  });

  const ways = {
    directly: {
      send: (data: string, by: Signer) => by.sendTransaction({ to: stage.authority, data }),
      seenAs: async (by: Signer) => by.getAddress(),
    },
    "through execute": {
      send: (data: string, by: Signer) => stage.authority.connect(by).execute(stage.authority, data),
      seenAs: async () => stage.authority.getAddress(),
    },
  };

  for (const [name, row] of Object.entries(rows)) {
    for (const [way, { send, seenAs }] of Object.entries(ways)) {
      describe(`${name}, ${way}`, () => {
        let data: string;
        beforeEach(() => {
          data = stage.authority.interface.encodeFunctionData(name as never, row.args(stage) as never);
        });

        const expectDone = async (made: TransactionResponse | Promise<TransactionResponse>, by: Signer) => {
          await made;
          const [emitter, event, args] = await row.event(stage, await seenAs(by), await stage.now());
          await expect(made)
            .to.emit(stage[emitter], event)
            .withArgs(...args);
        };
        const expectRefused = async (made: Promise<unknown>, by: Signer) =>
          way === "directly"
            ? expect(made)
                .to.be.revertedWithCustomError(stage.authority, "AccessManagerUnauthorizedAccount")
                .withArgs(by, row.role)
            : expect(made)
                .to.be.revertedWithCustomError(stage.authority, "AccessManagerUnauthorizedCall")
                .withArgs(by, stage.authority, data.slice(0, 10));

        it("without the role: refused", () => expectRefused(send(data, stage.stranger), stage.stranger));

        it("without the role: cannot be scheduled", () =>
          expect(stage.authority.connect(stage.stranger).schedule(stage.authority, data, 0))
            .to.be.revertedWithCustomError(stage.authority, "AccessManagerUnauthorizedCall")
            .withArgs(stage.stranger, stage.authority, data.slice(0, 10)));

        it("a second before the membership begins: refused", async () => {
          await stage.at(stage.pendingFrom(row.role) - 1);
          await expectRefused(send(data, stage.pending), stage.pending);
        });

        it("from the second in which the membership begins: as a member", async () => {
          await stage.at(stage.pendingFrom(row.role));
          await expect(send(data, stage.pending))
            .to.be.revertedWithCustomError(stage.authority, "AccessManagerNotScheduled")
            .withArgs(await stage.authority.hashOperation(stage.pending, stage.authority, data));
        });

        it("with the role and no delay: done at once", async () => {
          const by = row.role === Roles.ADMIN ? stage.admin : stage.immediate;
          await expectDone(send(data, by), by);
        });

        for (const [when, moment] of Object.entries(scheduledMoments)) {
          it(`with the role and a delay, ${when}: ${moment.refusal ?? "done"}`, async () => {
            const caller = stage.delayed;
            const call = { caller, target: stage.authority, data, send: () => send(data, caller) };
            const made = await expectAtMoment(stage, call, moment);
            if (moment.refusal === undefined && made) await expectDone(made, caller);
          });
        }

        it("with the role and a delay: cannot be scheduled for a second too early", async () => {
          const early = (await stage.now()) + 1 + executionDelaySeconds - 1;
          await stage.at((await stage.now()) + 1);
          await expect(stage.authority.connect(stage.delayed).schedule(stage.authority, data, early))
            .to.be.revertedWithCustomError(stage.authority, "AccessManagerUnauthorizedCall")
            .withArgs(stage.delayed, stage.authority, data.slice(0, 10));
        });

        if (ofTarget.includes(name)) {
          for (const [adminDelay, longer] of [
            [executionDelaySeconds - 1, false],
            [executionDelaySeconds + 1, true],
          ] as const) {
            it(`given the target's admin delay is ${longer ? "longer" : "shorter"}: the longer delay applies`, async () => {
              const { authority, probe, admin, delayed } = stage;
              await authority.setTargetAdminDelay(probe, adminDelay);
              await stage.networkHelpers.time.increase(setbackSeconds);
              await expect(send(data, admin))
                .to.be.revertedWithCustomError(authority, "AccessManagerNotScheduled")
                .withArgs(await authority.hashOperation(admin, authority, data));
              for (const [by, delay] of [
                [admin, adminDelay],
                [delayed, Math.max(adminDelay, executionDelaySeconds)],
              ] as const) {
                const ready = await scheduleCall(stage, { caller: by, target: authority, data });
                expect(ready).to.equal((await stage.now()) + delay);
                await stage.at(ready - 1);
                await expect(send(data, by)).to.be.revertedWithCustomError(authority, "AccessManagerNotReady");
              }
              await stage.at((await stage.now()) + executionDelaySeconds + 1);
              await expectDone(send(data, delayed), delayed);
            });
          }
        }

        it("given the authority itself is closed: only its own added functions are", async () => {
          await stage.authority.setTargetClosed(stage.authority, true);
          const by = row.role === Roles.ADMIN ? stage.admin : stage.immediate;
          await (ofAuthorityItself.includes(name) ? expectRefused(send(data, by), by) : expectDone(send(data, by), by));
        });
      });
    }
  }

  it("every function of AccessManager that its caller's role restricts is in the matrix", () => {
    const { interface: manager } = stage.authority;
    const restricted = ["labelRole", "setRoleAdmin", "setRoleGuardian", "setGrantDelay", "grantRole", "revokeRole"];
    const ofTargets = ["setTargetClosed", "setTargetFunctionRole", "setTargetAdminDelay", "updateAuthority"];
    for (const name of [...restricted, ...ofTargets]) expect(rows).to.have.property(name);
    const unrestricted =
      /^(schedule|execute|cancel|consumeScheduledOp|multicall|renounceRole|openTask|completeTask|failTask|grant|endGrant|grantCapability)$/;
    manager.forEachFunction(({ name, stateMutability }) => {
      if (stateMutability === "view" || stateMutability === "pure" || unrestricted.test(name)) return;
      expect(rows, "a restricted function without a row").to.have.property(name);
    });
  });
});
