import type { Logger } from "pino";
import { assertChainId, createChainClient } from "../chain/client.ts";
import { listen } from "../chain/hosting/listen.ts";
import { createAttestorApp } from "./api/app.ts";
import { attest } from "./attestation/attest.ts";
import { readMilestoneFacts } from "./chain/milestone-facts.ts";
import type { AttestorConfiguration } from "./configuration/configuration.ts";
import { documentDirectory } from "./documents/document-directory.ts";
import { storedContents } from "./documents/stored-content.ts";
import type { MilestoneSigner } from "./signers/milestone-signer.ts";
import { signerOf } from "./signers/signer-of.ts";
import { openSigningDatabase } from "./signing/signing-database.ts";

export interface RunningAttestor {
  readonly url: string;
  readonly signer: Pick<MilestoneSigner, "signer" | "kind">;
  /** Answers what it has begun, then closes. */
  stop(): Promise<void>;
}

/** Starts the service; it answers when this resolves. */
export async function runAttestor(configuration: AttestorConfiguration, logger: Logger): Promise<RunningAttestor> {
  const { chainId, rpcUrl, vault } = configuration;
  const client = createChainClient({ chainId, rpcUrl });
  await assertChainId(client);
  const signer = signerOf(configuration);
  const loadStored = storedContents(configuration.evidenceStores, { chainId, signer });
  const database = openSigningDatabase(configuration.database);
  const app = createAttestorApp({
    signer,
    manifest: (evidence) => database.manifest(evidence),
    logger,
    attest: (request) =>
      attest(
        {
          place: { chainId, verifyingContract: vault },
          signer,
          readFacts: (query) =>
            readMilestoneFacts(client, { ...query, vault, fromBlock: BigInt(configuration.fromBlock) }),
          loadDocument: documentDirectory(configuration.documents),
          loadStored,
          repositories: configuration.repositories,
          database,
          longestProofSeconds: configuration.longestProofSeconds,
        },
        request,
      ),
  });
  try {
    const listening = await listen(app.fetch, configuration.listen);
    return {
      url: listening.url,
      signer: { signer: signer.signer, kind: signer.kind },
      stop: async () => {
        await listening.close();
        database.close();
      },
    };
  } catch (error) {
    database.close();
    throw error;
  }
}
