/** What governance does in a story: the timelock announces a call to the authority, and makes it after the delay of both. */
import { encodeFunctionData, zeroHash, type Hex } from "viem";
import { authorityAbi } from "../../src/chain/abi.ts";
import type { SystemOnAnvil } from "./system-on-anvil.ts";

async function act(system: SystemOnAnvil, call: Hex): Promise<void> {
  const timelock = system.address("TimelockController");
  const delaySeconds = Number(await system.read("Authority", "minAdminDelay"));
  const given = [system.address("Authority"), 0n, call, zeroHash, zeroHash];
  const types = "address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt";
  await system.call("governor", timelock, `function schedule(${types}, uint256 delay)`, [...given, delaySeconds]);
  await system.travelTo((await system.now()) + delaySeconds + 1);
  await system.call("governor", timelock, `function execute(${types})`, given);
}

/** Has governance call `target` with `data`. */
export async function governedCall(system: SystemOnAnvil, target: Hex, data: Hex): Promise<void> {
  await act(system, encodeFunctionData({ abi: authorityAbi, functionName: "schedule", args: [target, data, 0] }));
  await act(system, encodeFunctionData({ abi: authorityAbi, functionName: "execute", args: [target, data] }));
}
