import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import type { FindDocument } from "../documents/document-directory.ts";
import type { PeerClient } from "./peer-client.ts";

/**
 * Asks all peers at once for a document, and takes the first answer that has the hash: neither one that is silent nor one that answers something
 * else keeps the others from being heard.
 */
export function findDocumentAt(peers: readonly Pick<PeerClient, "document">[]): FindDocument {
  return async (hash) => {
    const asked = peers.map((peer) => documentOf(peer, hash));
    return Promise.any(asked).catch(() => undefined); // nobody has it
  };
}

/** @throws {Error} Where the peer does not have it. */
async function documentOf(peer: Pick<PeerClient, "document">, hash: Hex): Promise<unknown> {
  const answer = await peer.document(hash);
  if (answer.ok && documentHash(answer.value) === hash) return answer.value;
  throw new Error(answer.ok ? "another document" : answer.detail);
}
