import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { committedDefinition, heldOutCommitment, heldOutDocument } from "../../../test/support/held-out.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import { addDocumentRoutes } from "./document-routes.ts";

const documents = new Map<string, unknown>([
  [heldOutCommitment, heldOutDocument],
  [documentHash(committedDefinition), committedDefinition],
]);

async function ask(hash: string, closedEpoch: number): Promise<readonly [number, unknown]> {
  const hono = new Hono();
  addDocumentRoutes(hono, { library: { document: (each) => documents.get(each) }, closedEpoch: () => closedEpoch });
  const response = await hono.request(`/v1/documents/${hash}`);
  return [response.status, await response.json()];
}

const unknown = { code: "UnknownDocument", message: "this operator has no such document" };

describe("an operator that serves documents", () => {
  it("given a definition, it serves it at any time", async () => {
    expect(await ask(documentHash(committedDefinition), 0)).toEqual([200, committedDefinition]);
  });

  it("iOP-034: given what is held back, it serves it when its last epoch has closed, and until then says what it says of what is not there", async () => {
    expect(await ask(heldOutCommitment, 2)).toEqual([404, unknown]);
    expect(await ask(heldOutCommitment, 3)).toEqual([200, heldOutDocument]);
    expect(await ask(documentHash("nothing"), 3)).toEqual([404, unknown]);
  });

  it("given no hash, it has no such document", async () => {
    expect(await ask("..%2Foperator.yaml", 3)).toEqual([404, unknown]);
  });
});
