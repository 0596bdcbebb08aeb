/** A deployed authority with one managed target, one live anchor and one granter: where the authority's tests begin. */
import { ethers as library } from "ethers";
import hre from "hardhat";

import { harmless, letDecidePolicy, newAuthority, wideLimits } from "./new-authority.ts";

/** `Roles` of the contracts. */
export const Roles = {
  ADMIN: 0n,
  ANCHORS: 2n,
  GRANTER: 8n,
  ENROLMENT: 9n,
  CATALOG: 10n,
  TEAMS: 11n,
  RATES: 12n,
  GRANT: 2n ** 64n - 2n,
  PUBLIC: 2n ** 64n - 1n,
} as const;

/** `IAuthority.TaskStatus`. */
export const TaskStatus = { None: 0n, Open: 1n, Completed: 2n, Failed: 3n, Expired: 4n } as const;

/** `IAuthority.Verdict`. */
export const Verdict = {
  Allowed: 0n,
  AllowedByRole: 1n,
  TargetClosed: 2n,
  RoleMissing: 3n,
  RoleDelayed: 4n,
  GrantMissing: 5n,
  GrantEnded: 6n,
  GrantNotStarted: 7n,
  GrantExpired: 8n,
  GrantUsedUp: 9n,
  TaskCompleted: 10n,
  TaskFailed: 11n,
  TaskExpired: 12n,
} as const;

/** Least execution delay of an admin in the tests, in seconds. */
export const minAdminDelaySeconds = 3600;

export const day = 86_400;

/** Teams of the stage: whose anchor is `anchor`, and whose is `otherAnchor`. Their limits are wide. */
export const teams = { ours: 1, others: 2 } as const;

/**
 * Deploys on a chain of its own. `admin` is the first admin (without delay), `liveness` stands for the contract Anchors,
 * `guarded` of the target, without impact, is reached by grants which `granter` gives; `anchor` is live for 30 days. `admin`
 * stands for the policy contracts, too.
 */
export async function deployAuthority() {
  const connection = await hre.network.create();
  const { ethers, networkHelpers } = connection;
  const [admin, liveness, granter, anchor, otherAnchor, agent, outsider] = await ethers.getSigners();
  if (!admin || !liveness || !granter || !anchor || !otherAnchor || !agent || !outsider)
    throw new Error("too few signers");
  const grantee = agent; // narrowed for the closure below
  const authority = await newAuthority(ethers, admin, minAdminDelaySeconds);
  const target = await ethers.deployContract("ManagedMock", [authority]);
  const guarded = target.interface.getFunction("guarded").selector;
  const setAnchorLiveness = authority.interface.getFunction("setAnchorLiveness").selector;
  await authority.setTargetFunctionRole(authority, [setAnchorLiveness], Roles.ANCHORS);
  await authority.grantRole(Roles.ANCHORS, liveness, 0);
  await authority.grantRole(Roles.GRANTER, granter, 0);
  await authority.setTargetFunctionRole(target, [guarded], Roles.GRANT);
  await authority.setActionGranter(target, guarded, Roles.GRANTER);
  await letDecidePolicy(authority, admin);
  await authority.setActionFacts(target, guarded, harmless);
  await authority.setTeamLimits(teams.ours, anchor, wideLimits);
  await authority.setTeamLimits(teams.others, otherAnchor, wideLimits);
  const now = await networkHelpers.time.latest();
  await authority.connect(liveness).setAnchorLiveness(anchor, now + 30 * day);

  /** Opens a task of `anchor` that lasts `seconds`; returns its id and deadline. */
  async function openTask(seconds: number = day, by = anchor) {
    const deadline = (await networkHelpers.time.latest()) + seconds;
    const team = by === anchor ? teams.ours : teams.others;
    const task = await authority.connect(by).openTask.staticCall(team, library.id("purpose"), deadline);
    await authority.connect(by).openTask(team, library.id("purpose"), deadline);
    return { task, deadline };
  }

  /** A request for `agent` to call `guarded` from now until the task's deadline, without a count. */
  function request(task: { task: bigint; deadline: number }, changes: Partial<GrantRequest> = {}): GrantRequest {
    return {
      task: task.task,
      grantee: grantee.address,
      target: target.target,
      selector: guarded,
      notBefore: 0,
      notAfter: task.deadline,
      uses: 0,
      cap: 0,
      ...changes,
    };
  }

  const accounts = { admin, liveness, granter, anchor, otherAnchor, agent, outsider };
  return { ...connection, ...accounts, provider: ethers.provider, authority, target, guarded, openTask, request };
}

/** What {IAuthority-grant} takes. Times in seconds since the epoch. */
export interface GrantRequest {
  task: bigint;
  grantee: string;
  target: string | library.Addressable;
  selector: string;
  notBefore: number;
  notAfter: number;
  uses: number;
  /** Units of account, 4 decimals; 0 is "no cap". */
  cap: number;
}
