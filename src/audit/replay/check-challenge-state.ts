import { challengesAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import { finding, type Finding } from "../finding.ts";
import { readContractAt } from "../reader/contract-reader.ts";
import { inParallel } from "../reader/in-parallel.ts";
import type { RpcRequest } from "../reader/rpc.ts";
import type { ChallengeReplay } from "./challenge-replay.ts";

export interface ChallengeStateInput {
  readonly rpc: RpcRequest;
  readonly contract: Hex;
  readonly blockNumber: bigint;
  /** The contract's coin, proved against the state root; wei. */
  readonly coinBalance: bigint;
  readonly replay: ChallengeReplay;
}

/** Compares the books of challenges, and the coin behind them, with what the events add up to. */
export async function checkChallengeState(input: ChallengeStateInput): Promise<readonly Finding[]> {
  const { rpc, contract, blockNumber, coinBalance, replay } = input;
  const rule = "challenge-conservation";
  const place = { address: contract, blockNumber };
  const at = { address: contract, abi: challengesAbi } as const;
  const meant = replay.books();
  const [bonds, claims, pot, reserved] = await readContractAt(rpc, blockNumber, { ...at, functionName: "books" });
  const owed = bonds + claims + pot;
  const differing = [
    ["bonds", meant.bonds, bonds],
    ["claims", meant.claims, claims],
    ["pot", meant.pot, pot],
    ["reserved", meant.reserved, reserved],
  ] as const;
  const accounts = await inParallel([...replay.claims], async ([account, expected]) => {
    const stored = await readContractAt(rpc, blockNumber, { ...at, functionName: "claimable", args: [account] });
    return stored === expected ? [] : [finding(rule, place, `${expected} claimable by ${account}`, stored)];
  });
  return [
    ...differing.flatMap(([name, expected, stored]) =>
      expected === stored ? [] : [finding(rule, place, `${expected} of ${name}`, stored)],
    ),
    ...(coinBalance >= owed ? [] : [finding(rule, place, `a balance of ${owed} or more`, coinBalance)]),
    ...accounts.flat(),
  ];
}
