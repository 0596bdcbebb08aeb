/** The circuit breaker among the real contracts that it stands between, wired as the deployment wires them. */
import { encodeBytes32String, id, ZeroAddress, type BaseContract, type Signer } from "ethers";
import hre from "hardhat";

import { catalog as actions } from "../../deploy/catalog.ts";
import { parameterDefinitions, parameterId, termsOf } from "../../deploy/constitution.ts";
import { permissions, selectorsOf, systemHolders, type JournaledContract } from "../../deploy/permissions.ts";
import { contractKind } from "../../src/chain/contract-kind.ts";
import { roles, type RoleName } from "../../src/chain/roles.ts";
import { signedTypes, signingDomains } from "../../src/core/signing/signed-types.ts";
import { parameterIds, type ParameterName } from "../../src/org/policy/parameters.ts";
import { identity, periodSeconds } from "./anchors.ts";
import { day, minAdminDelaySeconds } from "./authority.ts";
import { ImpactKind, registrationOf } from "./catalog.ts";
import { newAuthority } from "./new-authority.ts";
import { newVault } from "./new-vault.ts";
import { epochSeconds, parametersFrom } from "./oracle-stage.ts";
import { coin } from "./treasury.ts";

export const unit = 10n ** 18n;
export const changeDelaySeconds = 2 * day;
export const tripSeconds = 2 * day;

/** Shares of 1e18: a tenth may leave in a day, a quarter may be reclaimed in an epoch. */
export const shares = { outflow: unit / 10n, reclaim: unit / 4n, enclaves: unit / 5n } as const;

/** What of each asset lies in the pool: the limit on it is 100 units. */
export const credited = 1000n * unit;

/** `IBudgetLedger.BreakerState`. */
export const BreakerState = { Closed: 0n, Tripped: 1n, HalfOpen: 2n } as const;

const values: Record<ParameterName, bigint | number> = {
  "cone.maxImpact": 10_000_000_0000n,
  "cone.minReversibility": 0,
  "escalation.deadlineSeconds": 3 * day,
  "escalation.usableSeconds": day,
  "breaker.outflowShare": shares.outflow,
  "breaker.reclaimShare": shares.reclaim,
  "breaker.tripSeconds": tripSeconds,
  "enclaves.poolShare": shares.enclaves,
};

const heldByOffice = [
  "ENROLMENT_ROLE",
  "STRUCTURE_ROLE",
  "POLICY_ROLE",
  "VALUATION_ROLE",
  "TREASURY_ROLE",
  "FORKS_ROLE",
  "ORACLE_ROLE",
  "GRANTER_ROLE",
] as const satisfies RoleName[];

/**
 * On a chain of its own: `office` holds every office but the guardian's; `first`, `second` and `third` are live anchors, `first`
 * the root team's. A pool holds {@link credited} of coin, of a token, and of one whose issuer changes balances. The limits
 * are in force. `spender` may withdraw pool money.
 */
export async function deployBreaker() {
  const connection = await hre.network.create();
  const { ethers, networkHelpers } = connection;
  const [admin, office, guardian, outsider, spender, first, second, third] = await ethers.getSigners();
  if (!admin || !office || !guardian || !outsider || !spender || !first || !second || !third) {
    throw new Error("too few signers");
  }
  const authority = await newAuthority(ethers, admin, minAdminDelaySeconds);
  const anchors = await ethers.deployContract("Anchors", [authority, periodSeconds]);
  const constitution = await ethers.deployContract("Constitution", [authority, changeDelaySeconds]);
  const teams = await ethers.deployContract("Teams", [authority, constitution]);
  const catalog = await ethers.deployContract("ActionCatalog", [authority]);
  const genesis = await networkHelpers.time.latest();
  const oracle = await ethers.deployContract("HeartbeatOracle", [authority, parametersFrom(genesis)]);
  const vault = await newVault(ethers, authority, teams);
  const breaker = await ethers.deployContract("CircuitBreaker", [authority, vault, anchors, constitution, oracle]);

  const contracts: Partial<Record<JournaledContract, BaseContract>> = {
    Authority: authority,
    Anchors: anchors,
    Constitution: constitution,
    Teams: teams,
    ActionCatalog: catalog,
    HeartbeatOracle: oracle,
    BudgetVault: vault,
    CircuitBreaker: breaker,
  };
  for (const permission of permissions) {
    const contract = contracts[permission.contract];
    if (contract === undefined) continue;
    const selectors = selectorsOf(permission);
    await authority.setTargetFunctionRole(contract, selectors, roles[permission.role]);
    if (permission.granter === undefined) continue;
    for (const selector of selectors) await authority.setActionGranter(contract, selector, roles[permission.granter]);
  }
  for (const { contract, role } of systemHolders) {
    const holder = contracts[contract];
    if (holder !== undefined) await authority.grantRole(roles[role], holder, 0);
  }
  for (const role of heldByOffice) await authority.grantRole(roles[role], office, 0);
  await authority.grantRole(roles.GUARDIAN_ROLE, guardian, 0);
  await constitution.wireTeams(teams);
  await authority.registerContract(oracle, contractKind("HeartbeatOracle"));
  for (const definition of parameterDefinitions) {
    await constitution
      .connect(office)
      .defineParameter(parameterId(definition), termsOf(definition), values[definition.name], id("founded"));
  }

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
  for (const signer of [first, second, third]) await makeLive(signer);
  const cone = { maxImpact: 10_000_000_0000n, scopes: 1, minReversibility: 0 };
  await teams.connect(office).openTeam(encodeBytes32String("ROOT"), first, [cone], 0, [1], 1, id("founded"));

  const token = await ethers.deployContract("TestToken");
  const rebasing = await ethers.deployContract("RebasingToken");
  const pool = await vault.connect(office).openPool.staticCall(id("pool"), ZeroAddress, first);
  await vault.connect(office).openPool(id("pool"), ZeroAddress, first);
  for (const asset of [token, rebasing]) {
    await vault.connect(office).allowAsset(asset, true);
    await asset.mint(office, 10n * credited);
    await asset.connect(office).approve(vault, 10n * credited);
    await vault.connect(office).deposit(pool, asset, credited, id(await asset.getAddress()));
  }
  await vault.connect(office).allowAsset(coin, true);
  await vault.connect(office).deposit(pool, coin, credited, id("coin"), { value: credited });
  await breaker.connect(outsider).refreshLimits();

  const [withdrawal] = actions;
  if (withdrawal === undefined) throw new Error("the catalog has no withdrawal");
  const registration = registrationOf({
    target: await vault.getAddress(),
    signature: withdrawal.signature,
    impact: ImpactKind.None, // what the authority's limits count is not these tests' concern
    scope: encodeBytes32String(withdrawal.scope),
    amountWord: 0,
    assetWord: 0,
  });
  await catalog.connect(office).registerAction(registration, id("founded"));
  const notAfter = (await networkHelpers.time.latest()) + 20 * day;
  await authority.connect(first).openTask(1, id("purpose"), notAfter);
  const { selector } = vault.interface.getFunction("withdraw");
  const grant = { task: 1, grantee: spender, target: vault, selector, notBefore: 0, notAfter, uses: 0, cap: 0 };
  await authority.connect(office).grant(grant);

  /** Withdraws pool money; the asset says afterwards whether it left. */
  const withdraw = (asset: string, amount: bigint) => vault.connect(spender).withdraw(pool, asset, outsider, amount);

  /** The constitution takes another value: proposed, consented to by the root, and enacted after its delay. */
  async function enact(parameter: ParameterName, value: bigint | number): Promise<void> {
    await constitution.connect(office).proposeChange(parameterIds[parameter], value, id("reason"));
    await constitution.connect(first).consent(parameterIds[parameter], 1);
    await networkHelpers.time.increase(changeDelaySeconds);
    await constitution.enactChange(parameterIds[parameter], 0);
  }

  /** The anchors approve an operation, one after the other. */
  const approve = async (operation: string, by: readonly Signer[] = [first, second]): Promise<void> => {
    for (const signer of by) await anchors.connect(signer).approve(operation);
  };

  /** Takes `amount` of an asset from the vault, past its books. */
  async function lose(asset: string, amount: bigint): Promise<void> {
    const address = await vault.getAddress();
    if (asset === coin) {
      await networkHelpers.setBalance(address, (await ethers.provider.getBalance(address)) - amount);
    } else {
      await rebasing.rebase(address, (await rebasing.balanceOf(address)) - amount);
    }
  }

  /** Gives `amount` of an asset to the vault, past its books. */
  const find = (asset: string, amount: bigint) => lose(asset, -amount);

  const people = { admin, office, guardian, outsider, spender, first, second, third };
  const parts = { authority, anchors, constitution, teams, oracle, vault, breaker, token, rebasing };
  const assets = { coin, token: await token.getAddress(), rebasing: await rebasing.getAddress() };
  const acts = { makeLive, withdraw, enact, approve, lose, find };
  return {
    ...connection,
    ...people,
    ...parts,
    ...acts,
    assets,
    pool,
    genesis,
    epochSeconds,
    provider: ethers.provider,
  };
}

export type BreakerStage = Awaited<ReturnType<typeof deployBreaker>>;
