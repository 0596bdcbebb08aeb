import { domainSeparator, erc20Abi, parseAbi, parseSignature, type LocalAccount, type TypedDataDomain } from "viem";
import type { Hex } from "../../core/hex.ts";
import type { ChainClient } from "../client.ts";

const permitAbi = parseAbi([
  "function nonces(address owner) view returns (uint256)",
  "function version() view returns (string)",
  "function DOMAIN_SEPARATOR() view returns (bytes32)",
  "function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)",
]);

const permitTypes = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

/** `IBudgetVault.Permit`. */
export interface Permit {
  /** Last second in which the token takes it. */
  readonly deadline: bigint;
  readonly v: number;
  readonly r: Hex;
  readonly s: Hex;
}

/** Name and version that a token signs by: as it says (ERC-5267), else as tokens did before there was a way to say it. */
async function namesOf(client: ChainClient, token: Hex): Promise<{ name: string; version: string }> {
  const at = { address: token, abi: permitAbi } as const;
  try {
    const [, name, version] = await client.readContract({ ...at, functionName: "eip712Domain" });
    return { name, version };
  } catch {
    const name = await client.readContract({ address: token, abi: erc20Abi, functionName: "name" });
    const version = client.readContract({ ...at, functionName: "version" }).catch(() => "1");
    return { name, version: await version };
  }
}

/** What a token needs to know a permit by: its domain, found to be the one it checks, and the owner's next nonce. */
export interface PermitTerms {
  readonly domain: TypedDataDomain;
  readonly nonce: bigint;
}

/** Terms of the permits of `token`, or undefined where it takes none (ERC-2612) or signs by a domain that it does not tell. */
export async function permitTerms(client: ChainClient, token: Hex, owner: Hex): Promise<PermitTerms | undefined> {
  const at = { address: token, abi: permitAbi } as const;
  try {
    const [names, nonce, separator] = await Promise.all([
      namesOf(client, token),
      client.readContract({ ...at, functionName: "nonces", args: [owner] }),
      client.readContract({ ...at, functionName: "DOMAIN_SEPARATOR" }),
    ]);
    const domain = { ...names, chainId: client.chain.id, verifyingContract: token };
    return domainSeparator({ domain }) === separator ? { domain, nonce } : undefined;
  } catch {
    return undefined; // a call that a token without permits does not answer
  }
}

/** The owner's permit that `spender` takes exactly `value` base units once, until `deadline`. */
export async function signPermit(
  account: LocalAccount,
  { domain, nonce }: PermitTerms,
  permit: { readonly spender: Hex; readonly value: bigint; readonly deadline: bigint },
): Promise<Permit> {
  const message = { owner: account.address, ...permit, nonce };
  const signature = await account.signTypedData({ domain, types: permitTypes, primaryType: "Permit", message });
  const { r, s, yParity } = parseSignature(signature);
  return { deadline: permit.deadline, v: 27 + yParity, r, s };
}
