import type { Hono } from "hono";
import type { Problem } from "../../core/api/problem.ts";
import { toJson } from "../evidence/epoch-record.ts";
import { wordSchema } from "../hex-schema.ts";
import type { DefinitionLibrary } from "../scoring/definition-library.ts";
import { isStillSecret } from "../scoring/held-out.ts";

/** Where documents come from, and which epoch closed last by the chain's clock; 0 where none has, or the chain was not seen. */
export interface ServedDocuments {
  readonly library: Pick<DefinitionLibrary, "document">;
  readonly closedEpoch: () => number;
}

/** Score definitions and what they held back, by hash. What is still held back is answered like what is not there. */
export function addDocumentRoutes(hono: Hono, { library, closedEpoch }: ServedDocuments): void {
  hono.get("/v1/documents/:hash", (context) => {
    const hash = wordSchema.safeParse(context.req.param("hash"));
    const document = hash.success ? library.document(hash.data) : undefined;
    const isServed = document !== undefined && !isStillSecret(document, closedEpoch());
    const unknown: Problem = { code: "UnknownDocument", message: "this operator has no such document" };
    return context.body(toJson(isServed ? document : unknown), isServed ? 200 : 404, {
      "content-type": "application/json",
    });
  });
}
