/** A new authority with its linked libraries, and who may write into it what the policy contracts decide. */
import type { AddressLike } from "ethers";
import type { network } from "hardhat";

type Ethers = Awaited<ReturnType<typeof network.create>>["ethers"];

export type Authority = Awaited<ReturnType<typeof newAuthority>>;

/** What is linked into an authority. By the last account, so that contracts of the first stand where they would without. */
export async function authorityLibraries(ethers: Ethers) {
  const librarian = (await ethers.getSigners()).at(-1);
  return {
    PolicyBook: await ethers.deployContract("PolicyBook", librarian),
    TaskBook: await ethers.deployContract("TaskBook", librarian),
  };
}

/** @param minAdminDelaySeconds Least execution delay of every admin but the first. */
export async function newAuthority(
  ethers: Ethers,
  admin: AddressLike,
  minAdminDelaySeconds: number,
  linked?: Awaited<ReturnType<typeof authorityLibraries>>,
) {
  const libraries = linked ?? (await authorityLibraries(ethers));
  return ethers.deployContract("Authority", [admin, minAdminDelaySeconds], { libraries });
}

const policyFunctions = [
  [10n, ["setActionFacts", "setCapability"]],
  [11n, ["setTeamLimits"]],
  [12n, ["setRate"]],
] as const;

/** Lets `account` stand for ActionCatalog, Teams and Constitution. */
export async function letDecidePolicy(authority: Authority, account: AddressLike): Promise<void> {
  for (const [role, names] of policyFunctions) {
    const selectors = names.map((name) => authority.interface.getFunction(name).selector);
    await authority.setTargetFunctionRole(authority, selectors, role);
    await authority.grantRole(role, account, 0);
  }
}

/** Limits that no test meets by accident. */
export const wideLimits = { maxImpact: 2n ** 48n - 1n, scopes: 2n ** 32n - 1n, minReversibility: 0 } as const;

/** `IAuthorityLimits.ImpactKind`. */
export const ImpactKind = { Unlisted: 0, None: 1, Fixed: 2, Amount: 3, AssetAmount: 4 } as const;

/** Facts of an action without impact that can be undone without trace. */
export const harmless = {
  impact: ImpactKind.None,
  scope: 0,
  reversibility: 100,
  fixedImpact: 0,
  amountWord: 0,
  assetWord: 0,
} as const;
