import { iHeartbeatOracleAbi } from "../../chain/abi.ts";
import type { ChainClient } from "../../chain/client.ts";
import type { Hex } from "../../core/hex.ts";
import { checksummed } from "./spelling.ts";

/** When an oracle's epochs begin; for life. */
export interface OracleClock {
  /** Second in which epoch 1 begins. */
  readonly genesis: number;
  readonly epochSeconds: number;
}

/** The epoch that runs at a second; 0 before the first. The contract's twin. */
export function epochAt({ genesis, epochSeconds }: OracleClock, seconds: number): number {
  return seconds < genesis ? 0 : Math.floor((seconds - genesis) / epochSeconds) + 1;
}

/** Clocks of oracles, which no event tells: asked once of each, and remembered. */
export class OracleClocks {
  private readonly client: ChainClient;
  private readonly known = new Map<Hex, OracleClock>();

  constructor(client: ChainClient) {
    this.client = client;
  }

  /** @throws what the node answered, where it cannot be asked. */
  async of(oracle: Hex): Promise<OracleClock> {
    const known = this.known.get(oracle);
    if (known !== undefined) return known;
    const at = { address: checksummed(oracle), abi: iHeartbeatOracleAbi } as const;
    const [genesis, epochSeconds] = await Promise.all([
      this.client.readContract({ ...at, functionName: "genesis" }),
      this.client.readContract({ ...at, functionName: "epochSeconds" }),
    ]);
    const clock = { genesis: Number(genesis), epochSeconds: Number(epochSeconds) };
    this.known.set(oracle, clock);
    return clock;
  }
}
