import { Hono } from "hono";
import { cors } from "hono/cors";
import type { Logger } from "pino";
import { z } from "zod";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import type { AttestationOutcome, AttestationRequest } from "../attestation/attest.ts";
import type { RefusalReason } from "../attestation/check-milestone.ts";
import { submittedEvidenceSchema } from "../evidence/evidence.ts";
import type { MilestoneSigner } from "../signers/milestone-signer.ts";

const requestSchema = z.strictObject({
  project: z
    .string()
    .regex(/^0x[0-9a-fA-F]{64}$/)
    .transform((text) => text.toLowerCase() as Hex),
  milestone: z.number().int().min(0).max(255),
  evidence: submittedEvidenceSchema,
  deadline: z
    .number()
    .int()
    .positive()
    .max(2 ** 48 - 1),
});

export interface AttestorApi {
  readonly signer: Pick<MilestoneSigner, "signer" | "kind">;
  readonly attest: (request: AttestationRequest) => Promise<AttestationOutcome>;
  /** Canonical text of the manifest that was signed under a hash. */
  readonly manifest: (evidence: Hex) => string | undefined;
  readonly logger: Logger;
}

/** HTTP status of a refusal: not there, in conflict with what was signed, or not met. */
function statusOf(reason: RefusalReason): 404 | 409 | 422 {
  if (reason === "unknown-project" || reason === "unknown-milestone") return 404;
  return reason === "evidence-conflict" ? 409 : 422;
}

/** HTTP interface of an attestor. */
export function createAttestorApp({ signer, attest, manifest, logger }: AttestorApi): Hono {
  const app = new Hono();
  // Any page may ask: an attestor signs what its own checks allow, whoever asks.
  app.use("/v1/*", cors());
  app.get("/healthz", (context) => context.json({ ok: true }));
  app.get("/v1/attestor", (context) => context.json({ signer: signer.signer, kind: signer.kind }));
  app.get("/v1/evidence/:hash", (context) => {
    const text = manifest(context.req.param("hash") as Hex);
    if (text === undefined)
      return context.json({ error: { code: "unknown-evidence", message: "not signed here" } }, 404);
    return context.body(text, 200, { "content-type": "application/json" });
  });
  app.post("/v1/attestations", async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined);
    const parsed = requestSchema.safeParse(body);
    if (!parsed.success) {
      return context.json({ error: { code: "invalid-request", message: z.prettifyError(parsed.error) } }, 400);
    }
    const outcome = await attest(parsed.data);
    const { project, milestone } = parsed.data;
    if (outcome.signed) {
      logger.info({ project, milestone, evidence: outcome.attestation.evidence }, "milestone proof signed");
      return context.json(outcome.attestation);
    }
    logger.info({ project, milestone, reason: outcome.reason }, "milestone proof refused");
    return context.json({ error: { code: outcome.reason, message: outcome.detail } }, statusOf(outcome.reason));
  });
  app.onError((error, context) => {
    logger.error({ err: error }, "request failed");
    const code = error instanceof MandateError ? error.code : "unavailable";
    return context.json({ error: { code, message: "the attestor could not decide; try again" } }, 503);
  });
  return app;
}
