import { BlockList, isIP } from "node:net";
import { isPublicAddress } from "../../chain/hosting/public-address.ts";

const RANGE = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/;
const HOST = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;

/** An address or a range in CIDR notation, or undefined where `text` is neither. */
function rangeOf(text: string): { address: string; bits: number; family: "ipv4" | "ipv6" } | undefined {
  const [, address = "", written] = RANGE.exec(text) ?? [];
  const family = isIP(address);
  if (family === 0) return undefined;
  const longest = family === 4 ? 32 : 128;
  const bits = written === undefined ? longest : Number(written);
  return bits > longest ? undefined : { address, bits, family: family === 4 ? "ipv4" : "ipv6" };
}

/** Whether `text` is an address, a range in CIDR notation, or the name of a host in lower case. Pure. */
export function isAddressPermission(text: string): boolean {
  return rangeOf(text) !== undefined || HOST.test(text);
}

/** Whether a connection for `host`, as it stands in a URL without brackets, may go to `address`. Pure. */
export type AddressPolicy = (host: string, address: string) => boolean;

/**
 * Permits public addresses, and of all others (this machine, its networks, special uses) those in `allowed`: addresses, ranges, or
 * hosts that may lead anywhere. A range is the stricter permission: whoever answers for a host's name decides where it leads.
 */
export function addressPolicy(allowed: readonly string[]): AddressPolicy {
  const ranges = new BlockList();
  const hosts = new Set<string>();
  for (const text of allowed) {
    const range = rangeOf(text);
    if (range === undefined) hosts.add(text);
    else ranges.addSubnet(range.address, range.bits, range.family);
  }
  return (host, address) => {
    const family = isIP(address);
    if (family === 0) return false;
    return isPublicAddress(address) || hosts.has(host) || ranges.check(address, family === 4 ? "ipv4" : "ipv6");
  };
}
