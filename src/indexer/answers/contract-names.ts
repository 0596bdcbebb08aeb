import type { Deployment } from "../../chain/deployment.ts";
import type { Hex } from "../../core/hex.ts";
import { checksummed } from "./spelling.ts";

/** What the contracts of a deployment are called. */
export class ContractNames {
  /** Addresses by name, with checksums. */
  readonly addresses: Readonly<Record<string, Hex>>;
  private readonly names: ReadonlyMap<Hex, string>;

  constructor(deployment: Deployment) {
    const entries = Object.entries(deployment.contracts).filter(
      (entry): entry is [string, Hex] => entry[1] !== undefined,
    );
    this.addresses = Object.fromEntries(entries.map(([name, address]) => [name, checksummed(address)]));
    this.names = new Map(entries.map(([name, address]) => [address.toLowerCase() as Hex, name]));
  }

  /** The name of the contract, or its address where the deployment record does not name it. */
  nameOf(address: Hex): string {
    return this.names.get(address) ?? checksummed(address);
  }
}
