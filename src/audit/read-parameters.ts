import {
  anchorsAbi,
  authorityAbi,
  budgetVaultAbi,
  challengesAbi,
  circuitBreakerAbi,
  constitutionAbi,
  heartbeatOracleAbi,
  mergeGovernorAbi,
  reportFundAbi,
  reviewCalendarAbi,
} from "../chain/abi.ts";
import type { Hex } from "../core/hex.ts";
import { readContractAt } from "./reader/contract-reader.ts";
import type { RpcRequest } from "./reader/rpc.ts";
import type { AuditedKind } from "./replay/audited-event.ts";
import type { CalendarParameters } from "./replay/calendar-replay.ts";
import type { ChallengeParameters } from "./replay/challenge-replay.ts";
import type { FundParameters } from "./replay/fund-replay.ts";
import type { OracleParameters } from "./replay/oracle-replay.ts";
import type { SystemParameters } from "./replay/replay-system.ts";

/** What contracts fix in their code at deployment, which the registry's code hash binds, and therefore no event tells. */
export async function readParameters(
  rpc: RpcRequest,
  blockNumber: bigint,
  authority: Hex,
  kinds: ReadonlyMap<Hex, AuditedKind | "unknown">,
): Promise<SystemParameters> {
  const of = (kind: AuditedKind): Hex[] => [...kinds].filter(([, each]) => each === kind).map(([address]) => address);

  async function oracle(address: Hex): Promise<[Hex, OracleParameters]> {
    const at = { address, abi: heartbeatOracleAbi } as const;
    const [keys, genesis, epochSeconds, deadline, threshold, bounds, staleEpochs, trip] = await Promise.all([
      readContractAt(rpc, blockNumber, { ...at, functionName: "operatorKeys" }),
      readContractAt(rpc, blockNumber, { ...at, functionName: "genesis" }),
      readContractAt(rpc, blockNumber, { ...at, functionName: "epochSeconds" }),
      readContractAt(rpc, blockNumber, { ...at, functionName: "reportDeadlineSeconds" }),
      readContractAt(rpc, blockNumber, { ...at, functionName: "thresholdParameters" }),
      readContractAt(rpc, blockNumber, { ...at, functionName: "sanityBounds" }),
      readContractAt(rpc, blockNumber, { ...at, functionName: "STALE_EPOCHS" }),
      readContractAt(rpc, blockNumber, { ...at, functionName: "TRIP_SECONDS" }),
    ]);
    return [
      address,
      {
        operatorKeys: keys.toLowerCase() as Hex,
        genesis: BigInt(genesis),
        epochSeconds: BigInt(epochSeconds),
        reportDeadlineSeconds: BigInt(deadline),
        initialThreshold: threshold.initial,
        threshold,
        bounds,
        staleEpochs: BigInt(staleEpochs),
        tripSeconds: BigInt(trip),
      },
    ];
  }

  async function calendar(address: Hex): Promise<[Hex, CalendarParameters]> {
    const at = { address, abi: reviewCalendarAbi } as const;
    const [genesis, periodSeconds, beginSeconds] = await Promise.all([
      readContractAt(rpc, blockNumber, { ...at, functionName: "genesis" }),
      readContractAt(rpc, blockNumber, { ...at, functionName: "epochSeconds" }),
      readContractAt(rpc, blockNumber, { ...at, functionName: "reportDeadlineSeconds" }),
    ]);
    return [
      address,
      { genesis: BigInt(genesis), periodSeconds: BigInt(periodSeconds), beginSeconds: BigInt(beginSeconds) },
    ];
  }

  async function fund(address: Hex): Promise<[Hex, FundParameters]> {
    const at = { address, abi: reportFundAbi, functionName: "oracle" } as const;
    return [address, { oracle: (await readContractAt(rpc, blockNumber, at)).toLowerCase() as Hex }];
  }

  async function challenges(address: Hex): Promise<[Hex, ChallengeParameters]> {
    const at = { address, abi: challengesAbi } as const;
    const [named, vault] = await Promise.all([
      readContractAt(rpc, blockNumber, { ...at, functionName: "oracle" }),
      readContractAt(rpc, blockNumber, { ...at, functionName: "vault" }),
    ]);
    return [address, { oracle: named.toLowerCase() as Hex, vault: vault.toLowerCase() as Hex }];
  }

  const delay = { address: authority, abi: authorityAbi, functionName: "minAdminDelay" } as const;
  const [minAdminDelaySeconds, periods, oracles, calendars, funds, challenged, rises, shares, delays, windows] =
    await Promise.all([
      readContractAt(rpc, blockNumber, delay),
      Promise.all(
        of("Anchors").map(async (address) => {
          const period = { address, abi: anchorsAbi, functionName: "periodSeconds" } as const;
          return [address, BigInt(await readContractAt(rpc, blockNumber, period))] as const;
        }),
      ),
      Promise.all(of("HeartbeatOracle").map(oracle)),
      Promise.all(of("ReviewCalendar").map(calendar)),
      Promise.all(of("ReportFund").map(fund)),
      Promise.all(of("Challenges").map(challenges)),
      Promise.all(
        of("BudgetVault").map(async (address) => {
          const maxRise = { address, abi: budgetVaultAbi, functionName: "maxRise" } as const;
          return [address, await readContractAt(rpc, blockNumber, maxRise)] as const;
        }),
      ),
      Promise.all(
        of("MergeGovernor").map(async (address) => {
          const share = { address, abi: mergeGovernorAbi, functionName: "quorumShare" } as const;
          return [address, await readContractAt(rpc, blockNumber, share)] as const;
        }),
      ),
      Promise.all(
        of("Constitution").map(async (address) => {
          const changeDelay = { address, abi: constitutionAbi, functionName: "changeDelay" } as const;
          return [address, BigInt(await readContractAt(rpc, blockNumber, changeDelay))] as const;
        }),
      ),
      Promise.all(
        of("CircuitBreaker").map(async (address) => {
          const window = { address, abi: circuitBreakerAbi, functionName: "reclaimWindow" } as const;
          return [address, BigInt(await readContractAt(rpc, blockNumber, window))] as const;
        }),
      ),
    ]);
  return {
    authority,
    minAdminDelaySeconds,
    anchorPeriodSeconds: new Map(periods),
    oracles: new Map(oracles),
    calendars: new Map(calendars),
    funds: new Map(funds),
    maxRises: new Map(rises),
    challenges: new Map(challenged),
    quorumShares: new Map(shares),
    changeDelaySeconds: new Map(delays),
    reclaimWindowSeconds: new Map(windows),
    kinds,
  };
}
