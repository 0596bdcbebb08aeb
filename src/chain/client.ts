import { createPublicClient, defineChain, http, type Chain, type PublicClient, type Transport } from "viem";
import { MandateError } from "../core/errors/mandate-error.ts";
import { typedCauseOf } from "../core/errors/typed-cause.ts";

/** An EVM chain known by its id and endpoints alone. */
export function chainOf(chainId: number, ...rpcUrls: readonly string[]): Chain {
  return defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: "Coin", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: rpcUrls } },
  });
}

export type ChainClient = PublicClient<Transport, Chain>;

/** A reading client. Nothing is sent until a method is called; see {@link assertChainId}. */
export function createChainClient(options: {
  chainId: number;
  rpcUrl: string;
  timeoutMs?: number;
  /** Sends requests that are made in the same moment as one. */
  batch?: boolean;
}): ChainClient {
  return createPublicClient({
    chain: chainOf(options.chainId, options.rpcUrl),
    transport: http(options.rpcUrl, {
      timeout: options.timeoutMs ?? 10_000,
      retryCount: 2,
      batch: options.batch ?? false,
    }),
    pollingInterval: 250,
  });
}

/** @throws {MandateError} `WrongChain` where the endpoint serves another chain than the one expected. */
export async function assertChainId(client: ChainClient): Promise<void> {
  const actual = await client.getChainId().catch((thrown: unknown) => {
    throw typedCauseOf(thrown);
  });
  if (actual !== client.chain.id) {
    throw new MandateError("WrongChain", `the endpoint serves chain ${actual}, not ${client.chain.id}`, {
      kind: "environment",
      data: { actual, expected: client.chain.id },
      remedy: "Correct the RPC URL or the deployment record.",
    });
  }
}
