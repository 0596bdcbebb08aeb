import { privateKeyOf } from "../../chain/hosting/configured-key.ts";
import type { SignerConfiguration } from "../configuration/configuration.ts";
import { contractSigner, eoaSigner } from "./account-signer.ts";
import type { MilestoneSigner } from "./milestone-signer.ts";
import { p256Signer } from "./p256-signer.ts";

/** The signer that a configuration describes. @throws {MandateError} `KeyUnreadable`, `KeyInvalid`. */
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
