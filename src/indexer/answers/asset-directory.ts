import { erc20Abi } from "viem";
import type { ChainClient } from "../../chain/client.ts";
import type { AssetAnswer } from "../../core/api/primitives.ts";
import type { Hex } from "../../core/hex.ts";
import { checksummed } from "./spelling.ts";

/** How the vault names the chain's own coin. */
export const nativeAsset: Hex = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";

/** Symbol and decimals of assets, which no event tells: asked once of each token, and remembered. */
export class AssetDirectory {
  private readonly client: ChainClient;
  private readonly known = new Map<Hex, Promise<AssetAnswer>>();

  constructor(client: ChainClient) {
    this.client = client;
  }

  /** @throws what the node answered, where it cannot be asked; the next call asks again. */
  describe(asset: Hex): Promise<AssetAnswer> {
    const known = this.known.get(asset);
    if (known !== undefined) return known;
    const asked = this.ask(asset);
    this.known.set(asset, asked);
    asked.catch(() => this.known.delete(asset)); // a node that is away now may answer later
    return asked;
  }

  async describeAll(assets: Iterable<Hex>): Promise<Map<Hex, AssetAnswer>> {
    const described = [...new Set(assets)].map(async (asset): Promise<[Hex, AssetAnswer]> => [
      asset,
      await this.describe(asset),
    ]);
    return new Map(await Promise.all(described));
  }

  private async ask(asset: Hex): Promise<AssetAnswer> {
    const address = checksummed(asset);
    if (asset === nativeAsset) {
      const { symbol, decimals } = this.client.chain.nativeCurrency;
      return { address, symbol, decimals, native: true };
    }
    const [symbol, decimals] = await Promise.all([
      this.client.readContract({ address, abi: erc20Abi, functionName: "symbol" }),
      this.client.readContract({ address, abi: erc20Abi, functionName: "decimals" }),
    ]);
    return { address, symbol, decimals, native: false };
  }
}
