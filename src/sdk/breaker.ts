import { zeroAddress } from "viem";
import { circuitBreakerAbi, heartbeatOracleAbi, iAnchorsAbi, iBudgetVaultAbi } from "../chain/abi.ts";
import type { Hex } from "../core/hex.ts";
import { contractCall, type ContractCall } from "./contract-call.ts";
import { read } from "./read.ts";
import { addressOf, type Session } from "./session.ts";
import { walletBalance, type Asset } from "./asset.ts";
import { breakerStates, nameIn } from "./contract-enums.ts";

/** What is tripped and reset: an asset of the vault, or the oracle. */
export type Domain = { readonly asset: Asset } | "oracle";

/** An asset's limits and state; amounts in base units, times in seconds. */
export async function assetSafetyOf(session: Session, asset: Asset) {
  const found = await read(session, "BudgetVault", iBudgetVaultAbi, "assetSafety", [asset.address]);
  return { ...found, state: nameIn(breakerStates, found.state) };
}

/** The oracle's last report, and until when people manage what rests on its reports. */
export async function oracleSafetyOf(session: Session) {
  const [report, acceptedAt, managedUntil] = await read(session, "HeartbeatOracle", heartbeatOracleAbi, "latest", []);
  const trippedUntil = await read(session, "HeartbeatOracle", heartbeatOracleAbi, "trippedUntil", []);
  return { report, acceptedAt, managedUntil, trippedUntil };
}

const breakerCall = (session: Session) => ({ session, contract: "CircuitBreaker", abi: circuitBreakerAbi }) as const;

export function tripCall(session: Session, domain: Domain, reason: Hex): ContractCall {
  const { contract, abi } = breakerCall(session);
  return domain === "oracle"
    ? contractCall(session, contract, abi, "tripOracle", [addressOf(session, "HeartbeatOracle"), reason])
    : contractCall(session, contract, abi, "trip", [domain.asset.address, reason]);
}

export function resetCall(session: Session, domain: Domain): ContractCall {
  const { contract, abi } = breakerCall(session);
  return domain === "oracle"
    ? contractCall(session, contract, abi, "resetOracle", [addressOf(session, "HeartbeatOracle")])
    : contractCall(session, contract, abi, "reset", [domain.asset.address]);
}

/** What a quorum of anchors has to approve before the reset, and whether it has. */
export async function resetOperationOf(session: Session, domain: Domain) {
  const operation =
    domain === "oracle"
      ? await read(session, "CircuitBreaker", circuitBreakerAbi, "resetOracleOperation", [
          addressOf(session, "HeartbeatOracle"),
        ])
      : await read(session, "CircuitBreaker", circuitBreakerAbi, "resetOperation", [domain.asset.address]);
  return { operation, ...(await approvalOf(session, operation)) };
}

export function showShortfallCall(session: Session, asset: Asset): ContractCall {
  return contractCall(session, "CircuitBreaker", circuitBreakerAbi, "showShortfall", [asset.address]);
}

export function ruleShortfallCall(session: Session, asset: Asset, share: bigint): ContractCall {
  return contractCall(session, "CircuitBreaker", circuitBreakerAbi, "ruleShortfall", [asset.address, share]);
}

/** What a quorum of anchors has to approve before the ruling, and whether it has; what there is, and what is owed, in base units. */
export async function rulingOperationOf(session: Session, asset: Asset, share: bigint) {
  const operation = await read(session, "CircuitBreaker", circuitBreakerAbi, "rulingOperation", [asset.address, share]);
  const [standing, shortfall] = await Promise.all([approvalOf(session, operation), shortfallOf(session, asset)]);
  return { operation, ...standing, ...shortfall };
}

/**
 * What the vault has of an asset and what it owes, in base units; what anchors ruled last, and in which trip the payee took its share
 * of that.
 */
export async function shortfallOf(session: Session, asset: Asset, payee: Hex = zeroAddress) {
  const [credited, balance, [ruling, takenIn]] = await Promise.all([
    read(session, "BudgetVault", iBudgetVaultAbi, "credited", [asset.address]),
    walletBalance(session, addressOf(session, "BudgetVault"), asset),
    read(session, "BudgetVault", iBudgetVaultAbi, "ruling", [asset.address, payee]),
  ]);
  return { credited, balance, ruling, takenIn };
}

async function approvalOf(session: Session, operation: Hex) {
  const [approved, quorum] = await Promise.all([
    read(session, "Anchors", iAnchorsAbi, "isApproved", [operation]),
    read(session, "Anchors", iAnchorsAbi, "quorum", []),
  ]);
  return { approved, quorum };
}

export function refreshLimitsCall(session: Session): ContractCall {
  return contractCall(session, "CircuitBreaker", circuitBreakerAbi, "refreshLimits", []);
}
