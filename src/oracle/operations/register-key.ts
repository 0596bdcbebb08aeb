import { encodeFunctionData, hashTypedData, zeroAddress } from "viem";
import { heartbeatOracleAbi, operatorKeysAbi } from "../../chain/abi.ts";
import { assertChainId, type ChainClient } from "../../chain/client.ts";
import { openAccount } from "../../chain/hosting/configured-account.ts";
import { createQuorumClient } from "../../chain/rpc/quorum-transport.ts";
import type { OperatorKey } from "../../chain/signature/aggregate-signature.ts";
import type { Clock } from "../../core/clock.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf } from "../../core/signing/typed-data.ts";
import type { OperatorConfiguration } from "../configuration/operator-configuration.ts";
import { keyText, openCosigningKey, signAlone } from "../cosigning/cosigning-key.ts";
import { delegationOf } from "./check-delegate.ts";
import { consentOf, messageText, type ConsentOptions } from "./operator-consent.ts";
import { gasOf, sendOnce, type Mined } from "./send-from-gas-key.ts";

/** A registration that the key has signed, and that the chain would accept now, or waits for the operator's signature. */
export interface PreparedRegistration {
  readonly operator: Hex;
  readonly key: Hex;
  /** The key that it takes the place of; null where there is none. */
  readonly replaces: Hex | null;
  /** The `OperatorKeys` contract. */
  readonly keys: Hex;
  readonly deadline: number;
  readonly ready:
    | {
        readonly gas: bigint;
        /** Sends it from the gas key, and waits until it is mined. */
        send(clock: Clock): Promise<Mined>;
      }
    | { /** What the operator has yet to sign. */ readonly message: string };
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
 * Signs the configured cosigning key with itself, which proves that the operator has it, and with the operator's key.
 * @throws {MandateError} `CosigningKeyMissing` where none is configured, `KeyAlreadyRegistered`, `OperatorKeysMissing`, what {@link consentOf}
 * throws, the contract's error where it would refuse.
 */
export async function prepareRegistration(
  configuration: OperatorConfiguration,
  options: ConsentOptions,
): Promise<PreparedRegistration> {
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
  const keys = await operatorKeysOf(client, oracle);
  const { operator: own } = await delegationOf(client, oracle, signing.address);
  const { operator, deadline, sign } = await consentOf(client, options, { account: signing, operator: own });
  const before = await registeredKey(client, keys, operator);
  if (before?.x === point.x && before.y === point.y) {
    throw new MandateError("KeyAlreadyRegistered", `${operator} has registered this key already`, {
      kind: "refused",
      data: { operator, key: keyText(point) },
      remedy: "mandate oracle rotate-key takes it into the set, where it is not in it yet.",
    });
  }
  const nonce = await client.readContract({
    address: keys,
    abi: operatorKeysAbi,
    functionName: "nonceOf",
    args: [operator],
  });
  const place = { chainId, verifyingContract: keys };
  const typed = { ...typedDataOf("OperatorKey", place), message: { operator, ...point, nonce, deadline } };
  const prepared = {
    ...{ operator, keys, deadline, key: keyText(point), replaces: before === undefined ? null : keyText(before) },
  };
  if (sign === undefined) return { ...prepared, ready: { message: messageText(typed) } };
  const { s, commitment } = signAlone({ secret, point }, hashTypedData(typed));
  const data = encodeFunctionData({
    abi: operatorKeysAbi,
    functionName: "register",
    args: [operator, point, deadline, s, commitment, await sign((account) => account.signTypedData(typed))],
  });
  const needed = await gasOf(client, gas.address, keys, data);
  const what = "the registration";
  return {
    ...prepared,
    ready: { gas: needed, send: (clock) => sendOnce(client, gas, { to: keys, data, gas: needed }, { clock, what }) },
  };
}
