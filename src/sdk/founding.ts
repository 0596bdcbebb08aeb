import type { LocalAccount } from "viem";
import { iAnchorsAbi, iAttestorSetsAbi, iBudgetVaultAbi, iHeartbeatOracleAbi, iMembershipAbi } from "../chain/abi.ts";
import type { Hex } from "../core/hex.ts";
import { typedDataOf } from "../core/signing/typed-data.ts";
import { contractCall, type ContractCall } from "./contract-call.ts";
import { addressOf, type Session } from "./session.ts";

export function enrolAnchorCall(session: Session, anchor: Hex, identity: Hex): ContractCall {
  return contractCall(session, "Anchors", iAnchorsAbi, "enrol", [anchor, identity]);
}

/** The anchor's oath, by which it accepts its responsibility; anybody can relay it. */
export async function acceptAnchorCall(
  session: Session,
  anchor: LocalAccount,
  oath: { identity: Hex; nonce: bigint; deadline: number },
): Promise<ContractCall> {
  const place = { chainId: session.client.chain.id, verifyingContract: addressOf(session, "Anchors") };
  const signature = await anchor.signTypedData({
    ...typedDataOf("AnchorOath", place),
    message: { anchor: anchor.address, ...oath },
  });
  return contractCall(session, "Anchors", iAnchorsAbi, "accept", [anchor.address, oath.deadline, signature]);
}

/** Operators in the ascending order that gives them their seats. */
export function scheduleOperatorsCall(
  session: Session,
  set: { operators: readonly Hex[]; fromEpoch: number; anchor: Hex },
): ContractCall {
  const operators = set.operators.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  return contractCall(session, "HeartbeatOracle", iHeartbeatOracleAbi, "scheduleOperatorSet", [
    operators,
    set.fromEpoch,
    set.anchor,
  ]);
}

/** Names the ruleset by which epochs from `fromEpoch` on are measured and scored. */
export function scheduleRulesetCall(
  session: Session,
  { hash, fromEpoch, anchor }: { hash: Hex; fromEpoch: number; anchor: Hex },
): ContractCall {
  return contractCall(session, "HeartbeatOracle", iHeartbeatOracleAbi, "scheduleRuleset", [hash, fromEpoch, anchor]);
}

export function allowAssetCall(session: Session, asset: Hex): ContractCall {
  return contractCall(session, "BudgetVault", iBudgetVaultAbi, "allowAsset", [asset, true]);
}

export function seatCall(session: Session, member: Hex): ContractCall {
  return contractCall(session, "Membership", iMembershipAbi, "seat", [member]);
}

/** A set of ERC-7913 signers, in the order in which they are given; the contract wants it ascending by hash. */
export function createAttestorSetCall(
  session: Session,
  set: { salt: Hex; attestors: readonly Hex[]; threshold: number },
): ContractCall {
  return contractCall(session, "BudgetVault", iAttestorSetsAbi, "createAttestorSet", [
    set.salt,
    [...set.attestors],
    set.threshold,
  ]);
}
