import { toFunctionSelector, type Hex } from "viem";
import { roles, type RoleName } from "../src/chain/roles.ts";

/** Contracts that keep a journal and obey the authority. */
export const journaledContracts = [
  "Authority",
  "Anchors",
  "HeartbeatOracle",
  "BudgetVault",
  "Membership",
  "MergeGovernor",
  "StrategyForks",
] as const;

export type JournaledContract = (typeof journaledContracts)[number];

/** Which role reaches which functions of a contract. A restricted function that is not here belongs to governance. */
export interface Permission {
  readonly contract: JournaledContract;
  readonly role: RoleName;
  readonly functions: readonly string[];
  /** Whose members give just-in-time grants for these functions; only where the role is `GRANT_ROLE`. */
  readonly granter?: RoleName;
}

/** The whole of who may do what by standing role: the deployment writes it, the check after it reads it back. */
export const permissions: readonly Permission[] = [
  { contract: "Authority", role: "ANCHORS_ROLE", functions: ["setAnchorLiveness(address,uint48)"] },
  { contract: "Anchors", role: "ENROLMENT_ROLE", functions: ["enrol(address,bytes32)"] },
  { contract: "HeartbeatOracle", role: "ORACLE_ROLE", functions: ["scheduleOperatorSet(address[],uint32,address)"] },
  { contract: "BudgetVault", role: "TREASURY_ROLE", functions: ["allowAsset(address,bool)"] },
  {
    contract: "BudgetVault",
    role: "FORKS_ROLE", // the treasury office holds it as well: a function has one role
    functions: ["openPool(bytes32,address,address)", "movePool(bytes32,bytes32,address,uint256)"],
  },
  { contract: "Membership", role: "MEMBERSHIP_ROLE", functions: ["seat(address)", "unseat(address)"] },
  {
    contract: "StrategyForks",
    role: "STRATEGY_ROLE",
    functions: ["openFork(bytes32,address,uint48,address,(address,uint128,bytes32)[])"],
  },
  { contract: "StrategyForks", role: "MERGE_ROLE", functions: ["merge(bytes32)"] },
  // Money leaves a pool other than by a plan only within a task: nobody holds this permission for good.
  {
    contract: "BudgetVault",
    role: "GRANT_ROLE",
    functions: ["withdraw(bytes32,address,address,uint256)"],
    granter: "GRANTER_ROLE",
  },
];

/** Contracts that hold a standing role themselves. */
export const systemHolders: readonly { contract: JournaledContract; role: RoleName }[] = [
  { contract: "Anchors", role: "ANCHORS_ROLE" },
  { contract: "StrategyForks", role: "FORKS_ROLE" },
  { contract: "MergeGovernor", role: "MERGE_ROLE" },
];

/** Offices of people, by the deployment parameter that names their account. */
export const offices = [
  { role: "TREASURY_ROLE", parameter: "treasuryOfficeAddress" },
  { role: "FORKS_ROLE", parameter: "treasuryOfficeAddress" },
  { role: "STRATEGY_ROLE", parameter: "strategyOfficeAddress" },
  { role: "MEMBERSHIP_ROLE", parameter: "membershipOfficeAddress" },
  { role: "ORACLE_ROLE", parameter: "oracleOfficeAddress" },
  { role: "GRANTER_ROLE", parameter: "granterOfficeAddress" },
  { role: "ENROLMENT_ROLE", parameter: "enrolmentOfficeAddress" },
] as const satisfies readonly { role: RoleName; parameter: string }[];

export function selectorsOf(permission: Permission): Hex[] {
  return permission.functions.map((signature) => toFunctionSelector(`function ${signature}`));
}

export function roleId(name: RoleName): bigint {
  return roles[name];
}
