import {
  encodeFunctionData,
  hashTypedData,
  TransactionReceiptNotFoundError,
  zeroAddress,
  type LocalAccount,
} from "viem";
import { heartbeatOracleAbi, operatorKeysAbi } from "../../chain/abi.ts";
import { assertChainId, type ChainClient } from "../../chain/client.ts";
import { contractErrorOf } from "../../chain/decode-revert.ts";
import { openAccount } from "../../chain/hosting/configured-account.ts";
import { createQuorumClient } from "../../chain/rpc/quorum-transport.ts";
import type { OperatorKey } from "../../chain/signature/aggregate-signature.ts";
import type { Clock } from "../../core/clock.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf } from "../../core/signing/typed-data.ts";
import type { OperatorConfiguration } from "../configuration/operator-configuration.ts";
import { keyText, openCosigningKey, signAlone } from "../cosigning/cosigning-key.ts";

/** For how long a registration can be handed in, in seconds. */
const VALID_SECONDS = 3_600;

/** How long a transaction is waited for. */
const RECEIPT_TIMEOUT_MS = 180_000;
const RECEIPT_PAUSE_MS = 1_000;

/** A registration that operator and key have signed, and that the chain would accept now. */
export interface PreparedRegistration {
  readonly operator: Hex;
  readonly key: Hex;
  /** The key that it takes the place of; null where there is none. */
  readonly replaces: Hex | null;
  /** The `OperatorKeys` contract. */
  readonly keys: Hex;
  readonly gas: bigint;
  /** Sends it from the gas key, and waits until it is mined. */
  send(clock: Clock): Promise<{ readonly transaction: Hex; readonly block: bigint }>;
}

/** The contract at which operators of this oracle register keys. @throws {MandateError} `OperatorKeysMissing` where it has none. */
export async function operatorKeysOf(client: ChainClient, oracle: Hex): Promise<Hex> {
  const keys = await client.readContract({ address: oracle, abi: heartbeatOracleAbi, functionName: "operatorKeys" });
  if (keys !== zeroAddress) return keys;
  throw new MandateError("OperatorKeysMissing", "operators of this oracle sign one by one only", {
    kind: "refused",
    data: { oracle },
  });
}

/** The key that an operator has registered; undefined where it has none. */
export async function registeredKey(client: ChainClient, keys: Hex, operator: Hex): Promise<OperatorKey | undefined> {
  const found = await client.readContract({
    address: keys,
    abi: operatorKeysAbi,
    functionName: "keyOf",
    args: [operator],
  });
  return found.x === 0n ? undefined : found;
}

/**
 * Signs the configured cosigning key with itself, which proves that the operator has it, and with the operator's signing key.
 * @throws {MandateError} `CosigningKeyMissing` where none is configured, `KeyAlreadyRegistered`, `OperatorKeysMissing`, the contract's error
 * where it would refuse.
 */
export async function prepareRegistration(configuration: OperatorConfiguration): Promise<PreparedRegistration> {
  const { chainId, rpc, oracle } = configuration;
  const { cosigning } = configuration.keys;
  if (cosigning === undefined) {
    throw new MandateError("CosigningKeyMissing", "the configuration names no keys.cosigning", {
      kind: "input",
      remedy: "Make a key of its own, name it as keys.cosigning, and register it then.",
    });
  }
  const client = createQuorumClient({ chainId, rpc });
  await assertChainId(client);
  const signing = await openAccount(configuration.keys.signing);
  const gas = await openAccount(configuration.keys.gas);
  const { secret, point } = await openCosigningKey(cosigning, [signing, gas]);
  const operator = signing.address;
  const keys = await operatorKeysOf(client, oracle);
  const before = await registeredKey(client, keys, operator);
  if (before?.x === point.x && before.y === point.y) {
    throw new MandateError("KeyAlreadyRegistered", `${operator} has registered this key already`, {
      kind: "refused",
      data: { operator, key: keyText(point) },
      remedy: "Nothing is to be done. It counts in sets that are scheduled from its registration on.",
    });
  }
  const [nonce, { timestamp }] = await Promise.all([
    client.readContract({ address: keys, abi: operatorKeysAbi, functionName: "nonceOf", args: [operator] }),
    client.getBlock(),
  ]);
  const deadline = Number(timestamp) + VALID_SECONDS;
  const place = { chainId, verifyingContract: keys };
  const typed = { ...typedDataOf("OperatorKey", place), message: { operator, ...point, nonce, deadline } };
  const { s, commitment } = signAlone({ secret, point }, hashTypedData(typed));
  const data = encodeFunctionData({
    abi: operatorKeysAbi,
    functionName: "register",
    args: [operator, point, deadline, s, commitment, await signing.signTypedData(typed)],
  });
  const needed = await gasOf(client, gas.address, keys, data);
  return {
    ...{ operator, keys, gas: needed, key: keyText(point), replaces: before === undefined ? null : keyText(before) },
    send: (clock) => sendOnce(client, gas, { to: keys, data, gas: needed }, clock),
  };
}

async function gasOf(client: ChainClient, from: Hex, to: Hex, data: Hex): Promise<bigint> {
  try {
    const gas = await client.estimateGas({ account: from, to, data });
    return gas + gas / 5n;
  } catch (thrown) {
    throw contractErrorOf(thrown);
  }
}

async function sendOnce(
  client: ChainClient,
  account: LocalAccount,
  call: { readonly to: Hex; readonly data: Hex; readonly gas: bigint },
  clock: Clock,
): Promise<{ readonly transaction: Hex; readonly block: bigint }> {
  const [nonce, { maxFeePerGas, maxPriorityFeePerGas }] = await Promise.all([
    client.getTransactionCount({ address: account.address, blockTag: "pending" }),
    client.estimateFeesPerGas(),
  ]);
  const { id: chainId } = client.chain;
  const fees = { maxFeePerGas, maxPriorityFeePerGas };
  const raw = await account.signTransaction({ type: "eip1559", chainId, nonce, ...fees, ...call });
  const transaction = await client.sendRawTransaction({ serializedTransaction: raw });
  const endMs = clock.nowMs() + RECEIPT_TIMEOUT_MS;
  while (clock.nowMs() < endMs) {
    const receipt = await client.getTransactionReceipt({ hash: transaction }).catch((thrown: unknown) => {
      if (thrown instanceof TransactionReceiptNotFoundError) return undefined;
      throw thrown;
    });
    if (receipt?.status === "success") return { transaction, block: receipt.blockNumber };
    if (receipt !== undefined) {
      throw new MandateError("TransactionReverted", `the registration was refused in block ${receipt.blockNumber}`, {
        kind: "refused",
        data: { transaction },
      });
    }
    await clock.sleep(RECEIPT_PAUSE_MS);
  }
  throw new MandateError("TransactionNotMined", `transaction ${transaction} is in no block yet`, {
    kind: "retry",
    data: { transaction },
    remedy: "Look for it later: a registration counts once, however often it is sent.",
  });
}
