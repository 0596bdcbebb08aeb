import {
  anchorsAbi,
  authorityAbi,
  budgetVaultAbi,
  challengesAbi,
  circuitBreakerAbi,
  enclavesAbi,
  heartbeatOracleAbi,
  journaledAccessManagedAbi,
  mergeGovernorAbi,
  reportFundAbi,
  reviewCalendarAbi,
  strategyForksAbi,
} from "../../src/chain/abi.ts";
import { parameterOf, type System } from "./system.ts";

/** Contracts that ask the authority before a restricted function. */
const managed = [
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
  "StrategyForks",
] as const;

/** Every contract is there, obeys the authority, and knows the right neighbours. */
export async function checkWiring({ client, deployment: { contracts }, comparison }: System): Promise<void> {
  for (const [name, address] of Object.entries(contracts)) {
    if (address === undefined) continue; // the test token, which only local chains have
    const code = await client.getCode({ address });
    comparison.expect(`${name} has code`, code !== undefined, true);
  }
  for (const name of managed) {
    const authority = await client.readContract({
      address: contracts[name],
      abi: journaledAccessManagedAbi,
      functionName: "authority",
    });
    comparison.expect(`${name}.authority`, authority, contracts.Authority);
  }
  const escalations = await client.readContract({
    address: contracts.Authority,
    abi: authorityAbi,
    functionName: "escalations",
  });
  comparison.expect("Authority.escalations", escalations, contracts.Escalations);
  const vault = await client.readContract({
    address: contracts.StrategyForks,
    abi: strategyForksAbi,
    functionName: "vault",
  });
  comparison.expect("StrategyForks.vault", vault, contracts.BudgetVault);
  for (const [name, meant] of [
    ["office", contracts.BudgetOffice],
    ["paymentOffice", contracts.PaymentOffice],
  ] as const) {
    const found = await client.readContract({
      address: contracts.BudgetVault,
      abi: budgetVaultAbi,
      functionName: name,
    });
    comparison.expect(`BudgetVault.${name}`, found, meant);
  }
  const operatorKeys = await client.readContract({
    address: contracts.HeartbeatOracle,
    abi: heartbeatOracleAbi,
    functionName: "operatorKeys",
  });
  comparison.expect("HeartbeatOracle.operatorKeys", operatorKeys, contracts.OperatorKeys);
  const refunded = await client.readContract({
    address: contracts.ReportFund,
    abi: reportFundAbi,
    functionName: "oracle",
  });
  comparison.expect("ReportFund.oracle", refunded, contracts.HeartbeatOracle);
  for (const [name, meant] of [
    ["oracle", contracts.HeartbeatOracle],
    ["vault", contracts.BudgetVault],
    ["teams", contracts.Teams],
    ["anchors", contracts.Anchors],
    ["constitution", contracts.Constitution],
  ] as const) {
    const found = await client.readContract({
      address: contracts.Challenges,
      abi: challengesAbi,
      functionName: name,
    });
    comparison.expect(`Challenges.${name}`, found, meant);
  }
  const calendar = await client.readContract({
    address: contracts.BudgetOffice,
    abi: enclavesAbi,
    functionName: "calendar",
  });
  comparison.expect("BudgetOffice.calendar", calendar, contracts.ReviewCalendar);
  for (const [name, meant] of [
    ["vault", contracts.BudgetVault],
    ["anchors", contracts.Anchors],
    ["constitution", contracts.Constitution],
  ] as const) {
    const found = await client.readContract({
      address: contracts.CircuitBreaker,
      abi: circuitBreakerAbi,
      functionName: name,
    });
    comparison.expect(`CircuitBreaker.${name}`, found, meant);
  }
  const governor = { address: contracts.MergeGovernor, abi: mergeGovernorAbi } as const;
  comparison.expect(
    "MergeGovernor.forks",
    await client.readContract({ ...governor, functionName: "forks" }),
    contracts.StrategyForks,
  );
  const membership = await client.readContract({ ...governor, functionName: "membership" });
  comparison.expect("MergeGovernor.membership", membership, contracts.Membership);
}

/** Every parameter that a constructor took has the value of the parameter file. */
export async function checkParameters(system: System): Promise<void> {
  const { client, comparison } = system;
  const { contracts } = system.deployment;
  const oracle = { address: contracts.HeartbeatOracle, abi: heartbeatOracleAbi } as const;
  const calendar = { address: contracts.ReviewCalendar, abi: reviewCalendarAbi } as const;
  const governor = { address: contracts.MergeGovernor, abi: mergeGovernorAbi } as const;
  const threshold = await client.readContract({ ...oracle, functionName: "thresholdParameters" });
  const bounds = await client.readContract({ ...oracle, functionName: "sanityBounds" });
  const limits = await client.readContract({
    address: contracts.BudgetVault,
    abi: budgetVaultAbi,
    functionName: "limits",
  });
  const anchors = { address: contracts.Anchors, abi: anchorsAbi } as const;
  const authority = { address: contracts.Authority, abi: authorityAbi } as const;
  const read: readonly [module: string, parameter: string, subject: string, actual: unknown][] = [
    [
      "Authority",
      "minAdminDelaySeconds",
      "Authority.minAdminDelay",
      await client.readContract({ ...authority, functionName: "minAdminDelay" }),
    ],
    [
      "Accountability",
      "anchorPeriodSeconds",
      "Anchors.periodSeconds",
      await client.readContract({ ...anchors, functionName: "periodSeconds" }),
    ],
    [
      "Oracle",
      "genesisUnixSeconds",
      "HeartbeatOracle.genesis",
      await client.readContract({ ...oracle, functionName: "genesis" }),
    ],
    [
      "Oracle",
      "epochSeconds",
      "HeartbeatOracle.epochSeconds",
      await client.readContract({ ...oracle, functionName: "epochSeconds" }),
    ],
    [
      "Oracle",
      "reportDeadlineSeconds",
      "HeartbeatOracle.reportDeadlineSeconds",
      await client.readContract({ ...oracle, functionName: "reportDeadlineSeconds" }),
    ],
    ["Oracle", "initialThresholdE18", "HeartbeatOracle τ initial", threshold.initial],
    ["Oracle", "minimumThresholdE18", "HeartbeatOracle τ minimum", threshold.minimum],
    ["Oracle", "maximumThresholdE18", "HeartbeatOracle τ maximum", threshold.maximum],
    ["Oracle", "thresholdStepE18", "HeartbeatOracle τ step", threshold.step],
    ["Oracle", "thresholdGainE18", "HeartbeatOracle τ gain", threshold.gain],
    ["Oracle", "targetSurvivalE18", "HeartbeatOracle target survival", threshold.targetSurvival],
    ["Oracle", "softStepE18", "HeartbeatOracle soft step of τ", bounds.softStep],
    ["Oracle", "lostShareE18", "HeartbeatOracle share of lost leaves", bounds.lostShare],
    ["Oracle", "lostLeaves", "HeartbeatOracle number of lost leaves", bounds.lostLeaves],
    [
      "Treasury",
      "maxRiseE18",
      "BudgetVault.maxRise",
      await client.readContract({ address: contracts.BudgetVault, abi: budgetVaultAbi, functionName: "maxRise" }),
    ],
    [
      "Oracle",
      "genesisUnixSeconds",
      "ReviewCalendar.genesis",
      await client.readContract({ ...calendar, functionName: "genesis" }),
    ],
    [
      "Oracle",
      "reviewPeriodSeconds",
      "ReviewCalendar.epochSeconds",
      await client.readContract({ ...calendar, functionName: "epochSeconds" }),
    ],
    [
      "Oracle",
      "reviewBeginSeconds",
      "ReviewCalendar.reportDeadlineSeconds",
      await client.readContract({ ...calendar, functionName: "reportDeadlineSeconds" }),
    ],
    ["Wiring", "enclavePoolShareE18", "BudgetVault enclave share", limits.enclaveShare],
    ["Wiring", "breakerOutflowShareE18", "BudgetVault outflow share", limits.outflowShare],
    ["Wiring", "breakerReclaimShareE18", "BudgetVault reclaim share", limits.reclaimShare],
    ["Wiring", "breakerTripSeconds", "BudgetVault trip seconds", limits.tripSeconds],
    ["Oracle", "epochSeconds", "BudgetVault reclaim window", limits.reclaimWindow],
    [
      "Strategy",
      "votingDelaySeconds",
      "MergeGovernor.votingDelay",
      await client.readContract({ ...governor, functionName: "votingDelay" }),
    ],
    [
      "Strategy",
      "votingPeriodSeconds",
      "MergeGovernor.votingPeriod",
      await client.readContract({ ...governor, functionName: "votingPeriod" }),
    ],
    [
      "Strategy",
      "executionPeriodSeconds",
      "MergeGovernor.executionPeriodSeconds",
      await client.readContract({ ...governor, functionName: "executionPeriodSeconds" }),
    ],
    [
      "Strategy",
      "quorumShareE18",
      "MergeGovernor.quorumShare",
      await client.readContract({ ...governor, functionName: "quorumShare" }),
    ],
  ];
  for (const [module, parameter, subject, actual] of read)
    comparison.expect(subject, actual, parameterOf(system, module, parameter));
}
