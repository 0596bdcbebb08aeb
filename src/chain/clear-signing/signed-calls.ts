import type { Abi } from "viem";
import {
  actionCatalogAbi,
  anchorsAbi,
  authorityAbi,
  challengesAbi,
  circuitBreakerAbi,
  constitutionAbi,
  escalationsAbi,
  heartbeatOracleAbi,
  iBudgetVaultAbi,
  journaledAccessManagedAbi,
  membershipAbi,
  mergeGovernorAbi,
  operatorKeysAbi,
  reportFundAbi,
  reviewCalendarAbi,
  strategyForksAbi,
  teamsAbi,
} from "../../../generated/abi/index.ts";
import { anchors, challenges, escalations } from "./calls/accountability.ts";
import { authority } from "./calls/authority.ts";
import { budgetVault } from "./calls/budget-vault.ts";
import { actionCatalog, constitution, teams } from "./calls/policy.ts";
import { circuitBreaker } from "./calls/safety.ts";
import {
  heartbeatOracle,
  membership,
  mergeGovernor,
  reportFund,
  reviewCalendar,
  strategyForks,
} from "./calls/strategy.ts";
import type { CallDescriptions } from "./description.ts";

/** A contract that people call, what its calls say, and why the others need no words. */
export interface SignedContract {
  readonly abi: Abi;
  readonly calls: CallDescriptions;
  /** Functions that no person signs, each with the reason. */
  readonly unsigned: Readonly<Record<string, string>>;
}

const setAuthority = "the contract's authority calls it, by Authority.updateAuthority, which is described";
const toAuthority = { setAuthority };

/** Every person-facing contract. A test fails while one of its functions that change state is in neither list. */
export const signedContracts = {
  // Its interface names the arguments also of what the office runs.
  BudgetVault: {
    abi: [...iBudgetVaultAbi, ...journaledAccessManagedAbi],
    calls: budgetVault,
    unsigned: {
      ...toAuthority,
      tripAsset: "CircuitBreaker calls it when a guardian trips an asset, or a shortfall is shown",
      resetAsset: "CircuitBreaker calls it when anchors approved a reset",
      ruleShortfall: "CircuitBreaker calls it when anchors ruled what of each claim is paid while money is missing",
      setLimits: "CircuitBreaker calls it with the constitution's limits",
    },
  },
  CircuitBreaker: { abi: circuitBreakerAbi, calls: circuitBreaker, unsigned: toAuthority },
  Authority: {
    abi: authorityAbi,
    calls: authority,
    unsigned: {
      consumeScheduledOp: "the target calls it in the middle of a guarded call",
      multicall: "a list of calls without a name for each contract; a wallet signs the calls one by one or as a batch",
      setAnchorLiveness: "Anchors calls it when an anchor's state changes",
      setCapability: "ActionCatalog calls it with a capability it defines",
      setRate: "Constitution calls it with a rate it sets",
      setTeamLimits: "Teams calls it when a team's limits change",
    },
  },
  Anchors: { abi: anchorsAbi, calls: anchors, unsigned: toAuthority },
  Constitution: { abi: constitutionAbi, calls: constitution, unsigned: toAuthority },
  Teams: {
    abi: teamsAbi,
    calls: teams,
    unsigned: {
      ...toAuthority,
      lowerTierAt: "contracts call it when a trigger fires at a place",
      refresh: "anybody relays it: it writes again what is already decided",
      refreshAll: "Constitution calls it when a parameter of cones changes",
    },
  },
  ActionCatalog: { abi: actionCatalogAbi, calls: actionCatalog, unsigned: toAuthority },
  Escalations: {
    abi: escalationsAbi,
    calls: escalations,
    unsigned: { ...toAuthority, consume: "Authority calls it when an approved call passes" },
  },
  Challenges: { abi: challengesAbi, calls: challenges, unsigned: toAuthority },
  StrategyForks: { abi: strategyForksAbi, calls: strategyForks, unsigned: toAuthority },
  MergeGovernor: {
    abi: mergeGovernorAbi,
    calls: mergeGovernor,
    unsigned: { relay: "the governor's own executor calls it, as part of what a vote decided" },
  },
  Membership: { abi: membershipAbi, calls: membership, unsigned: toAuthority },
  ReviewCalendar: { abi: reviewCalendarAbi, calls: reviewCalendar, unsigned: toAuthority },
  ReportFund: {
    abi: reportFundAbi,
    calls: reportFund,
    unsigned: {
      ...toAuthority,
      submit: "an operator's service sends it; the signatures in it decide",
      submitAggregate: "an operator's service sends it; the signature in it decides",
    },
  },
  OperatorKeys: {
    abi: operatorKeysAbi,
    calls: {},
    unsigned: {
      ...toAuthority,
      register: "an operator's service sends it; the signatures in it decide",
      delegate: "anybody relays it; the signatures in it decide",
    },
  },
  HeartbeatOracle: {
    abi: heartbeatOracleAbi,
    calls: heartbeatOracle,
    unsigned: {
      ...toAuthority,
      submit: "an operator's service sends it; the signatures in it decide",
      submitAggregate: "an operator's service sends it; the signature in it decides",
      suspend: "anybody relays it; the two reports in it decide",
      rotate: "anybody relays it; what the operator signed for its delegate and key decides",
      trip: "CircuitBreaker calls it when a guardian trips the oracle",
      reset: "CircuitBreaker calls it when anchors approved a reset",
    },
  },
} as const satisfies Record<string, SignedContract>;

export type SignedContractName = keyof typeof signedContracts;
