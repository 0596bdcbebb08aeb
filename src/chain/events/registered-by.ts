import { toEventSelector } from "viem";
import type { Hex } from "../../core/hex.ts";
import type { RawLog } from "../follow/block.ts";

const contractRegistered = toEventSelector("ContractRegistered(address,bytes32,bytes32,bytes32,address)");

/** The contract that a log of the authority registers. Only the authority is believed: anybody can log this topic. Pure. */
export function registeredBy(authority: Hex): (log: RawLog) => Hex | undefined {
  return (log) => {
    const account = log.topics[1];
    if (log.address !== authority || log.topics[0] !== contractRegistered || account === undefined) return undefined;
    return `0x${account.slice(26)}`;
  };
}
