import { readFileSync } from "node:fs";
import { privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { devAccount } from "../../chain/dev-accounts.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { hexOf, type Hex } from "../../core/hex.ts";
import type { KeyConfiguration } from "./operator-configuration.ts";

/** The account of a configured key. @throws {MandateError} `KeyUnreadable`, `KeyInvalid`. */
export function accountOf(key: KeyConfiguration): PrivateKeyAccount {
  return privateKeyToAccount(privateKeyOf(key));
}

function privateKeyOf(key: KeyConfiguration): Hex {
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
