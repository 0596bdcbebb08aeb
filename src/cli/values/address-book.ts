import { getAddress, isAddress, zeroAddress } from "viem";
import { devAccount, devAccountIndex, type DevAccountName } from "../../chain/dev-accounts.ts";
import type { Hex } from "../../core/hex.ts";
import type { Session } from "../../sdk/session.ts";
import { developmentChainId } from "../chain/signer.ts";

/** Names of addresses: contracts of the deployment and, on a development chain, the accounts that everybody has. */
export interface AddressBook {
  nameOf(address: Hex): string | undefined;
  /** The name alone where there is one: for the narrow columns of a table. */
  short(address: Hex): string;
  /** Name and address: for whoever is about to sign. */
  full(address: Hex): string;
}

export function addressBookOf(session: Session): AddressBook {
  const names = new Map<string, string>();
  const { contracts, chainId } = session.deployment;
  for (const [name, address] of Object.entries(contracts)) {
    if (address !== undefined) names.set(address.toLowerCase(), name);
  }
  if (chainId === developmentChainId) {
    for (const name of Object.keys(devAccountIndex) as DevAccountName[])
      names.set(devAccount(name).address.toLowerCase(), name);
  }
  const nameOf = (address: Hex): string | undefined => names.get(address.toLowerCase());
  const spelled = (address: Hex): Hex => (isAddress(address, { strict: false }) ? getAddress(address) : address);
  const short = (address: Hex): string => {
    return address === zeroAddress ? "nobody" : (nameOf(address) ?? spelled(address));
  };
  return {
    nameOf,
    short,
    full(address) {
      const name = nameOf(address);
      return name === undefined ? short(address) : `${name} ${spelled(address)}`;
    },
  };
}
