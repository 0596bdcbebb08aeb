import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { hexOf, type Hex } from "../../core/hex.ts";
import { devAccount, devAccountIndex, type DevAccountName } from "../dev-accounts.ts";

const developmentNames = Object.keys(devAccountIndex) as [DevAccountName, ...DevAccountName[]];

export const keySchema = z.union([
  /** File that holds 32 bytes in hexadecimal. */
  z.strictObject({ file: z.string().min(1) }),
  /** Environment variable that holds the same. */
  z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/) }),
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
  const where = "file" in key ? key.file : `the environment variable ${key.env}`;
  const text = "file" in key ? keyFileText(key.file) : process.env[key.env];
  if (text === undefined) {
    throw new MandateError("KeyUnreadable", `${where} is not set`, {
      kind: "input",
      remedy: "Set it to 32 bytes in hexadecimal where the service starts.",
    });
  }
  if (!/^(0x)?[0-9a-fA-F]{64}$/.test(text.trim()) || /^(0x)?0{64}$/.test(text.trim())) {
    // The content is not part of the message: it may be most of a key.
    throw new MandateError("KeyInvalid", `${where} does not hold 32 bytes in hexadecimal`, {
      kind: "input",
      remedy: "Put 64 hexadecimal digits there and nothing else; an encrypted key is named as `keystore`.",
    });
  }
  return `0x${text.trim().replace(/^0x/, "").toLowerCase()}`;
}

/** @throws {MandateError} `KeyUnreadable`. */
export function keyFileText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new MandateError("KeyUnreadable", `cannot read the key file ${path}`, {
      kind: "input",
      cause,
      remedy:
        "Correct the path (it counts from the configuration's directory), or let the service's user read the file.",
    });
  }
}
