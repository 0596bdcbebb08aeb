import { hashMessage } from "viem";
import { EvidenceClient, type MilestoneEvidence } from "../../chain/evidence/evidence-client.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import type { MilestoneSigner } from "../signers/milestone-signer.ts";
import type { DocumentLookup } from "./document-directory.ts";

export type ContentLookup =
  | { readonly found: true; readonly bytes: Uint8Array }
  | { readonly found: false; readonly reason: "missing" | "wrong-content" };

/** Contents that evidence stores have for a milestone, by their hash; what has another hash is not believed. */
export type LoadStored = (place: MilestoneEvidence, hash: Hex) => Promise<ContentLookup>;

/**
 * Asks the stores at `urls` in this order, signed in as the attestor's signer.
 * @throws {MandateError} where none has the content and one could not be asked: it may have it.
 */
export function storedContents(
  urls: readonly string[],
  { chainId, signer }: { readonly chainId: number; readonly signer: MilestoneSigner },
): LoadStored {
  const signMessage = (message: string): Promise<Hex> => signer.sign(hashMessage(message));
  const clients = urls.map(
    (url) => new EvidenceClient({ url, chainId, signer: { signer: signer.signer, signMessage } }),
  );
  return async ({ project, milestone }, hash) => {
    let reason: "missing" | "wrong-content" = "missing";
    let failure: { readonly thrown: unknown } | undefined;
    for (const client of clients) {
      try {
        const answer = await client.get({ project, milestone }, hash);
        if (answer.found) return answer;
        if (answer.reason === "wrong-content") reason = answer.reason;
      } catch (thrown) {
        failure ??= { thrown };
      }
    }
    if (failure !== undefined) throw failure.thrown;
    return { found: false, reason };
  };
}

/** A document among the stored contents. */
export async function loadStoredDocument(
  load: LoadStored,
  place: MilestoneEvidence,
  hash: Hex,
): Promise<DocumentLookup> {
  const lookup = await load(place, hash);
  if (!lookup.found) return lookup;
  try {
    const document: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(lookup.bytes));
    if (documentHash(document) === hash) return { found: true, document };
  } catch {
    // bytes that are no document
  }
  return { found: false, reason: "wrong-content" };
}
