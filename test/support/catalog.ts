/** The catalog of actions with the authority that it writes to. */
import { encodeBytes32String, getAddress, ZeroAddress } from "ethers";
import hre from "hardhat";

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
  const authority = await ethers.deployContract("LimitsDouble", [admin]);
  const catalog = await ethers.deployContract("ActionCatalog", [authority]);
  const selectors = (contract: { interface: typeof catalog.interface }, ...names: string[]) =>
    names.map((name) => contract.interface.getFunction(name as never).selector);
  await authority.setTargetFunctionRole(
    catalog,
    selectors(catalog, "registerAction", "retireAction", "defineCapability"),
    13,
  );
  await authority.grantRole(13, office, 0);
  await authority.setTargetFunctionRole(
    authority,
    ["setActionFacts", "setCapability"].map((name) => authority.interface.getFunction(name as never).selector),
    10,
  );
  await authority.grantRole(10, catalog, 0);
  return { ...connection, provider: ethers.provider, admin, office, outsider, authority, catalog };
}
