import { useMemo, type ReactNode } from "react";
import { createConfig, http, WagmiProvider } from "wagmi";
import type { ConfigAnswer } from "../../../src/core/api/status.ts";
import { chainOf } from "../../../src/chain/client.ts";

/** Wallets of this browser (EIP-6963), on the one chain that the indexer reads. */
export function WalletProvider(props: { readonly configuration: ConfigAnswer; readonly children: ReactNode }) {
  const { chainId, rpcUrl } = props.configuration;
  const config = useMemo(() => {
    const chain = chainOf(chainId, rpcUrl);
    return createConfig({
      chains: [chain],
      transports: { [chain.id]: http(rpcUrl) },
      multiInjectedProviderDiscovery: true,
    });
  }, [chainId, rpcUrl]);
  return <WagmiProvider config={config}>{props.children}</WagmiProvider>;
}
