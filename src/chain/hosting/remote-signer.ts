import {
  keccak256,
  parseTransaction,
  recoverAddress,
  recoverMessageAddress,
  recoverTypedDataAddress,
  serializeTransaction,
  stringToHex,
  toHex,
  type LocalAccount,
  type TransactionSerializable,
  type TransactionSerializableEIP1559,
} from "viem";
import { toAccount } from "viem/accounts";
import { z } from "zod";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";

/** A signer that holds the key elsewhere, and what is asked of it. */
export interface RemoteSigner {
  /** Of its JSON-RPC interface. */
  readonly url: string;
  /** Whose signatures are expected, lower case. */
  readonly address: Hex;
  readonly timeoutMs: number;
}

const answerSchema = z.object({
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string() }).nullish(),
});
const bytes = z
  .string()
  .regex(/^0x([0-9a-fA-F]{2})+$/)
  .transform((text) => text.toLowerCase() as Hex);

/**
 * An account whose key a remote signer holds: Web3Signer's JSON-RPC interface for execution layer keys (`eth_sign`,
 * `eth_signTypedData`, `eth_signTransaction`). No answer is believed: who signed, and what, is recovered from each signature.
 * @throws {MandateError} `RemoteSignerUnreachable`, `RemoteSignerRefused`, `RemoteSignerLacksKey` where it cannot sign for the
 * address. Signing throws the first two and `RemoteSignatureWrong`.
 */
export async function openRemoteSigner(remote: RemoteSigner): Promise<LocalAccount> {
  const { address } = remote;
  const accounts = z.array(bytes).safeParse(await ask(remote, "eth_accounts", []));
  if (!accounts.success || !accounts.data.includes(address)) {
    throw new MandateError(
      "RemoteSignerLacksKey",
      `the remote signer at ${originOf(remote)} has no key of ${address}`,
      {
        kind: "input",
        data: { address },
        remedy: "Load the key into the signer, or correct `address`.",
      },
    );
  }
  return toAccount({
    address,
    signMessage: async ({ message }) => {
      const bare = typeof message === "string" ? stringToHex(message) : message.raw;
      const data = typeof bare === "string" ? bare : toHex(bare);
      const signature = await askForBytes(remote, "eth_sign", [address, data]);
      await expectSigner(remote, "eth_sign", () => recoverMessageAddress({ message: { raw: data }, signature }));
      return signature;
    },
    signTypedData: async (definition) => {
      const typed = definition as unknown as TypedDefinition;
      const { domain, primaryType, message } = typed;
      const types = { EIP712Domain: domainFields(domain), ...neededTypes(typed.types, primaryType) };
      // As text: older versions of Web3Signer take nothing else, newer ones take both.
      const json = JSON.stringify({ types, domain, primaryType, message }, (_key, value: unknown) =>
        typeof value === "bigint" ? value.toString() : value,
      );
      const signature = await askForBytes(remote, "eth_signTypedData", [address, json]);
      await expectSigner(remote, "eth_signTypedData", () => recoverTypedDataAddress({ ...typed, signature }));
      return signature;
    },
    signTransaction: async (transaction) => signTransaction(remote, transaction),
  });
}

interface TypedDefinition {
  readonly domain: Readonly<Record<string, unknown>>;
  readonly types: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>;
  readonly primaryType: string;
  readonly message: Readonly<Record<string, unknown>>;
}

const domainTypes = { name: "string", version: "string", chainId: "uint256", verifyingContract: "address" } as const;

/** The domain's own type, which EIP-712 wants in the order of this table. */
function domainFields(domain: TypedDefinition["domain"]): readonly { name: string; type: string }[] {
  return Object.entries(domainTypes).flatMap(([name, type]) => (name in domain ? [{ name, type }] : []));
}

/** The primary type and what it is made of: some signers refuse definitions with types that nothing uses. */
function neededTypes(types: TypedDefinition["types"], name: string): TypedDefinition["types"] {
  const fields = types[name] ?? [];
  const parts = fields.map(({ type }) => type.replace(/(\[\d*\])+$/, "")).filter((type) => type in types);
  return Object.assign(
    { [name]: fields },
    ...parts.map((part) => neededTypes(types, part)),
  ) as TypedDefinition["types"];
}

/** A transaction of type 2, signed byte for byte as it was asked for: another fee, nonce, chain or recipient is refused. */
async function signTransaction(remote: RemoteSigner, wanted: TransactionSerializable): Promise<Hex> {
  const transaction = wanted as TransactionSerializableEIP1559;
  const { to, gas, nonce, value, data, maxFeePerGas, maxPriorityFeePerGas } = transaction;
  const raw = await askForBytes(remote, "eth_signTransaction", [
    {
      from: remote.address,
      to,
      data: data ?? "0x",
      ...quantities({ gas, nonce, value: value ?? 0n, maxFeePerGas, maxPriorityFeePerGas }),
    },
  ]);
  await expectSigner(remote, "eth_signTransaction", async () => {
    const { r, s, yParity } = parseTransaction(raw as `0x02${string}`);
    if (r === undefined || s === undefined || yParity === undefined) throw new TypeError("it is not signed");
    if (serializeTransaction(transaction, { r, s, yParity }) !== raw) throw new TypeError("it is another transaction");
    return recoverAddress({ hash: keccak256(serializeTransaction(transaction)), signature: { r, s, yParity } });
  });
  return raw;
}

function quantities(values: Readonly<Record<string, number | bigint | undefined>>): Record<string, Hex> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, toHex(value)]])),
  );
}

async function askForBytes(remote: RemoteSigner, method: string, params: readonly unknown[]): Promise<Hex> {
  const parsed = bytes.safeParse(await ask(remote, method, params));
  if (!parsed.success) throw wrongSignature(remote, method, "the answer is not bytes in hexadecimal");
  return parsed.data;
}

async function expectSigner(remote: RemoteSigner, method: string, recover: () => Promise<string>): Promise<void> {
  let signer: string;
  try {
    signer = (await recover()).toLowerCase();
  } catch (cause) {
    throw wrongSignature(remote, method, messageOf(cause), cause);
  }
  if (signer !== remote.address) throw wrongSignature(remote, method, `it leads to ${signer}`);
}

function wrongSignature(remote: RemoteSigner, method: string, why: string, cause?: unknown): MandateError {
  const problem = `the answer of ${originOf(remote)} to ${method} is no signature by ${remote.address} of what was asked: ${why}`;
  return new MandateError("RemoteSignatureWrong", problem, {
    kind: "environment",
    ...(cause === undefined ? {} : { cause }),
    data: { method, address: remote.address },
    remedy:
      "Compare chain id and address of signer and configuration. Typed data must be signed as EIP-712 says, without a prefix of EIP-191.",
  });
}

async function ask(remote: RemoteSigner, method: string, params: readonly unknown[]): Promise<unknown> {
  const where = originOf(remote);
  let text: string;
  try {
    const response = await fetch(remote.url, {
      method: "POST",
      redirect: "error",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      signal: AbortSignal.timeout(remote.timeoutMs),
    });
    text = await response.text();
  } catch (cause) {
    throw new MandateError("RemoteSignerUnreachable", `the remote signer at ${where} does not answer`, {
      kind: "retry",
      cause,
      remedy: "Start it, or correct `remote`; what could not be signed is tried again while its epoch lasts.",
    });
  }
  const answer = answerSchema.safeParse(jsonOf(text));
  if (!answer.success || answer.data.error) {
    const error = answer.data?.error;
    const refusal = error ? `${error.code}: ${error.message}` : "the answer is no JSON-RPC";
    throw new MandateError("RemoteSignerRefused", `the remote signer at ${where} refused ${method}: ${refusal}`, {
      kind: "environment",
      data: { method },
      remedy: "Look into the signer's own log; allow the method and the key for this operator.",
    });
  }
  return answer.data.result;
}

/** The path may hold a token. */
function originOf({ url }: RemoteSigner): string {
  return new URL(url).origin;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // judged as an answer that is no JSON-RPC
  }
}
