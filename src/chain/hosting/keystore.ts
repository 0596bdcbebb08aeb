import { z } from "zod";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { keyFileText } from "./configured-key.ts";

/** The version is read here, so that what is no keystore is told apart from a password that does not fit. */
const versionSchema = z.looseObject({ version: z.literal(3) });

/** Cost of guessing a password: what Geth and Clef write. */
const SCRYPT = { N: 131_072, r: 8, p: 1 };

/**
 * The key in an encrypted keystore (Web3 Secret Storage, version 3: scrypt or PBKDF2).
 * @throws {MandateError} `KeyUnreadable`, `KeystoreInvalid`, `KeystorePasswordWrong`. None says anything of key or password.
 */
export async function decryptKeystore(path: string, password: string): Promise<Hex> {
  const text = keyFileText(path);
  if (!versionSchema.safeParse(jsonOf(text)).success) throw invalid(path);
  const { decryptKeystoreJson } = await import("ethers"); // only who has a keystore waits for it
  try {
    const { privateKey } = await decryptKeystoreJson(text, password);
    return `0x${privateKey.slice(2).toLowerCase()}`;
  } catch (cause) {
    if (cause instanceof Error && cause.message.startsWith("incorrect password")) {
      throw new MandateError("KeystorePasswordWrong", `the password does not open ${path}`, {
        kind: "input",
        remedy: "Correct what `password` names: its content counts without the white space around it.",
      });
    }
    throw invalid(path); // its message may quote the file
  }
}

/** An encrypted keystore (version 3) of `privateKey`, as text. `scrypt` is for tests, which need no strong one. */
export async function encryptKeystore(
  privateKey: Hex,
  password: string,
  scrypt: typeof SCRYPT = SCRYPT,
): Promise<string> {
  const { encryptKeystoreJson, computeAddress } = await import("ethers");
  return encryptKeystoreJson({ address: computeAddress(privateKey), privateKey }, password, { scrypt });
}

function invalid(path: string): MandateError {
  return new MandateError("KeystoreInvalid", `${path} is no keystore of version 3`, {
    kind: "input",
    remedy: "Name the JSON file that Geth, Clef or `mandate oracle init` wrote; a raw key is named as `file`.",
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // what is no JSON is no keystore either
  }
}
