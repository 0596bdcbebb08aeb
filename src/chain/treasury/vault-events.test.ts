import { encodeAbiParameters, encodeEventTopics, type Log } from "viem";
import { describe, expect, it } from "vitest";
import { iBudgetVaultAbi } from "../abi.ts";
import type { Hex } from "../../core/hex.ts";
import { vaultEventsIn } from "./vault-events.ts";

const vault: Hex = "0x0165878A594ca255338adfa4d48449f69242Eb8F";
const payee: Hex = "0x00000000000000000000000000000000000000aa";
const word = (digit: number): Hex => `0x${String(digit).repeat(64)}`;

/** What a vault writes, or a payee that wants to look like one. */
function claimCreditedBy(address: Hex): Log {
  const args = { project: word(1), milestone: 0, payee } as const;
  const types = [{ type: "address" }, { type: "uint256" }, { type: "bytes32" }, { type: "address" }] as const;
  return {
    ...{ address, blockHash: word(2), blockNumber: 1n, logIndex: 0, removed: false, transactionHash: word(3) },
    ...{ transactionIndex: 0, data: encodeAbiParameters(types, [payee, 5n, word(4), payee]) },
    topics: encodeEventTopics({ abi: iBudgetVaultAbi, eventName: "ClaimCredited", args }) as Log["topics"],
  };
}

describe("vaultEventsIn", () => {
  it("gives what the vault wrote, however its address is spelled, and nothing that only looks like it", () => {
    const logs = [claimCreditedBy(payee), claimCreditedBy(vault.toLowerCase() as Hex)];
    const events = vaultEventsIn(logs, vault);
    expect(events.map(({ eventName, address }) => [eventName, address])).toEqual([
      ["ClaimCredited", vault.toLowerCase()],
    ]);
    expect(vaultEventsIn([claimCreditedBy(payee)], vault)).toEqual([]);
  });
});
