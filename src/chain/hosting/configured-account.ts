import { resolve } from "node:path";
import type { LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { keySchema, keyWithin, privateKeyOf } from "./configured-key.ts";
import { decryptKeystore } from "./keystore.ts";
import { addressSchema } from "./read-configuration.ts";
import { openRemoteSigner } from "./remote-signer.ts";
import { readSecret, secretSchema } from "./secret.ts";

const DEFAULT_TIMEOUT_MS = 5_000;

export const accountSchema = z.union([
  ...keySchema.options,
  /** Encrypted keystore of version 3. */
  z.strictObject({ keystore: z.string().min(1), password: secretSchema, address: addressSchema.optional() }),
  /** A signer that holds the key: Web3Signer, or what speaks its JSON-RPC interface. */
  z.strictObject({
    remote: z.url({ protocol: /^https?$/ }).refine((text) => new URL(text).username === "", {
      error: "a URL without a user",
    }),
    address: addressSchema,
    timeoutMs: z.int().min(100).max(60_000).default(DEFAULT_TIMEOUT_MS),
  }),
]);

/** Where a service finds an account that it signs with. */
export type AccountConfiguration = z.infer<typeof accountSchema>;

/** The same account, its files' paths counted from `directory`. */
export function accountWithin(directory: string, account: AccountConfiguration): AccountConfiguration {
  if ("remote" in account) return account;
  if (!("keystore" in account)) return keyWithin(directory, account);
  const { password } = account;
  return {
    ...account,
    keystore: resolve(directory, account.keystore),
    password: "file" in password ? { file: resolve(directory, password.file) } : password,
  };
}

/** Files of an account that nobody but its service should read; absolute paths. */
export function secretFilesOf(account: AccountConfiguration): readonly string[] {
  if ("file" in account) return [account.file];
  if (!("keystore" in account)) return [];
  return [account.keystore, ...("file" in account.password ? [account.password.file] : [])];
}

/**
 * Opens a configured account: reads or decrypts its key, or asks the remote signer for it.
 * @throws {MandateError} What {@link privateKeyOf}, {@link decryptKeystore} and {@link openRemoteSigner} throw, `SecretMissing`, `SecretTooShort`,
 * and `KeyAddressDiffers` where a keystore holds another key than its `address` says.
 */
export async function openAccount(account: AccountConfiguration): Promise<LocalAccount> {
  if ("remote" in account) {
    const { remote: url, address, timeoutMs } = account;
    return openRemoteSigner({ url, address, timeoutMs });
  }
  return privateKeyToAccount(await privateKeyOfAccount(account));
}

/**
 * The bare key of a configured account, for what an account cannot do.
 * @throws {MandateError} What {@link openAccount} throws, and `KeyOutOfReach` where a remote signer holds the key.
 */
export async function privateKeyOfAccount(account: AccountConfiguration): Promise<Hex> {
  if ("remote" in account) {
    throw new MandateError("KeyOutOfReach", `the signer at ${account.remote} does not give its key away`, {
      kind: "input",
      remedy: "Name a keystore, a file or an environment variable.",
    });
  }
  if (!("keystore" in account)) return privateKeyOf(account);
  const password = readSecret(account.password, "/", process.env); // paths are absolute
  const key = await decryptKeystore(account.keystore, password);
  const { address } = privateKeyToAccount(key);
  if (account.address !== undefined && address.toLowerCase() !== account.address) {
    throw new MandateError("KeyAddressDiffers", `${account.keystore} holds the key of ${address}`, {
      kind: "input",
      data: { expected: account.address, actual: address },
      remedy: "Name the keystore that was meant, or correct `address`.",
    });
  }
  return key;
}

/** The address of a configured account; a remote signer is not asked for it. @throws {MandateError} What {@link openAccount} throws. */
export async function addressOf(account: AccountConfiguration): Promise<Hex> {
  return "remote" in account ? account.address : (await openAccount(account)).address;
}
