import { readFileSync } from "node:fs";
import { devAccount } from "../../chain/dev-accounts.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { hexOf, type Hex } from "../../core/hex.ts";
import type { KeyConfiguration, SignerConfiguration } from "../configuration/configuration.ts";
import { contractSigner, eoaSigner } from "./account-signer.ts";
import type { MilestoneSigner } from "./milestone-signer.ts";
import { p256Signer } from "./p256-signer.ts";

function privateKeyOf(key: KeyConfiguration): Hex {
  if ("development" in key) {
    const { privateKey } = devAccount(key.development).getHdKey();
    if (privateKey === null) throw new TypeError("a development account has a private key");
    return hexOf(privateKey);
  }
  const text = readFileSync(key.file, "utf8").trim();
  if (!/^(0x)?[0-9a-fA-F]{64}$/.test(text)) {
    // The content is not part of the message: it may be most of a key.
    throw new MandateError("KeyInvalid", `${key.file} does not hold 32 bytes in hexadecimal`, { kind: "input" });
  }
  return `0x${text.replace(/^0x/, "").toLowerCase()}`;
}

/** The signer that a configuration describes. */
export function signerOf(configuration: SignerConfiguration): MilestoneSigner {
  const privateKey = privateKeyOf(configuration.key);
  switch (configuration.kind) {
    case "eoa":
      return eoaSigner(privateKey);
    case "erc1271":
      return contractSigner(configuration.contract, privateKey);
    case "p256":
      return p256Signer(configuration.verifier, privateKey);
  }
}
