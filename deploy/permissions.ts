import { toFunctionSelector, type Abi, type AbiFunction, type Hex } from "viem";
import {
  actionCatalogAbi,
  anchorsAbi,
  authorityAbi,
  budgetVaultAbi,
  challengesAbi,
  circuitBreakerAbi,
  constitutionAbi,
  escalationsAbi,
  heartbeatOracleAbi,
  membershipAbi,
  mergeGovernorAbi,
  operatorKeysAbi,
  reportFundAbi,
  reviewCalendarAbi,
  strategyForksAbi,
  teamsAbi,
} from "../src/chain/abi.ts";
import { MandateError } from "../src/core/errors/mandate-error.ts";
import { roles, type RoleName } from "../src/chain/roles.ts";

/** Contracts that keep a journal and obey the authority. */
export const journaledContracts = [
  "Authority",
  "Anchors",
  "Constitution",
  "Teams",
  "ActionCatalog",
  "Escalations",
  "OperatorKeys",
  "HeartbeatOracle",
  "ReviewCalendar",
  "ReportFund",
  "BudgetVault",
  "Challenges",
  "CircuitBreaker",
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
  { contract: "Authority", role: "ANCHORS_ROLE", functions: ["setAnchorLiveness"] },
  { contract: "Authority", role: "CATALOG_ROLE", functions: ["setActionFacts", "setCapability"] },
  { contract: "Authority", role: "TEAMS_ROLE", functions: ["setTeamLimits"] },
  { contract: "Authority", role: "RATES_ROLE", functions: ["setRate"] },
  { contract: "Anchors", role: "ENROLMENT_ROLE", functions: ["enrol"] },
  { contract: "Constitution", role: "STRUCTURE_ROLE", functions: ["defineParameter", "defineAsset"] },
  { contract: "Constitution", role: "POLICY_ROLE", functions: ["proposeChange"] },
  { contract: "Constitution", role: "VALUATION_ROLE", functions: ["setRate"] },
  {
    contract: "Teams",
    role: "STRUCTURE_ROLE",
    functions: [
      "openTeam",
      "closeTeam",
      "setAnchor",
      "setPath",
      "setCones",
      "setTriggers",
      "addMember",
      "removeMember",
    ],
  },
  { contract: "Teams", role: "RATCHET_ROLE", functions: ["lowerTier", "lowerTierAt"] },
  {
    contract: "ActionCatalog",
    role: "STRUCTURE_ROLE",
    functions: ["registerAction", "nameScope", "retireAction", "defineCapability"],
  },
  {
    contract: "HeartbeatOracle",
    role: "ORACLE_ROLE",
    functions: ["scheduleOperatorSet", "scheduleRuleset", "reinstate"],
  },
  // What is in the fund leaves it by reports; whatever else takes it out is governance's, with its delay.
  { contract: "ReportFund", role: "ORACLE_ROLE", functions: ["setTerms"] },
  // Not the office that seats operators: it would price challenges of what they report. What is in the pot is governance's, with its delay.
  { contract: "Challenges", role: "POLICY_ROLE", functions: ["setTerms"] },
  {
    contract: "BudgetVault",
    role: "TREASURY_ROLE",
    functions: ["allowAsset", "closePool", "openProject", "commitProject", "amendProject"],
  },
  {
    contract: "BudgetVault",
    role: "FORKS_ROLE", // the treasury office holds it as well: a function has one role
    functions: ["openPool", "movePool"],
  },
  {
    contract: "BudgetVault",
    role: "BREAKER_ROLE",
    functions: ["tripAsset", "resetAsset", "ruleShortfall", "setLimits"],
  },
  { contract: "HeartbeatOracle", role: "BREAKER_ROLE", functions: ["trip", "reset"] },
  { contract: "CircuitBreaker", role: "GUARDIAN_ROLE", functions: ["trip", "tripOracle"] },
  { contract: "Membership", role: "MEMBERSHIP_ROLE", functions: ["seat", "unseat"] },
  {
    contract: "StrategyForks",
    role: "STRATEGY_ROLE",
    functions: ["openFork"],
  },
  { contract: "StrategyForks", role: "MERGE_ROLE", functions: ["merge"] },
  // Money leaves a pool other than by a plan only within a task: nobody holds this permission for good.
  {
    contract: "BudgetVault",
    role: "GRANT_ROLE",
    functions: ["withdraw"],
    granter: "GRANTER_ROLE",
  },
];

/** Contracts that hold a standing role themselves. */
export const systemHolders: readonly { contract: JournaledContract; role: RoleName }[] = [
  { contract: "Anchors", role: "ANCHORS_ROLE" },
  { contract: "ActionCatalog", role: "CATALOG_ROLE" },
  { contract: "Teams", role: "TEAMS_ROLE" },
  { contract: "Constitution", role: "RATES_ROLE" },
  { contract: "BudgetVault", role: "RATCHET_ROLE" }, // an overturned proof, or a trip, lowers the team's tier
  { contract: "Challenges", role: "RATCHET_ROLE" }, // an upheld challenge lowers the team's tier
  { contract: "CircuitBreaker", role: "BREAKER_ROLE" },
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
  { role: "STRUCTURE_ROLE", parameter: "structureOfficeAddress" },
  { role: "POLICY_ROLE", parameter: "policyOfficeAddress" },
  { role: "VALUATION_ROLE", parameter: "valuationOfficeAddress" },
  { role: "GUARDIAN_ROLE", parameter: "guardianOfficeAddress" },
] as const satisfies readonly { role: RoleName; parameter: string }[];

const abis: Record<JournaledContract, Abi> = {
  Authority: authorityAbi,
  Anchors: anchorsAbi,
  Constitution: constitutionAbi,
  Teams: teamsAbi,
  ActionCatalog: actionCatalogAbi,
  Escalations: escalationsAbi,
  OperatorKeys: operatorKeysAbi,
  HeartbeatOracle: heartbeatOracleAbi,
  ReviewCalendar: reviewCalendarAbi,
  ReportFund: reportFundAbi,
  BudgetVault: budgetVaultAbi,
  Challenges: challengesAbi,
  CircuitBreaker: circuitBreakerAbi,
  Membership: membershipAbi,
  MergeGovernor: mergeGovernorAbi,
  StrategyForks: strategyForksAbi,
};

/** Selectors of a permission's functions. @throws {MandateError} `FunctionUnknown` where the contract has no such function. */
export function selectorsOf({ contract, functions }: Permission): Hex[] {
  return functions.map((name) => {
    const item = abis[contract].find((each): each is AbiFunction => each.type === "function" && each.name === name);
    if (item !== undefined) return toFunctionSelector(item);
    throw new MandateError("FunctionUnknown", `${contract} has no function ${name}`, {
      kind: "defect",
      data: { contract, name },
    });
  });
}

export function roleId(name: RoleName): bigint {
  return roles[name];
}
