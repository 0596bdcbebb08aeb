import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context, Hono } from "hono";
import { z } from "zod";
import type { Problem } from "../../core/api/problem.ts";
import { entryName } from "../bundle/bundle-directory.ts";
import type { EvidenceStore } from "../evidence/evidence-store.ts";
import { wordSchema } from "../hex-schema.ts";

const epochParameter = z.coerce.number().int().positive().max(0xffff_ffff);

function refuse(context: Context, status: 400 | 404, code: string, message: string): Response {
  const problem: Problem = { code, message };
  return context.json(problem, status);
}

/** The entries of sealed bundles, byte for byte as they lie on the disk. A part is asked for by its hash, which leads nowhere else. */
export function addBundleRoutes(hono: Hono, evidence: Pick<EvidenceStore, "bundlePath">): void {
  const serve = async (context: Context, name: string | undefined, type: string): Promise<Response> => {
    const epoch = epochParameter.safeParse(context.req.param("epoch"));
    if (!epoch.success) return refuse(context, 400, "InvalidEpoch", "an epoch is a whole number from 1");
    if (name === undefined) return refuse(context, 400, "InvalidPart", "a part is named by its hash of 32 bytes");
    let bytes: Buffer;
    try {
      bytes = await readFile(join(evidence.bundlePath(epoch.data), name));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
      return refuse(context, 404, "UnknownBundle", `nothing of this is sealed of epoch ${epoch.data}`);
    }
    return context.body(new Uint8Array(bytes), 200, { "content-type": type, "x-content-type-options": "nosniff" });
  };

  hono.get("/v1/epochs/:epoch/bundle", (context) => serve(context, entryName.document, "application/json"));
  hono.get("/v1/epochs/:epoch/bundle/seal", (context) => serve(context, entryName.seal, "application/json"));
  hono.get("/v1/epochs/:epoch/bundle/parts/:hash", (context) => {
    const hash = wordSchema.safeParse(context.req.param("hash"));
    // Captures are what others answered: nobody's browser shall take them for a page.
    return serve(context, hash.success ? entryName.part(hash.data) : undefined, "application/octet-stream");
  });
}
