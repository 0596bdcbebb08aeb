import { authorityAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import type { ContractCall } from "../../sdk/contract-call.ts";
import { dataOf, walletFormats } from "../chain/transaction-file.ts";
import type { Plan, Step } from "./plan.ts";

/** The announcement of a call that its sender can only make after a delay; it can be made as soon as that has passed. */
export function announcementOf(authority: Hex, call: ContractCall): ContractCall {
  return {
    contract: "Authority",
    address: authority,
    abi: authorityAbi,
    functionName: "schedule",
    args: [call.address, dataOf(call), 0],
    value: 0n,
  };
}

interface Part {
  readonly from: Hex;
  readonly description: string;
  readonly calls: readonly ContractCall[];
}

/** A sender's calls: what it can send at once; and what it announces, followed by what it sends when the delay is over. */
function partsOf(authority: Hex, sender: Hex, steps: readonly Step[]): Part[] {
  const now = steps.filter(({ way }) => way.delaySeconds === 0).map(({ way }) => way.call);
  const later = steps.filter(({ way }) => way.delaySeconds > 0);
  const longest = Math.max(0, ...later.map(({ way }) => way.delaySeconds));
  const announced = later.map(({ way }) => announcementOf(authority, way.call));
  const parts: Part[] = [
    { from: sender, description: "at once", calls: now },
    { from: sender, description: "announcements", calls: announced },
    {
      from: sender,
      description: `${longest} seconds after the announcements`,
      calls: later.map(({ way }) => way.call),
    },
  ];
  return parts.filter(({ calls }) => calls.length > 0);
}

/**
 * The batch for those who sign elsewhere: for each sender the calls as EIP-5792 (`wallet_sendCalls`) and as a file of the
 * Safe Transaction Builder. Pure.
 */
export function batchFile(options: {
  readonly plan: Plan;
  readonly account: Hex;
  readonly authority: Hex;
  readonly chainId: number;
  readonly createdAtMs: number;
}): unknown {
  const { plan, account, authority, chainId, createdAtMs } = options;
  const parts = plan.groups.flatMap(({ sender, steps }) => partsOf(authority, sender, steps));
  return {
    kind: "mandate.offboarding/1",
    account,
    chainId,
    parts: parts.map(({ from, description, calls }) => ({
      from,
      description,
      ...walletFormats({ chainId, from, name: `Offboard ${account}`, description, createdAtMs, calls }),
    })),
  };
}
