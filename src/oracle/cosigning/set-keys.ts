import { bytesToBigInt, bytesToHex, getContractAddress, hexToBytes } from "viem";
import type { ChainClient } from "../../chain/client.ts";
import type { OperatorKey } from "../../chain/signature/aggregate-signature.ts";
import type { Hex } from "../../core/hex.ts";
import type { OperatorSet } from "../epochs/oracle-chain.ts";
import { pointOfKey, sumOf } from "./points.ts";

/** The keys of a set as its table on the chain has them, in seat order, those of vacant seats as well. */
export interface SetKeys {
  readonly keys: readonly OperatorKey[];
  /** All of them added up, as the contract takes absent ones from it. */
  readonly sum: OperatorKey;
}

const WORD_BYTES = 32;
const ADDRESS_BYTES = 20;
const KEY_BYTES = 64;
const VACANT_OFFSET = WORD_BYTES + KEY_BYTES;
const SIGNERS_OFFSET = VACANT_OFFSET + WORD_BYTES;

/**
 * Reads the keys from the code of a table (`OperatorTable.sol`). Undefined where the set has no sum of keys, where the code is not that of
 * this set, or where the keys do not add up to its sum: nothing is signed together then.
 */
export function setKeysOf(code: Hex, set: Pick<OperatorSet, "seats" | "names" | "operators">): SetKeys | undefined {
  const bytes = hexToBytes(code);
  const count = set.seats.length;
  const keysOffset = SIGNERS_OFFSET + 2 * count * ADDRESS_BYTES; // delegates, then names
  if (bytes.length !== keysOffset + count * KEY_BYTES || bytes[WORD_BYTES - 1] !== count) return undefined;
  const vacant = bytesToBigInt(bytes.slice(VACANT_OFFSET, SIGNERS_OFFSET));
  const isSame = set.seats.every((operator, seat) => {
    const start = SIGNERS_OFFSET + seat * ADDRESS_BYTES;
    const isVacant = ((vacant >> BigInt(seat)) & 1n) === 1n;
    const addressAt = (offset: number): Hex => bytesToHex(bytes.slice(offset, offset + ADDRESS_BYTES));
    const isSeated = addressAt(start) === operator && addressAt(start + count * ADDRESS_BYTES) === set.names[seat];
    return isSeated && isVacant !== set.operators.includes(operator);
  });
  if (!isSame) return undefined;
  const keyAt = (offset: number): OperatorKey => ({
    x: bytesToBigInt(bytes.slice(offset, offset + WORD_BYTES)),
    y: bytesToBigInt(bytes.slice(offset + WORD_BYTES, offset + KEY_BYTES)),
  });
  const keys = set.seats.map((_, seat) => keyAt(keysOffset + seat * KEY_BYTES));
  const sum = keyAt(WORD_BYTES);
  try {
    return sumOf(keys.map(pointOfKey)).equals(pointOfKey(sum)) ? { keys, sum } : undefined;
  } catch {
    return undefined; // a key that is no point was never registered
  }
}

/**
 * The keys of a set on the chain. A table never changes, so that the latest block shows it as every other does.
 * @throws What the endpoints' quorum refuses: it is asked again at the next look.
 */
export async function readSetKeys(
  client: Pick<ChainClient, "getCode">,
  oracle: Hex,
  set: OperatorSet,
): Promise<SetKeys | undefined> {
  // A contract's n-th CREATE makes the address of its nonce n; the oracle creates nothing but tables.
  const address = getContractAddress({ from: oracle, nonce: BigInt(set.configuration) });
  const code = await client.getCode({ address });
  return code === undefined ? undefined : setKeysOf(code, set);
}
