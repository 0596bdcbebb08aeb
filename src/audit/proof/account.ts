import { MandateError } from "../../core/errors/mandate-error.ts";
import { bytesOf, hexOf, type Hex } from "../../core/hex.ts";
import { keccak256 } from "../../core/keccak.ts";
import { decodeRlp } from "./rlp.ts";
import { verifyTrieProof } from "./trie-proof.ts";

/** An account as it stands in the state trie; balance in wei. */
export interface Account {
  readonly nonce: bigint;
  readonly balance: bigint;
  readonly storageRoot: Hex;
  readonly codeHash: Hex;
}

function integerOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(hexOf(bytes));
}

/** The account at `address` in the state with `stateRoot`; undefined where it is proved not to exist. */
export function verifyAccount(stateRoot: Hex, address: Hex, nodes: readonly Hex[]): Account | undefined {
  const leaf = verifyTrieProof(bytesOf(stateRoot), keccak256(bytesOf(address)), nodes.map(bytesOf));
  if (leaf === undefined) return undefined;
  const fields = decodeRlp(leaf);
  const [nonce, balance, storageRoot, codeHash] = fields instanceof Uint8Array ? [] : fields;
  if (
    !(nonce instanceof Uint8Array && balance instanceof Uint8Array) ||
    !(storageRoot instanceof Uint8Array && codeHash instanceof Uint8Array)
  ) {
    throw new MandateError("AccountInvalid", `the state holds no account at ${address}`, { kind: "refused" });
  }
  return {
    nonce: integerOf(nonce),
    balance: integerOf(balance),
    storageRoot: hexOf(storageRoot),
    codeHash: hexOf(codeHash),
  };
}

/** The word at `slot` of the storage with `storageRoot`; zero where nothing was written. */
export function verifyStorage(storageRoot: Hex, slot: Hex, nodes: readonly Hex[]): Hex {
  const leaf = verifyTrieProof(bytesOf(storageRoot), keccak256(bytesOf(slot)), nodes.map(bytesOf));
  if (leaf === undefined) return `0x${"0".repeat(64)}`;
  const value = decodeRlp(leaf);
  if (!(value instanceof Uint8Array) || value.length > 32) {
    throw new MandateError("StorageInvalid", `the storage holds no word at ${slot}`, { kind: "refused" });
  }
  return `0x${hexOf(value).slice(2).padStart(64, "0")}`;
}
