import { toFunctionSelector, type AbiFunction } from "viem";
import { iAuthorityAbi } from "../../chain/abi.ts";
import { roleNameOf } from "../../chain/roles.ts";
import type { Hex } from "../../core/hex.ts";
import type { ContractCall } from "../../sdk/contract-call.ts";
import type { Way } from "./holding.ts";
import type { SystemView } from "./system-view.ts";

/** The one way of an account that acts by its own right, at once. */
export function own(sender: Hex, right: string, call: ContractCall): Way {
  return { sender: sender.toLowerCase() as Hex, right, call, delaySeconds: 0 };
}

export function selectorOf(call: ContractCall): Hex {
  const item = call.abi.find(
    (each): each is AbiFunction => each.type === "function" && each.name === call.functionName,
  );
  if (item === undefined) throw new TypeError(`no function ${call.functionName}`);
  return toFunctionSelector(item);
}

/** Ways of a role's members. */
async function byRole(view: SystemView, role: bigint, call: ContractCall): Promise<Way[]> {
  const members = await view.membersOf(role);
  return members.map(({ account, delaySeconds }) => ({
    sender: account,
    right: `by ${roleNameOf(role)}`,
    call,
    delaySeconds,
  }));
}

/** Ways to make a restricted call: of the members of the role that its function has. */
export async function restricted(view: SystemView, call: ContractCall): Promise<Way[]> {
  const target = [call.address, selectorOf(call)] as const;
  return byRole(view, await view.read(view.authority, iAuthorityAbi, "getTargetFunctionRole", target), call);
}

/** Ways to take a role away: of the members of its admin role. */
export async function byAdminOf(view: SystemView, role: bigint, call: ContractCall): Promise<Way[]> {
  return byRole(view, await view.read(view.authority, iAuthorityAbi, "getRoleAdmin", [role]), call);
}
