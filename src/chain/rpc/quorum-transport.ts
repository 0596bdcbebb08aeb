import { createPublicClient, custom, type CustomTransport } from "viem";
import { chainOf, type ChainClient } from "../client.ts";
import { QuorumChain, type QuorumChainOptions } from "./quorum-chain.ts";

/** A viem transport whose answers a quorum of endpoints gave alike. */
export function quorumTransport(options: QuorumChainOptions): CustomTransport {
  const chain = new QuorumChain(options);
  return custom({ request: (call: Parameters<QuorumChain["request"]>[0]) => chain.request(call) }, { retryCount: 0 });
}

export interface QuorumClientOptions extends Omit<QuorumChainOptions, "urls" | "quorum"> {
  readonly rpc: Pick<QuorumChainOptions, "urls" | "quorum">;
}

/** A client like that of one endpoint, for code that does not care how many there are. */
export function createQuorumClient({ rpc, ...options }: QuorumClientOptions): ChainClient {
  return createPublicClient({
    chain: chainOf(options.chainId), // without URLs: what prints a chain must not print a key
    transport: quorumTransport({ ...options, ...rpc }),
    pollingInterval: 250,
  });
}
