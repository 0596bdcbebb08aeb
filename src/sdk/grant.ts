import { encodeFunctionData } from "viem";
import { authorityAbi, iAuthorityAbi } from "../chain/abi.ts";
import type { Hex } from "../core/hex.ts";
import { contractCall, type ContractCall } from "./contract-call.ts";
import type { Session } from "./session.ts";
import { endGrantCall, type Action, type GrantTerms, type HeldGrant } from "./task.ts";

/** Ends grants in one transaction: all of them end, or none. */
export function endGrantsCall(session: Session, grants: readonly HeldGrant[]): ContractCall {
  const [only] = grants;
  if (only !== undefined && grants.length === 1) return endGrantCall(session, only);
  const calls = grants.map(({ grantee, target, selector }) => {
    return encodeFunctionData({ abi: iAuthorityAbi, functionName: "endGrant", args: [grantee, target, selector] });
  });
  return contractCall(session, "Authority", authorityAbi, "multicall", [calls]);
}

/** Gives a grant for each action of a capability, all or none; uses and cap are each action's own. */
export function grantCapabilityCall(
  session: Session,
  capability: Hex,
  actions: readonly Action[],
  terms: Omit<GrantTerms, "target" | "selector">,
): ContractCall {
  return contractCall(session, "Authority", iAuthorityAbi, "grantCapability", [capability, actions, terms]);
}
