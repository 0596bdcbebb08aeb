import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { z } from "zod";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { hexOf, type Hex } from "../../core/hex.ts";
import { devAccount, devAccountIndex, type DevAccountName } from "../dev-accounts.ts";

const developmentNames = Object.keys(devAccountIndex) as [DevAccountName, ...DevAccountName[]];

export const keySchema = z.union([
  /** File that holds 32 bytes in hexadecimal. */
  z.strictObject({ file: z.string().min(1) }),
  /** A key of the public test mnemonic, known to everybody: never for value. */
  z.strictObject({ development: z.enum(developmentNames) }),
]);

/** Where a service finds one of its keys. */
export type KeyConfiguration = z.infer<typeof keySchema>;

/** The same key, its file's path counted from `directory`. */
export function keyWithin(directory: string, key: KeyConfiguration): KeyConfiguration {
  return "file" in key ? { file: resolve(directory, key.file) } : key;
}

/** @throws {MandateError} `KeyUnreadable`, `KeyInvalid`. */
export function privateKeyOf(key: KeyConfiguration): Hex {
  if ("development" in key) {
    const { privateKey } = devAccount(key.development).getHdKey();
    if (privateKey === null) throw new TypeError("a development account has a private key");
    return hexOf(privateKey);
  }
  let text: string;
  try {
    text = readFileSync(key.file, "utf8").trim();
  } catch (cause) {
    throw new MandateError("KeyUnreadable", `cannot read the key file ${key.file}`, { kind: "input", cause });
  }
  if (!/^(0x)?[0-9a-fA-F]{64}$/.test(text)) {
    // The content is not part of the message: it may be most of a key.
    throw new MandateError("KeyInvalid", `${key.file} does not hold 32 bytes in hexadecimal`, { kind: "input" });
  }
  return `0x${text.replace(/^0x/, "").toLowerCase()}`;
}

/** The account of a configured key. @throws {MandateError} `KeyUnreadable`, `KeyInvalid`. */
export function accountOf(key: KeyConfiguration): PrivateKeyAccount {
  return privateKeyToAccount(privateKeyOf(key));
}
