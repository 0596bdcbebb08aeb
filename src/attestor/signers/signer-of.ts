import { privateKeyOf } from "../../chain/hosting/configured-key.ts";
import type { AttestorConfiguration } from "../configuration/configuration.ts";
import { contractSigner, eoaSigner } from "./account-signer.ts";
import type { MilestoneSigner } from "./milestone-signer.ts";
import { p256Signer } from "./p256-signer.ts";
import { safeSigner } from "./safe-signer.ts";

/**
 * The signer that a configuration describes. Passkeys are none of them: an assertion says that a person was there and verified,
 * which no service can say. A person's answer becomes a signature by `webAuthnSignature`.
 * @throws {MandateError} `KeyUnreadable`, `KeyInvalid`.
 */
export function signerOf({ signer, chainId }: Pick<AttestorConfiguration, "signer" | "chainId">): MilestoneSigner {
  switch (signer.kind) {
    case "eoa":
      return eoaSigner(privateKeyOf(signer.key));
    case "erc1271":
      return contractSigner(signer.contract, privateKeyOf(signer.key));
    case "safe":
      return safeSigner({ safe: signer.safe, chainId, ownerKeys: signer.ownerKeys.map(privateKeyOf) });
    case "p256":
      return p256Signer(signer.verifier, privateKeyOf(signer.key));
  }
}
