/** A small office with its limits, and the humans up its path: where the tests of escalations begin. */
import { encodeBytes32String, id, type BaseContract, type Signer } from "ethers";
import hre from "hardhat";

import { roles, type RoleName } from "../../src/chain/roles.ts";
import { signedTypes, signingDomains } from "../../src/core/signing/signed-types.ts";
import { identity, periodSeconds } from "./anchors.ts";
import { day, minAdminDelaySeconds } from "./authority.ts";
import { ImpactKind, registrationOf } from "./catalog.ts";
import { newAuthority } from "./new-authority.ts";
import { newPolicy } from "./policy.ts";

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
/** The longest that either of the two can be: together they still fit into an escalation's slot. */
export const longestSeconds = 2 ** 23 - 1;
export const changeDelaySeconds = day;

/** Team of the agent, and the teams up its path; the root last. */
export const team = 4;
export const path = [3, 2, 1] as const;

/** What the team may do by itself in 24 hours, in units of account (4 decimals), at tier 0, where it begins. */
export const maxImpact = 100;
export const minReversibility = 50;
/** The same at tier 1. */
export const higherImpact = 1000;

const standing: readonly [RoleName, string, readonly string[]][] = [
  ["ANCHORS_ROLE", "authority", ["setAnchorLiveness"]],
  ["CATALOG_ROLE", "authority", ["setActionFacts", "setCapability"]],
  ["ENROLMENT_ROLE", "anchors", ["enrol"]],
  ["STRUCTURE_ROLE", "catalog", ["registerAction", "retireAction", "defineCapability"]],
  ["STRUCTURE_ROLE", "teams", ["openTeam", "closeTeam", "setAnchor", "setPath", "setCones"]],
  ["STRUCTURE_ROLE", "constitution", ["defineParameter", "defineAsset"]],
  ["POLICY_ROLE", "constitution", ["proposeChange"]],
  ["VALUATION_ROLE", "constitution", ["setRate"]],
];

/**
 * Deploys on a chain of its own. `agent` holds a grant to `run` and to `pay`, for a task of `own`, the anchor of its team;
 * above that sit `first`, `second` and `root`. `office` holds every office. A run of 130 crosses the team's limit.
 */
export async function deployEscalations() {
  const connection = await hre.network.create();
  const { ethers, networkHelpers } = connection;
  const [admin, office, agent, outsider, first, second, root, substitute, own] = await ethers.getSigners();
  if (!admin || !office || !agent || !outsider || !first || !second || !root || !substitute || !own)
    throw new Error("too few signers");
  const requester = agent; // narrowed for the closures below
  const authority = await newAuthority(ethers, admin, minAdminDelaySeconds);
  const anchors = await ethers.deployContract("Anchors", [authority, periodSeconds]);
  const { constitution, teams } = await newPolicy(ethers, authority, changeDelaySeconds);
  const catalog = await ethers.deployContract("ActionCatalog", [authority]);
  const escalations = await ethers.deployContract("Escalations", [authority, teams, anchors, constitution]);
  const target = await ethers.deployContract("CallbackTarget", [authority]);
  const contracts = { authority, anchors, constitution, teams, catalog, escalations, target };

  const named: Record<string, BaseContract> = contracts;
  for (const [role, name, functions] of standing) {
    const contract = named[name];
    if (contract === undefined) throw new Error(`no contract ${name}`);
    const selectors = functions.map((each) => contract.interface.getFunction(each)?.selector ?? "");
    await authority.setTargetFunctionRole(contract, selectors, roles[role]);
  }
  await authority.grantRole(roles.ANCHORS_ROLE, anchors, 0);
  await authority.grantRole(roles.CATALOG_ROLE, catalog, 0);
  const offices = ["ENROLMENT_ROLE", "STRUCTURE_ROLE", "POLICY_ROLE", "VALUATION_ROLE", "GRANTER_ROLE"] as const;
  for (const role of offices) await authority.grantRole(roles[role], office, 0);
  await authority.setEscalations(escalations);

  const { chainId } = await ethers.provider.getNetwork();
  const domain = { ...signingDomains.Anchors, chainId, verifyingContract: await anchors.getAddress() };
  /** Enrols `signer` and relays its oath: a live anchor. */
  async function makeLive(signer: Signer): Promise<void> {
    const anchor = await signer.getAddress();
    await anchors.connect(office).enrol(anchor, identity);
    const deadline = (await networkHelpers.time.latest()) + day;
    const oath = { anchor, identity, nonce: await anchors.nonceOf(anchor), deadline };
    const signature = await signer.signTypedData(domain, { AnchorOath: [...signedTypes.AnchorOath] }, oath);
    await anchors.accept(anchor, deadline, signature);
  }
  for (const signer of [first, second, root, substitute, own]) await makeLive(signer);

  const lower = { stricter: 0, kernel: false, cone: false, minimum: 1, maximum: 2n ** 48n - 1n };
  const higher = { stricter: 1, kernel: false, cone: true, minimum: 0, maximum: 100 };
  const seconds = { ...lower, maximum: longestSeconds };
  const define = (name: keyof typeof Parameters, terms: object, value: number | bigint) =>
    constitution.connect(office).defineParameter(Parameters[name], terms as typeof lower, value, id(name));
  await define("CONE_MAX_IMPACT", { ...lower, cone: true }, 2n ** 40n);
  await define("CONE_MIN_REVERSIBILITY", higher, 0);
  await define("ESCALATION_DEADLINE_SECONDS", seconds, deadlineSeconds);
  await define("ESCALATION_USABLE_SECONDS", seconds, usableSeconds);

  const cones = [
    { maxImpact, scopes: 1, minReversibility },
    { maxImpact: higherImpact, scopes: 1, minReversibility },
  ];
  const reason = id("founded");
  const seats: readonly [Signer, number[]][] = [
    [root, [1]],
    [second, [1]],
    [first, [2, 1]],
    [own, [3, 2, 1]],
  ];
  for (const [index, [anchor, up]] of seats.entries()) {
    await teams
      .connect(office)
      .openTeam(encodeBytes32String(`G1.U1.P${index}`), await anchor.getAddress(), cones, 0, up, 1, reason);
  }
  const keepCatalog = catalog.connect(office);
  const action = { target: await target.getAddress(), scope: encodeBytes32String("work"), reversibility: 80 };
  const amount = { ...action, impact: ImpactKind.Amount, amountWord: 0, assetWord: 0 };
  const rated = { ...action, impact: ImpactKind.AssetAmount, amountWord: 1, assetWord: 0 };
  await keepCatalog.registerAction(registrationOf({ ...amount, signature: "run(uint256)" }), reason);
  await keepCatalog.registerAction(registrationOf({ ...rated, signature: "pay(address,uint256)" }), reason);

  const run = target.interface.getFunction("run").selector;
  const pay = target.interface.getFunction("pay").selector;
  await authority.setTargetFunctionRole(target, [run, pay], roles.GRANT_ROLE);
  for (const selector of [run, pay]) await authority.setActionGranter(target, selector, roles.GRANTER_ROLE);
  const taskDeadline = (await networkHelpers.time.latest()) + 25 * day;
  await authority.connect(own).openTask(team, id("purpose"), taskDeadline);
  /** Gives `grantee` a grant of the one task. */
  const give = (grantee: string, selector = run, changes: { uses?: number; cap?: number; notBefore?: number } = {}) =>
    authority
      .connect(office)
      .grant({ task: 1, grantee, target, selector, notBefore: 0, notAfter: taskDeadline, uses: 0, cap: 0, ...changes });
  await give(agent.address);
  await give(agent.address, pay);

  /** Opens another task of `own`, who must be live, and gives the agent its grant for that. */
  async function renewGrant(): Promise<void> {
    const now = await networkHelpers.time.latest();
    const task = await authority.connect(own).openTask.staticCall(team, id("purpose"), now + 20 * day);
    await authority.connect(own).openTask(team, id("purpose"), now + 20 * day);
    const terms = { task, grantee: requester, target, selector: run, notBefore: 0, notAfter: now + 20 * day };
    await authority.connect(office).grant({ ...terms, uses: 0, cap: 0 });
  }

  const data = target.interface.encodeFunctionData("run", [130]);
  const operationOf = (caller: string = requester.address, call: string = data) =>
    authority.hashOperation(caller, target, call);
  const operation = await operationOf();
  const open = (call: string = data) =>
    escalations.connect(requester).open(target, call, id("recommendation"), id("context"));
  /** Makes the call; whether it passed. What refuses it must be a limit. */
  async function passes(call: string = data, by: Signer = requester): Promise<boolean> {
    const refusal = authority.interface.getError("AuthorityOutsideLimits")?.selector ?? "";
    return by.sendTransaction({ to: target, data: call }).then(
      () => true,
      (error: unknown) => {
        const { data: returned, message } = error as { data?: string; message: string };
        if (returned?.startsWith(refusal) || message.includes("AuthorityOutsideLimits")) return false;
        throw error;
      },
    );
  }

  const accounts = { admin, office, agent, outsider, first, second, root, substitute, own };
  const call = { data, run, pay, operation, operationOf, open, passes, give, renewGrant, taskDeadline, amount, rated };
  return { ...connection, ...accounts, ...contracts, ...call, provider: ethers.provider, makeLive };
}
