import {
  getTypesForEIP712Domain,
  isAddressEqual,
  type LocalAccount,
  type TypedDataDomain,
  type TypedDataParameter,
} from "viem";
import type { ChainClient } from "../../chain/client.ts";
import { openAccount } from "../../chain/hosting/configured-account.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";

/** For how long what a key at hand signs can be handed in, in seconds. */
const VALID_SECONDS = 3_600;
/** For how long what a cold key is asked to sign can be: it may be far away. */
const VALID_SECONDS_COLD = 7 * 86_400;

/** How an operator agrees to a key of its own, as somebody at the command line says it. */
export interface ConsentOptions {
  /** The operator; where undefined, whose delegate the configured signing key is. */
  readonly operator: Hex | undefined;
  /** File with the operator's own key. */
  readonly keyFile: string | undefined;
  /** What the operator's own key signed elsewhere, of a message with this deadline. */
  readonly signature: Hex | undefined;
  readonly deadline: number | undefined;
}

export interface Consent {
  readonly operator: Hex;
  /** Chain time in seconds from which on it is worth nothing. */
  readonly deadline: number;
  /** Undefined where the operator's key is not at hand. `by` signs the message with an account. */
  readonly sign: ((by: (account: LocalAccount) => Promise<Hex>) => Promise<Hex>) | undefined;
}

/**
 * Who agrees, and by which key.
 * @param own the configured signing key, and whose delegate it is.
 * @throws {MandateError} `OperatorKeyDiffers`, `DeadlineMissing`, what {@link openAccount} throws.
 */
export async function consentOf(
  client: Pick<ChainClient, "getBlock">,
  { operator: named, keyFile, signature, deadline }: ConsentOptions,
  own: { readonly account: LocalAccount; readonly operator: Hex },
): Promise<Consent> {
  const { timestamp } = await client.getBlock();
  const within = (seconds: number): number => deadline ?? Number(timestamp) + seconds;
  if (keyFile !== undefined) {
    const account = await openAccount({ file: keyFile });
    if (named !== undefined && !isAddressEqual(named, account.address)) {
      throw new MandateError("OperatorKeyDiffers", `the key named is that of ${account.address}, not of ${named}`, {
        kind: "input",
        data: { operator: named, account: account.address },
      });
    }
    return { operator: account.address, deadline: within(VALID_SECONDS), sign: (by) => by(account) };
  }
  const operator = named ?? own.operator;
  if (signature !== undefined) {
    if (deadline === undefined) {
      throw new MandateError("DeadlineMissing", "a signature is of a message with a deadline, which is not named", {
        kind: "input",
        remedy: "Name the deadline that stands in the message, with --deadline.",
      });
    }
    return { operator, deadline, sign: () => Promise.resolve(signature) };
  }
  if (isAddressEqual(operator, own.account.address)) {
    return { operator, deadline: within(VALID_SECONDS), sign: (by) => by(own.account) };
  }
  return { operator, deadline: within(VALID_SECONDS_COLD), sign: undefined };
}

/** An EIP-712 message as wallets take it (`eth_signTypedData_v4`), one line of JSON. */
export function messageText(typed: {
  readonly domain: TypedDataDomain;
  readonly types: Readonly<Record<string, readonly TypedDataParameter[]>>;
  readonly primaryType: string;
  readonly message: Readonly<Record<string, unknown>>;
}): string {
  const { domain, primaryType, message } = typed;
  const types = { EIP712Domain: getTypesForEIP712Domain({ domain }), [primaryType]: typed.types[primaryType] };
  return JSON.stringify({ domain, types, primaryType, message }, (_key, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}
