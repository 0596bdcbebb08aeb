import { encodeFunctionData, isAddressEqual } from "viem";
import { heartbeatOracleAbi, operatorKeysAbi } from "../../chain/abi.ts";
import { assertChainId, type ChainClient } from "../../chain/client.ts";
import { openAccount } from "../../chain/hosting/configured-account.ts";
import { createQuorumClient } from "../../chain/rpc/quorum-transport.ts";
import type { Clock } from "../../core/clock.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf } from "../../core/signing/typed-data.ts";
import type { OperatorConfiguration } from "../configuration/operator-configuration.ts";
import { delegationOf } from "./check-delegate.ts";
import { consentOf, messageText, type ConsentOptions } from "./operator-consent.ts";
import { operatorKeysOf } from "./register-key.ts";
import { gasOf, sendOnce, type Mined } from "./send-from-gas-key.ts";

/** Greater than every epoch: the set that signs it is the one that was scheduled last. */
const LAST_EPOCH = 2 ** 32 - 1;

/** What it takes until the configured signing key signs in the operator's seat. */
export interface PreparedRotation {
  readonly operator: Hex;
  /** The configured signing key. */
  readonly delegate: Hex;
  /** Who signs for the operator now. */
  readonly replaces: Hex;
  /** Whether it has to be named first. */
  readonly isNamed: boolean;
  /** First epoch whose report it signs; null where the operator has no seat to rotate: a set that is scheduled takes the delegate then. */
  readonly fromEpoch: number | null;
  readonly deadline: number;
  readonly ready:
    | {
        /** Of the first of the transactions. */
        readonly gas: bigint;
        /** Sends them from the gas key, one after the other, and waits until they are mined. */
        send(clock: Clock): Promise<{ readonly named: Mined | null; readonly rotated: Mined | null }>;
      }
    | { /** What the operator has yet to sign. */ readonly message: string };
}

/**
 * Prepares to name the configured signing key as the operator's delegate, and to rotate it into its seat.
 * @throws {MandateError} `OperatorKeysMissing`, `DelegateSeated`, what {@link consentOf} throws, the contract's error where it would refuse.
 */
export async function prepareRotation(
  configuration: OperatorConfiguration,
  options: ConsentOptions,
): Promise<PreparedRotation> {
  const { chainId, rpc, oracle } = configuration;
  const client = createQuorumClient({ chainId, rpc });
  await assertChainId(client);
  const signing = await openAccount(configuration.keys.signing);
  const gas = await openAccount(configuration.keys.gas);
  const keys = await operatorKeysOf(client, oracle);
  const own = await delegationOf(client, oracle, signing.address);
  const { operator, deadline, sign } = await consentOf(client, options, { account: signing, operator: own.operator });
  const contract = { address: keys, abi: operatorKeysAbi } as const;
  const [replaces, nonce, fromEpoch] = await Promise.all([
    client.readContract({ ...contract, functionName: "delegateOf", args: [operator] }),
    client.readContract({ ...contract, functionName: "delegationNonceOf", args: [operator] }),
    rotatesFrom(client, oracle, { operator, delegate: signing.address }),
  ]);
  const delegate = signing.address;
  const isNamed = isAddressEqual(replaces, delegate);
  const prepared = { operator, delegate, replaces, isNamed, fromEpoch, deadline };
  const rotation = encodeFunctionData({ abi: heartbeatOracleAbi, functionName: "rotate", args: [operator] });
  const rotate = async (clock: Clock): Promise<Mined> => {
    const needed = await gasOf(client, gas.address, oracle, rotation);
    return sendOnce(client, gas, { to: oracle, data: rotation, gas: needed }, { clock, what: "the rotation" });
  };
  if (isNamed) {
    const needed = await gasOf(client, gas.address, oracle, rotation);
    return {
      ...prepared,
      ready: { gas: needed, send: async (clock) => ({ named: null, rotated: await rotate(clock) }) },
    };
  }
  const place = { chainId, verifyingContract: keys };
  const typed = { ...typedDataOf("OperatorDelegate", place), message: { operator, delegate, nonce, deadline } };
  if (sign === undefined) return { ...prepared, ready: { message: messageText(typed) } };
  const proof = await signing.signTypedData(typed);
  const signature = await sign((account) => account.signTypedData(typed));
  const data = encodeFunctionData({
    abi: operatorKeysAbi,
    functionName: "delegate",
    args: [operator, delegate, deadline, proof, signature],
  });
  const needed = await gasOf(client, gas.address, keys, data);
  return {
    ...prepared,
    ready: {
      gas: needed,
      async send(clock) {
        const named = await sendOnce(client, gas, { to: keys, data, gas: needed }, { clock, what: "the naming" });
        return { named, rotated: fromEpoch === null ? null : await rotate(clock) };
      },
    },
  };
}

/** The epoch from which on a rotation counts; null where there is no seat. @throws {MandateError} `DelegateSeated`. */
async function rotatesFrom(
  client: ChainClient,
  oracle: Hex,
  { operator, delegate }: { readonly operator: Hex; readonly delegate: Hex },
): Promise<number | null> {
  const contract = { address: oracle, abi: heartbeatOracleAbi } as const;
  const { timestamp } = await client.getBlock();
  const args = [Number(timestamp)] as const;
  const coming = (await client.readContract({ ...contract, functionName: "epochAt", args })) + 1;
  const sets = await Promise.all(
    [coming, LAST_EPOCH].map((epoch) =>
      client.readContract({ ...contract, functionName: "operatorSet", args: [epoch] }),
    ),
  );
  const seated = sets.filter(({ operators, vacant }) =>
    operators.some((each, seat) => isAddressEqual(each, operator) && ((vacant >> BigInt(seat)) & 1n) === 0n),
  );
  const other = seated
    .flatMap(({ operators, delegates }) => operators.filter((_, seat) => delegates[seat] === delegate))
    .find((each) => !isAddressEqual(each, operator));
  if (other !== undefined) {
    throw new MandateError("DelegateSeated", `${delegate} signs for ${other}, which has a seat of its own`, {
      kind: "refused",
      data: { delegate, operator: other },
      remedy: "Make a key that signs for nobody else, and name it as keys.signing.",
    });
  }
  const [first] = seated;
  return first === undefined ? null : Math.max(coming, first.fromEpoch);
}
