import { parseAbi } from "viem";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import { finding, type Finding } from "../finding.ts";
import { readContractAt } from "../reader/contract-reader.ts";
import { inParallel } from "../reader/in-parallel.ts";
import type { RpcRequest } from "../reader/rpc.ts";
import { checkSafetyState } from "./check-safety-state.ts";
import { accountName, type Account } from "./ledger.ts";
import { pendingOf } from "./project-replay.ts";
import type { VaultReplay } from "./vault-replay.ts";

/** How the chain's own coin is named among assets. */
const COIN: Hex = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";

const erc20 = parseAbi(["function balanceOf(address account) view returns (uint256)"]);

export interface VaultStateInput {
  readonly rpc: RpcRequest;
  readonly vault: Hex;
  readonly block: { readonly number: bigint; readonly timestamp: bigint };
  /** The vault's coin, proved against the state root; wei. */
  readonly coinBalance: bigint;
  readonly replay: VaultReplay;
}

/** Accounts that the vault keeps as a number of its own, each with an asset. */
function storedAccounts({ postings }: VaultReplay): { account: Account; asset: Hex }[] {
  const found = new Map<string, { account: Account; asset: Hex }>();
  for (const { from, to, asset } of postings) {
    for (const account of [from, to]) {
      if (account.in === "pool" || account.in === "claimable") {
        found.set(`${accountName(account)} ${asset}`, { account, asset });
      }
    }
  }
  return [...found.values()];
}

/** Compares what the vault stores and holds with what its events, replayed, say that it must. */
export async function checkVaultState(input: VaultStateInput): Promise<readonly Finding[]> {
  const { rpc, vault, replay } = input;
  const blockNumber = input.block.number;
  const place = { address: vault, blockNumber };
  const at = { address: vault, abi: iBudgetVaultAbi } as const;

  const parts = await inParallel(storedAccounts(replay), async ({ account, asset }) => {
    const expected = replay.ledger.balance(account, asset);
    const actual =
      account.in === "pool"
        ? await readContractAt(rpc, blockNumber, { ...at, functionName: "poolBalance", args: [account.pool, asset] })
        : account.in === "claimable"
          ? await readContractAt(rpc, blockNumber, { ...at, functionName: "claimable", args: [account.payee, asset] })
          : expected;
    const name = `${accountName(account)} of ${asset}`;
    return actual === expected ? [] : [finding("treasury-conservation", place, `${expected} in ${name}`, actual)];
  });

  const assets = await inParallel(replay.ledger.assets(), async (asset) => {
    const { credited, pools, committed, proved, claimable } = replay.ledger.holdings(asset);
    const stored = await readContractAt(rpc, blockNumber, { ...at, functionName: "credited", args: [asset] });
    const balance =
      asset === COIN
        ? input.coinBalance
        : await readContractAt(rpc, blockNumber, {
            address: asset,
            abi: erc20,
            functionName: "balanceOf",
            args: [vault],
          });
    const sum = pools + committed + proved + claimable;
    return [
      ...(stored === credited ? [] : [finding("treasury-credited", place, `${credited} of ${asset}`, stored)]),
      ...(sum === credited ? [] : [finding("treasury-conservation", place, `${credited} of ${asset}`, sum)]),
      ...(balance >= stored ? [] : [finding("treasury-solvency", place, `at least ${stored} of ${asset}`, balance)]),
    ];
  });
  // A milestone that the vault settled with less, or that it pays again, shows in what it keeps committed.
  const projects = await inParallel(replay.projects(), async (project) => {
    const isActivated = project.status !== "proposed";
    const expected = isActivated ? pendingOf(project) : 0n;
    const open = isActivated
      ? project.milestones.filter(({ status }) => status === "pending" || status === "proved")
      : [];
    const stored = await readContractAt(rpc, blockNumber, { ...at, functionName: "getProject", args: [project.id] });
    const told = (committed: bigint, unsettled: number): string => `${committed} committed, ${unsettled} unsettled`;
    const [left, right] = [told(expected, open.length), told(stored.committed, stored.unsettled)];
    return left === right ? [] : [finding("treasury-milestone-status", place, `${left} in ${project.id}`, right)];
  });
  return [...parts, ...assets, ...projects, await checkSafetyState(input)].flat();
}
