/** Authority as the manager of standing roles: members with and without delay, and the moments of a scheduled call. */
import { expect } from "chai";
import type { BaseContract, Signer, TransactionResponse } from "ethers";

import { day, deployAuthority, Roles } from "./authority.ts";

/** Seconds between scheduling and call, for every member that has an execution delay. Not below the least for admins. */
export const executionDelaySeconds = 7200;

/** Seconds after which a scheduled call that was not made expires. */
export const expirationSeconds = 7 * day;

/** Seconds before which no change of a grant delay or an admin delay takes effect. */
export const setbackSeconds = 5 * day;

/** Seconds until a new member of a role is one. */
export const grantDelaySeconds = day;

/** The role of the tests, the role that grants it, and the one that may cancel what its members scheduled. */
export const Role = { Some: 42n, Admin: 43n, Guardian: 44n } as const;

type ManagerStage = Awaited<ReturnType<typeof deployManager>>;

/**
 * Each of `roles` has a member `immediate` (of ADMIN_ROLE: the first admin), a member `delayed`, and one, `pending`, that
 * becomes a member with delay at `pendingFrom` of the role. `stranger` has no role.
 */
export async function deployManager(roles: readonly bigint[] = [Role.Some]) {
  const base = await deployAuthority();
  const { authority, admin, ethers, networkHelpers } = base;
  const [immediate, delayed, pending, guardian, stranger, newcomer] = (await ethers.getSigners()).slice(8);
  if (!immediate || !delayed || !pending || !guardian || !stranger || !newcomer) throw new Error("too few signers");
  const probe = await ethers.deployContract("ManagedProbe", [authority]);
  await authority.setRoleAdmin(Role.Some, Role.Admin);
  await authority.grantRole(Role.Admin, admin, 0);
  await authority.setRoleGuardian(Role.Some, Role.Guardian);
  await authority.grantRole(Role.Guardian, guardian, 0);
  for (const role of roles) {
    if (role !== Roles.ADMIN) await authority.grantRole(role, immediate, 0);
    await authority.grantRole(role, delayed, executionDelaySeconds);
    await authority.setGrantDelay(role, grantDelaySeconds);
  }
  await networkHelpers.time.increase(setbackSeconds);
  const beginnings = new Map<bigint, number>();
  for (const role of roles) {
    await authority.grantRole(role, pending, executionDelaySeconds);
    beginnings.set(role, (await networkHelpers.time.latest()) + grantDelaySeconds);
  }
  /** First second in which `pending` is a member of the role. */
  const pendingFrom = (role: bigint) => beginnings.get(role) ?? 0;
  const note = probe.interface.getFunction("note").selector;
  const snapshot = await networkHelpers.takeSnapshot();
  const now = () => networkHelpers.time.latest();
  /** The next transaction is in a block of this time. */
  const at = (seconds: number) => networkHelpers.time.setNextBlockTimestamp(seconds);
  const members = { immediate, delayed, pending, guardian, stranger, newcomer };
  return { ...base, ...members, probe, note, pendingFrom, now, at, restore: () => snapshot.restore() };
}

/** A call that needs to be scheduled, and the way in which it is made. */
export interface DelayedCall {
  caller: Signer;
  target: BaseContract;
  data: string;
  send: () => Promise<TransactionResponse>;
}

/** What becomes of a call whose permission has a delay, at each moment of its schedule. */
export const scheduledMoments: Record<
  string,
  { arrange: (stage: ManagerStage, call: DelayedCall) => Promise<void>; refusal?: string }
> = {
  "when it was not scheduled": { arrange: async () => {}, refusal: "AccessManagerNotScheduled" },
  "a second before its time": {
    arrange: async (stage, call) => stage.at((await scheduleCall(stage, call)) - 1),
    refusal: "AccessManagerNotReady",
  },
  "at its time": { arrange: async (stage, call) => stage.at(await scheduleCall(stage, call)) },
  "in the last second before it expires": {
    arrange: async (stage, call) => stage.at((await scheduleCall(stage, call)) + expirationSeconds - 1),
  },
  "when it has expired": {
    arrange: async (stage, call) => stage.at((await scheduleCall(stage, call)) + expirationSeconds),
    refusal: "AccessManagerExpired",
  },
  "when it was canceled": {
    arrange: async (stage, call) => {
      const ready = await scheduleCall(stage, call);
      await stage.authority.connect(call.caller).cancel(call.caller, call.target, call.data);
      await stage.at(ready);
    },
    refusal: "AccessManagerNotScheduled",
  },
  "a second time": {
    arrange: async (stage, call) => {
      await stage.at(await scheduleCall(stage, call));
      await call.send();
    },
    refusal: "AccessManagerNotScheduled",
  },
};

/** Schedules the call for the earliest time, which it returns. */
export async function scheduleCall(
  { authority }: ManagerStage,
  { caller, target, data }: Pick<DelayedCall, "caller" | "target" | "data">,
): Promise<number> {
  await authority.connect(caller).schedule(target, data, 0);
  return Number(await authority.getSchedule(await authority.hashOperation(caller, target, data)));
}

/** Makes the call at one of the {@link scheduledMoments} and expects what belongs there; returns it where it went through. */
export async function expectAtMoment(
  stage: ManagerStage,
  call: DelayedCall,
  moment: { arrange: (stage: ManagerStage, call: DelayedCall) => Promise<void>; refusal?: string },
): Promise<TransactionResponse | undefined> {
  const { authority } = stage;
  const operation = await authority.hashOperation(call.caller, call.target, call.data);
  await moment.arrange(stage, call);
  const made = call.send();
  if (moment.refusal !== undefined) {
    await expect(made).to.be.revertedWithCustomError(authority, moment.refusal).withArgs(operation);
    return undefined;
  }
  await expect(made).to.emit(authority, "OperationExecuted").withArgs(operation, 1);
  expect(await authority.getSchedule(operation), "is no longer scheduled").to.equal(0);
  return await made;
}
