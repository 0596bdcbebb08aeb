import type { Command } from "commander";
import { EvidenceClient } from "../../chain/evidence/evidence-client.ts";
import type { Hex } from "../../core/hex.ts";
import { signerOf } from "./signer.ts";

/** Where the local stack's evidence store listens. */
const usualStore = "http://127.0.0.1:4105";

/** Adds the option that says which evidence store a command talks to. */
export function addStoreOption(command: Command): Command {
  const store = process.env["MANDATE_EVIDENCE"] ?? usualStore;
  return command.option("--store <url>", "the evidence store's address", store);
}

/** A client of the store that signs in as `as`: a development account, or a file with a private key. */
export function evidenceClientAs(url: string, chainId: number, as: string): EvidenceClient {
  const account = signerOf(as, chainId);
  const signMessage = (message: string): Promise<Hex> => account.signMessage({ message });
  return new EvidenceClient({ url, chainId, signer: { signer: account.address, signMessage } });
}
