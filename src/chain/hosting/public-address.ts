import { BlockList, isIP } from "node:net";

/** Networks that are not of the open Internet (IANA's registries of special-purpose addresses), and multicast. */
const special = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const) {
  special.addSubnet(network, bits, "ipv4");
}
for (const [network, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  special.addSubnet(network, bits, "ipv6");
}

/** The only part of IPv6 that is routed on the open Internet so far; loopback, local and multicast networks lie outside. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");

/** `BlockList` takes an IPv4 address in IPv6 spelling for what it is; so this holds those, and no other IPv6 address. */
const ipv4 = new BlockList();
ipv4.addSubnet("0.0.0.0", 0, "ipv4");

/** Whether an IP address is one of the open Internet: not of this machine, its network, or a special use. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, "ipv4");
  if (family !== 6 || special.check(address, "ipv6")) return false;
  return globalUnicast.check(address, "ipv6") || ipv4.check(address, "ipv6");
}
