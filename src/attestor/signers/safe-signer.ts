import { hashTypedData } from "viem";
import { privateKeyToAddress, sign } from "viem/accounts";
import { bytesOf, compareBytes, type Hex } from "../../core/hex.ts";
import type { MilestoneSigner } from "./milestone-signer.ts";

/** What the owners of a Safe sign when the Safe is asked by ERC-1271 whether it signed `digest`. */
export function safeMessageHash(safe: Hex, chainId: number, digest: Hex): Hex {
  return hashTypedData({
    domain: { chainId, verifyingContract: safe },
    types: { SafeMessage: [{ name: "message", type: "bytes" }] },
    primaryType: "SafeMessage",
    message: { message: digest },
  });
}

/**
 * Signs for a Safe (1.3 and later) with the keys of as many owners as its threshold asks for. The Safe is the signer; it needs the
 * fallback handler that its own tools set (`CompatibilityFallbackHandler`), which answers ERC-1271.
 */
export function safeSigner(options: { safe: Hex; chainId: number; ownerKeys: readonly Hex[] }): MilestoneSigner {
  const { chainId } = options;
  const safe = options.safe.toLowerCase() as Hex;
  const address = (key: Hex): Uint8Array => bytesOf(privateKeyToAddress(key));
  // The Safe wants its owners in ascending order, which also shows that none signed twice.
  const keys = options.ownerKeys.toSorted((a, b) => compareBytes(address(a), address(b)));
  return {
    kind: "erc1271",
    signer: safe,
    sign: async (digest) => {
      const hash = safeMessageHash(safe, chainId, digest);
      const signatures = await Promise.all(keys.map((privateKey) => sign({ hash, privateKey, to: "hex" })));
      return `0x${signatures.map((signature) => signature.slice(2)).join("")}`;
    },
  };
}
