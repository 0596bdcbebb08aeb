import { Hono, type Context } from "hono";
import { cors } from "hono/cors";
import type { Logger } from "pino";
import { z } from "zod";
import { isToken } from "../../chain/sign-in/token.ts";
import type { SignInNonceAnswer } from "../../core/api/data-access.ts";
import {
  evidenceSignInRequestSchema,
  mediaTypeSchema,
  type EvidenceListAnswer,
  type EvidenceSignInAnswer,
  type EvidenceStoredAnswer,
} from "../../core/api/evidence.ts";
import { canonicalText } from "../../core/documents/document-hash.ts";
import { messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { decideAccess } from "../access/decide-access.ts";
import type { ReadChallenge } from "../access/read-challenge.ts";
import type { ReadParties } from "../access/read-parties.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { SignerDecision, SignInRequest } from "../sessions/sign-in.ts";
import { contentHash, type EvidenceStore } from "../store/evidence-store.ts";
import type { EvidencePlace, MilestonePlace } from "../store/load-store.ts";
import type { EvidenceMetrics } from "./evidence-metrics.ts";
import {
  accessRefused,
  challengeUnknown,
  notTheChallenger,
  placeUnknown,
  ProblemAnswer,
  problemOf,
  signInRefused,
  storeFull,
  tooLarge,
} from "./problems.ts";
import { readBody } from "./read-body.ts";

const LONGEST_SIGN_IN_BYTES = 64_000;
const DOCUMENT_TYPE = "application/json";

const hashSchema = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, "not 32 bytes in hexadecimal")
  .transform((text) => text.toLowerCase() as Hex);
const placeSchema = z.object({
  project: hashSchema,
  milestone: z
    .string()
    .regex(/^(0|[1-9]\d{0,2})$/, "not the number of a milestone")
    .transform(Number),
});
const challengeSchema = z.object({ challenge: hashSchema });

export interface EvidenceAppOptions {
  readonly store: EvidenceStore;
  readonly sessions: Sessions;
  readonly readParties: ReadParties;
  /** Undefined where the store takes no evidence of challenges. */
  readonly readChallenge: ReadChallenge | undefined;
  readonly issueNonce: () => { readonly nonce: string; readonly expiresAtMs: number };
  readonly signIn: (request: SignInRequest) => Promise<SignerDecision>;
  /** Whether the chain answers, without which nobody's access can be decided. */
  readonly chainAnswers: () => Promise<boolean>;
  readonly metrics: EvidenceMetrics;
  readonly largestBytes: number;
  /** Of a challenge's evidence. */
  readonly challengeBytes: number;
  readonly totalBytes: number;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  throw new ProblemAnswer(400, "RequestInvalid", z.prettifyError(outcome.error));
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (thrown) {
    throw new ProblemAnswer(400, "RequestInvalid", `the body is no JSON: ${messageOf(thrown)}`);
  }
}

function canonicalBytes(document: unknown): Uint8Array {
  try {
    return Buffer.from(canonicalText(document));
  } catch (thrown) {
    // Nested deeper than the stack, or half of a character: it has no canonical text.
    throw new ProblemAnswer(400, "RequestInvalid", `the document has no canonical text: ${messageOf(thrown)}`);
  }
}

function tokenOf(context: Context): string | undefined {
  const token = /^Bearer (\S+)$/.exec(context.req.header("authorization") ?? "")?.[1];
  return token !== undefined && isToken(token) ? token : undefined;
}

/** The store's HTTP interface: answers as `src/core/api/evidence.ts` declares them. */
export function createEvidenceApp(options: EvidenceAppOptions): Hono {
  const { store, sessions, metrics, logger, largestBytes } = options;
  const app = new Hono();

  app.onError((thrown, context) => {
    const answer = problemOf(thrown);
    if (answer !== undefined) return context.json(answer.problem, answer.status);
    logger.error({ error: messageOf(thrown) }, "request failed");
    const problem = { code: "EvidenceUnavailable", message: "the store cannot decide or answer now; try again" };
    return context.json(problem, 503, { "retry-after": "1" });
  });
  app.notFound((context) =>
    context.json({ code: "RouteUnknown", message: `nothing answers ${context.req.path}` }, 404),
  );
  // Any page may ask: access hangs on the token that it sends, and on no cookie.
  app.use("/v1/*", cors({ origin: "*", allowHeaders: ["authorization", "content-type"] }));
  app.use("*", async (context, next) => {
    await next();
    context.header("cache-control", "no-store");
  });

  app.get("/healthz", async (context) => {
    const healthy = await options.chainAnswers();
    return context.json({ healthy }, healthy ? 200 : 503);
  });
  app.get("/metrics", async (context) => {
    const { text, contentType } = await metrics.render(store.usage(), options.totalBytes);
    return context.body(text, 200, { "content-type": contentType });
  });

  app.post("/v1/sign-in/nonce", (context) => {
    const { nonce, expiresAtMs } = options.issueNonce();
    return context.json({ nonce, expiresAt: Math.floor(expiresAtMs / 1_000) } satisfies SignInNonceAnswer);
  });
  app.post("/v1/sign-in", async (context) => {
    const body = await bodyOf(context, LONGEST_SIGN_IN_BYTES);
    const decision = await options.signIn(parsed(evidenceSignInRequestSchema, jsonOf(body)));
    if (!decision.accepted) throw signInRefused(decision.reason);
    const { account, signer } = decision;
    const { token, expiresAtMs } = sessions.open(signer);
    const expiresAt = Math.floor(expiresAtMs / 1_000);
    return context.json({ account, signer, token, expiresAt } satisfies EvidenceSignInAnswer);
  });
  app.post("/v1/sign-out", (context) => {
    const token = tokenOf(context);
    if (token !== undefined) sessions.close(token);
    return context.body(null, 204);
  });

  app.get("/v1/evidence/:project/:milestone", async (context) => {
    const { place } = await admitted(context, "read");
    return context.json({ records: store.list(place) } satisfies EvidenceListAnswer);
  });
  /** A document: any spelling of its JSON is stored in its canonical text, whose hash attestors sign. */
  app.post("/v1/evidence/:project/:milestone", async (context) => {
    const { place, signer } = await admitted(context, "upload");
    return keep(context, place, signer, await documentOf(context, largestBytes), DOCUMENT_TYPE);
  });
  /** The one document that a challenge names, by who opened it: a bond was put on every byte that this keeps. */
  app.post("/v1/challenges/:challenge/evidence", async (context) => {
    const signer = signedIn(context);
    const { challenge } = parsed(challengeSchema, context.req.param());
    const opened = await options.readChallenge?.(challenge);
    if (opened === undefined) throw challengeUnknown();
    if (opened.challenger.toLowerCase() !== signer.toLowerCase()) throw notTheChallenger();
    const bytes = await documentOf(context, options.challengeBytes);
    if (bytes.length > options.challengeBytes) throw tooLarge(options.challengeBytes); // a short spelling of long numbers
    const actual = contentHash(bytes);
    if (actual !== opened.evidence) {
      throw new ProblemAnswer(
        422,
        "EvidenceHashMismatch",
        `the document has the hash ${actual}, and the challenge ${opened.evidence}`,
      );
    }
    return keep(context, { challenge }, signer, bytes, DOCUMENT_TYPE);
  });
  /** Anybody reads what a challenge rests on: who is accused, who rules, and who checks the ruling. */
  app.get("/v1/challenges/:challenge/evidence/:hash", (context) => {
    const { challenge } = parsed(challengeSchema, context.req.param());
    return serve(context, { challenge }, "the challenge");
  });
  /** Bytes, under the hash that they have. */
  app.put("/v1/evidence/:project/:milestone/:hash", async (context) => {
    const { place, signer } = await admitted(context, "upload");
    const hash = parsed(hashSchema, context.req.param("hash"));
    const contentType = parsed(mediaTypeSchema, context.req.header("content-type") ?? "application/octet-stream");
    const bytes = await bodyOf(context, largestBytes);
    const actual = contentHash(bytes);
    if (actual !== hash) throw new ProblemAnswer(422, "EvidenceHashMismatch", `the bytes have the hash ${actual}`);
    return keep(context, place, signer, bytes, contentType);
  });
  app.get("/v1/evidence/:project/:milestone/:hash", async (context) => {
    const { place } = await admitted(context, "read");
    return serve(context, place, "the milestone");
  });
  return app;

  async function bodyOf(context: Context, maximumBytes: number): Promise<Uint8Array> {
    const bytes = await readBody(context.req.raw, maximumBytes);
    if (bytes === undefined) throw tooLarge(maximumBytes);
    if (bytes.length === 0) throw new ProblemAnswer(400, "RequestInvalid", "the body is empty");
    return bytes;
  }

  /** A posted document's canonical text. */
  async function documentOf(context: Context, maximumBytes: number): Promise<Uint8Array> {
    if (!/^application\/json\s*(;|$)/i.test(context.req.header("content-type") ?? "")) {
      throw new ProblemAnswer(415, "DocumentExpected", `a document is posted as ${DOCUMENT_TYPE}; other bytes are put`);
    }
    return canonicalBytes(jsonOf(await bodyOf(context, maximumBytes)));
  }

  async function serve(context: Context, place: EvidencePlace, named: string) {
    const hash = parsed(hashSchema, context.req.param("hash"));
    const lookup = await store.read(place, hash);
    metrics.reads.inc({ result: lookup.found ? "served" : lookup.reason });
    if (!lookup.found && lookup.reason === "missing") {
      throw new ProblemAnswer(404, "EvidenceUnknown", `${named} has no evidence with this hash`);
    }
    if (!lookup.found) {
      logger.error({ ...place, hash }, "evidence on the disk does not have its hash any more");
      throw new ProblemAnswer(
        500,
        "EvidenceDamaged",
        "what the store has does not have this hash any more, and is not served",
        "Upload it again.",
      );
    }
    return context.body(Uint8Array.from(lookup.bytes), 200, {
      "content-type": lookup.record.contentType,
      // Somebody else's file: a browser saves it, and runs nothing of it.
      "content-disposition": "attachment",
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
    });
  }

  function signedIn(context: Context): Hex {
    const token = tokenOf(context);
    const signer = token === undefined ? undefined : sessions.signerOf(token);
    if (signer !== undefined) return signer;
    throw new ProblemAnswer(401, "SignInRequired", "this needs a session", "Sign in first: POST /v1/sign-in");
  }

  /** Decides before anything of the body is read. */
  async function admitted(context: Context, action: "read" | "upload") {
    const signer = signedIn(context);
    const place: MilestonePlace = parsed(placeSchema, context.req.param());
    const outcome = await options.readParties(place);
    if (!outcome.found) throw placeUnknown(outcome.reason);
    const decision = decideAccess(action, signer, outcome.parties);
    if (!decision.allowed) {
      logger.info({ ...place, signer, action, reason: decision.reason }, "refused");
      throw accessRefused(decision.reason);
    }
    return { place, signer };
  }

  async function keep(context: Context, place: EvidencePlace, signer: Hex, bytes: Uint8Array, contentType: string) {
    const uploadedAt = Math.floor(options.nowMs() / 1_000);
    const outcome = await store.put(place, { bytes, contentType, uploadedBy: signer, uploadedAt });
    metrics.uploads.inc({ result: !outcome.stored ? outcome.reason : outcome.isNew ? "new" : "known" });
    if (!outcome.stored) throw storeFull(outcome.reason);
    const { isNew, record } = outcome;
    logger.info({ ...place, hash: record.hash, signer, isNew }, "evidence stored");
    return context.json({ isNew, record } satisfies EvidenceStoredAnswer, isNew ? 201 : 200);
  }
}
