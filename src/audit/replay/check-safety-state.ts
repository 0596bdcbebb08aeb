import { zeroAddress } from "viem";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import { breakerStateAt, limitsAt } from "../../org/safety/asset-safety.ts";
import { finding, type Finding } from "../finding.ts";
import { readContractAt } from "../reader/contract-reader.ts";
import { inParallel } from "../reader/in-parallel.ts";
import type { RpcRequest } from "../reader/rpc.ts";
import type { VaultReplay } from "./vault-replay.ts";

/** As `IBudgetLedger.BreakerState` counts them. */
const states = ["closed", "tripped", "half-open"] as const;

/** Compares the limits, trips and windows that the vault keeps with what its events, replayed, say that they must be. */
export async function checkSafetyState(input: {
  readonly rpc: RpcRequest;
  readonly vault: Hex;
  readonly block: { readonly number: bigint; readonly timestamp: bigint };
  readonly replay: VaultReplay;
}): Promise<readonly Finding[]> {
  const { rpc, vault, block, replay } = input;
  const { ledger, safety, shortfalls } = replay;
  const now = block.timestamp;
  const place = { address: vault, blockNumber: block.number };
  const at = { address: vault, abi: iBudgetVaultAbi } as const;
  const limits = safety.limits();

  function compare(of: string, pairs: Readonly<Record<string, readonly [expected: unknown, actual: unknown]>>) {
    return Object.entries(pairs).flatMap(([name, [expected, actual]]) =>
      String(expected) === String(actual)
        ? []
        : [finding("safety-state", place, `${name} ${String(expected)} of ${of}`, actual)],
    );
  }

  const kept = await readContractAt(rpc, block.number, { ...at, functionName: "limits" });
  const ofLimits = compare("the limits", {
    outflowShare: [limits.outflowShare, kept.outflowShare],
    reclaimShare: [limits.reclaimShare, kept.reclaimShare],
    reclaimWindow: [limits.reclaimWindow, kept.reclaimWindow],
    tripSeconds: [limits.tripSeconds, kept.tripSeconds],
    enclaveShare: [limits.enclaveShare, kept.enclaveShare],
  });
  const assets = [...new Set([...ledger.assets(), ...safety.assets()])];
  const ofAssets = await inParallel(assets, async (asset) => {
    const stored = await readContractAt(rpc, block.number, { ...at, functionName: "assetSafety", args: [asset] });
    const [ruling] = await readContractAt(rpc, block.number, {
      ...at,
      functionName: "ruling",
      args: [asset, zeroAddress],
    });
    const own = safety.safetyOf(asset);
    const ruled = shortfalls.rulingOf(asset);
    const holdings = ledger.holdings(asset);
    const committed = holdings.committed + holdings.proved;
    const state = breakerStateAt(own, now);
    // Books that do not add up are another rule's to find.
    const { outflowLimit, reclaimRemaining } = limitsAt(own, limits, {
      credited: holdings.credited > 0n ? holdings.credited : 0n,
      committed: committed > 0n ? committed : 0n,
      now,
    });
    return compare(asset, {
      state: [state, states[stored.state]],
      until: [state === "tripped" ? own.since : 0n, stored.until],
      trips: [own.trips, stored.trips],
      resetAt: [own.resetAt, stored.resetAt],
      committed: [committed, stored.committed],
      outflowLimit: [outflowLimit, stored.outflowLimit],
      outflowEmptyAtMs: [own.emptyAtMs, stored.outflowEmptyAtMs],
      reclaimRemaining: [reclaimRemaining, stored.reclaimRemaining],
      ruledShare: [ruled.share, ruling.share],
      ruledTrip: [ruled.trip, ruling.trip],
      ruledLeft: [ruled.left, ruling.left],
    });
  });
  return [...ofLimits, ...ofAssets.flat()];
}
