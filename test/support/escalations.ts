/** Escalations with anchors up a path: where the tests of escalations begin. */
import { id, type BigNumberish, type Signer } from "ethers";
import hre from "hardhat";

import { signedTypes, signingDomains } from "../../src/core/signing/signed-types.ts";
import { identity, periodSeconds } from "./anchors.ts";
import { day, Roles, Verdict } from "./authority.ts";

/** `IEscalations.EscalationStatus`. */
export const EscalationStatus = {
  None: 0n,
  Pending: 1n,
  Approved: 2n,
  Rejected: 3n,
  Denied: 4n,
  Withdrawn: 5n,
  Executed: 6n,
  Unused: 7n,
} as const;

/** `IAuthorityLimits.Boundary`. */
export const Boundary = {
  None: 0n,
  Unlisted: 1n,
  Scope: 2n,
  Reversibility: 3n,
  Unreadable: 4n,
  RateMissing: 5n,
  GrantCap: 6n,
  TeamImpact: 7n,
} as const;

/** `Parameters` of the contracts. */
export const Parameters = {
  CONE_MAX_IMPACT: id("cone.maxImpact"),
  CONE_MIN_REVERSIBILITY: id("cone.minReversibility"),
  ESCALATION_DEADLINE_SECONDS: id("escalation.deadlineSeconds"),
  ESCALATION_USABLE_SECONDS: id("escalation.usableSeconds"),
} as const;

export const deadlineSeconds = 3 * day;
export const usableSeconds = day;

/** Team of the agent, and the teams up its path. */
export const team = 4;
export const path = [3, 2, 1] as const;

export async function deployEscalations() {
  const connection = await hre.network.create();
  const { ethers, networkHelpers } = connection;
  const [admin, office, agent, outsider, first, second, root, substitute, own] = await ethers.getSigners();
  if (!admin || !office || !agent || !outsider || !first || !second || !root || !substitute || !own)
    throw new Error("too few signers");
  const requester = agent; // narrowed for the closures below
  const authority = await ethers.deployContract("LimitsDouble", [admin]);
  const policy = await ethers.deployContract("PolicyDouble");
  const anchors = await ethers.deployContract("Anchors", [authority, periodSeconds]);
  const escalations = await ethers.deployContract("Escalations", [authority, policy, anchors, policy]);
  await authority.setTargetFunctionRole(anchors, [anchors.interface.getFunction("enrol").selector], Roles.ENROLMENT);
  await authority.grantRole(Roles.ENROLMENT, office, 0);
  await policy.setPath(team, [...path]);
  await policy.setValue(Parameters.ESCALATION_DEADLINE_SECONDS, deadlineSeconds);
  await policy.setValue(Parameters.ESCALATION_USABLE_SECONDS, usableSeconds);
  const { chainId } = await ethers.provider.getNetwork();
  const domain = { ...signingDomains.Anchors, chainId, verifyingContract: await anchors.getAddress() };

  /** Enrols `signer` and relays its oath: a live anchor. */
  async function makeLive(signer: Signer): Promise<void> {
    const anchor = await signer.getAddress();
    await anchors.connect(office).enrol(anchor, identity);
    const deadline = (await networkHelpers.time.latest()) + day;
    const nonce = await anchors.nonceOf(anchor);
    const oath = { anchor, identity, nonce, deadline };
    await anchors.accept(
      anchor,
      deadline,
      await signer.signTypedData(domain, { AnchorOath: [...signedTypes.AnchorOath] }, oath),
    );
  }
  for (const signer of [first, second, root, substitute, own]) await makeLive(signer);
  const seats = { 1: root, 2: second, 3: first, [team]: own };
  for (const [seat, signer] of Object.entries(seats)) await policy.setAnchor(seat, signer);

  const target = "0x00000000000000000000000000000000000DA7A0".toLowerCase();
  const data = `${id("guarded(uint256)").slice(0, 10)}${"00".repeat(31)}2a`;
  /** What the authority says of every call from now on. */
  const dictate = (verdict: bigint, boundary: bigint, limit: BigNumberish = 100n, actual: BigNumberish = 130n) =>
    authority.dictate(verdict, {
      boundary,
      limit,
      actual,
      impact: 0,
      teamImpact: 0,
      teamLimit: 0,
      team,
      task: 7,
      anchor: own,
    });
  await dictate(Verdict.Allowed, Boundary.TeamImpact);
  const operationOf = (caller: string = requester.address, call: string = data) =>
    authority.hashOperation(caller, target, call);
  const operation = await operationOf();
  const open = (call: string = data) =>
    escalations.connect(requester).open(target, call, id("recommendation"), id("context"));

  const accounts = { admin, office, agent, outsider, first, second, root, substitute, own };
  const contracts = { authority, policy, anchors, escalations };
  const call = { target, data, operation, operationOf, open, dictate };
  return { ...connection, ...accounts, ...contracts, ...call, provider: ethers.provider, makeLive };
}
