import { sign } from "viem/accounts";
import { privateKeyToAddress } from "viem/accounts";
import type { Hex } from "../../core/hex.ts";
import type { MilestoneSigner } from "./milestone-signer.ts";

/** Signs as the account of `privateKey`: 65 bytes, low s. */
export function eoaSigner(privateKey: Hex): MilestoneSigner {
  return {
    kind: "eoa",
    signer: privateKeyToAddress(privateKey).toLowerCase() as Hex,
    sign: (hash) => sign({ hash, privateKey, to: "hex" }),
  };
}

/** Signs with the key that owns an ERC-1271 contract; the contract is the signer. */
export function contractSigner(contract: Hex, ownerKey: Hex): MilestoneSigner {
  return { ...eoaSigner(ownerKey), kind: "erc1271", signer: contract.toLowerCase() as Hex };
}
