/** The catalog of actions with the authority that it writes to. */
import { encodeBytes32String, getAddress, ZeroAddress } from "ethers";
import hre from "hardhat";

import { roles } from "../../src/chain/roles.ts";
import { minAdminDelaySeconds } from "./authority.ts";
import { newAuthority } from "./new-authority.ts";

/** `IAuthorityLimits.ImpactKind`. */
export const ImpactKind = { Unlisted: 0n, None: 1n, Fixed: 2n, Amount: 3n, AssetAmount: 4n } as const;

/** Where the actions of a test are; nothing asks whether there is a contract. */
export const actionTarget = getAddress("0x00000000000000000000000000000000000ca11e");

/** What {IActionCatalog-registerAction} takes, in the order of its fields. */
export interface Registration {
  target: string;
  signature: string;
  impact: bigint;
  fixedImpact: bigint | number;
  amountWord: number;
  assetWord: number;
  scope: string;
  reversibility: number;
  inverseTarget: string;
  inverseSelector: string;
}

/** A registration of a withdrawal, but for `changes`. */
export function registrationOf(changes: Partial<Registration> = {}): Registration {
  return {
    target: actionTarget,
    signature: "withdraw(bytes32,address,address,uint256)",
    impact: ImpactKind.AssetAmount,
    fixedImpact: 0n,
    amountWord: 3,
    assetWord: 1,
    scope: encodeBytes32String("refunds"),
    reversibility: 90,
    inverseTarget: ZeroAddress,
    inverseSelector: "0x00000000",
    ...changes,
  };
}

/** Deploys on a chain of its own; `office` keeps the structure. */
export async function deployCatalog() {
  const connection = await hre.network.create();
  const { ethers } = connection;
  const [admin, office, outsider] = await ethers.getSigners();
  if (!admin || !office || !outsider) throw new Error("too few signers");
  const authority = await newAuthority(ethers, admin, minAdminDelaySeconds);
  const catalog = await ethers.deployContract("ActionCatalog", [authority]);
  const kept = (["registerAction", "retireAction", "defineCapability"] as const).map(
    (name) => catalog.interface.getFunction(name).selector,
  );
  const written = (["setActionFacts", "setCapability"] as const).map(
    (name) => authority.interface.getFunction(name).selector,
  );
  await authority.setTargetFunctionRole(catalog, kept, roles.STRUCTURE_ROLE);
  await authority.grantRole(roles.STRUCTURE_ROLE, office, 0);
  await authority.setTargetFunctionRole(authority, written, roles.CATALOG_ROLE);
  await authority.grantRole(roles.CATALOG_ROLE, catalog, 0);
  return { ...connection, provider: ethers.provider, admin, office, outsider, authority, catalog };
}
