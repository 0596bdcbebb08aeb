import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { etag } from "hono/etag";
import type { Logger } from "pino";
import { z } from "zod";
import type { Problem } from "../../core/api/problem.ts";
import { signedMessageSchema } from "../agreement/message.ts";
import type { EvidenceStore } from "../evidence/evidence-store.ts";
import { toJson } from "../evidence/epoch-record.ts";
import { wordSchema } from "../hex-schema.ts";
import { addBundleRoutes } from "./bundle-routes.ts";
import { addDocumentRoutes, type ServedDocuments } from "./document-routes.ts";
import { addLeafRoutes, LEAVES_IN_JSON } from "./leaf-routes.ts";
import type { AcceptedReports } from "../node/accepted-reports.ts";
import type { OperatorMetrics } from "../node/operator-metrics.ts";
import type { OperatorNode } from "../node/operator-node.ts";
import type { Suspender } from "../suspension/suspender.ts";

export interface OperatorApp extends ServedDocuments {
  readonly node: OperatorNode;
  readonly accepted: AcceptedReports;
  readonly suspender: Pick<Suspender, "evidence">;
  readonly evidence: Pick<EvidenceStore, "bundlePath">;
  readonly metrics: OperatorMetrics;
  readonly logger: Logger;
  /** Takes the operator's secrets out of a text. */
  readonly redact: (text: string) => string;
  /** What stays the same while the operator runs: chain id, contract, calendar. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** What a person must know about, for example that gas money has run out. */
  readonly alerts: () => readonly unknown[];
  /** Whether the chain was seen lately. */
  readonly isHealthy: () => boolean;
}

const epochParameter = z.coerce.number().int().positive().max(0xffff_ffff);
const bundleSchema = z.strictObject({ messages: z.array(signedMessageSchema).max(1_000) });

const MAXIMUM_BODY_BYTES = 16 * 1024 * 1024;

function json(context: Context, value: unknown, status: 200 | 400 | 404 | 413 | 500 | 503 = 200): Response {
  return context.body(toJson(value), status, { "content-type": "application/json" });
}

function refuse(context: Context, status: 400 | 404 | 413 | 500, code: string, message: string): Response {
  const problem: Problem = { code, message };
  return json(context, problem, status);
}

/** The operator's HTTP interface, for peers, projects and those who watch over it. */
export function createOperatorApp(app: OperatorApp): Hono {
  const hono = new Hono();

  hono.onError((error, context) => {
    app.logger.error({ err: error, path: context.req.path }, "request failed");
    return refuse(context, 500, "InternalError", "the request failed; the operator's log says why");
  });
  hono.notFound((context) => refuse(context, 404, "NotFound", `nothing at ${context.req.path}`));

  hono.get("/healthz", (context) => {
    const healthy = app.isHealthy();
    return json(context, { healthy }, healthy ? 200 : 503);
  });
  hono.get("/metrics", async (context) =>
    context.body(await app.metrics.registry.metrics(), 200, { "content-type": app.metrics.registry.contentType }),
  );
  hono.get("/v1/status", (context) => {
    // The last error and alerts may quote what a library says of its addresses and keys.
    const status = toJson({ ...app.facts, ...app.node.status, alerts: app.alerts() });
    return context.body(app.redact(status), 200, { "content-type": "application/json" });
  });

  hono.get("/v1/epochs/:epoch", (context) => {
    const epoch = epochParameter.safeParse(context.req.param("epoch"));
    if (!epoch.success) return refuse(context, 400, "InvalidEpoch", "an epoch is a whole number from 1");
    // Who wants more leaves than fit into a text asks for them by buckets or pages.
    const isSmall = (app.accepted.head(epoch.data)?.report.leafCount ?? 0) <= LEAVES_IN_JSON;
    if (!isSmall) return refuse(context, 413, "TooManyLeaves", "ask for /report and, in parts, for /leaves");
    const record = app.accepted.record(epoch.data) ?? null;
    const accepted = app.accepted.accepted(epoch.data) ?? null;
    if (record === null && accepted === null) {
      return refuse(context, 404, "UnknownEpoch", `nothing is known of epoch ${epoch.data}`);
    }
    return json(context, { epoch: epoch.data, accepted, record });
  });

  addBundleRoutes(hono, app.evidence);
  addLeafRoutes(hono, app.accepted);
  hono.get("/v1/epochs/:epoch/signed-report", (context) => {
    const epoch = epochParameter.safeParse(context.req.param("epoch"));
    if (!epoch.success) return refuse(context, 400, "InvalidEpoch", "an epoch is a whole number from 1");
    const signed = app.node.signedReport(epoch.data);
    return signed === undefined
      ? refuse(context, 404, "NoSignedReport", `no quorum of signatures is held for epoch ${epoch.data}`)
      : json(context, signed);
  });

  hono.get("/v1/epochs/:epoch/proofs/:project", (context) => {
    const epoch = epochParameter.safeParse(context.req.param("epoch"));
    const project = wordSchema.safeParse(context.req.param("project").toLowerCase());
    if (!epoch.success || !project.success) {
      return refuse(context, 400, "InvalidRequest", "name an epoch and a project id of 32 bytes");
    }
    const proved = app.accepted.prove(epoch.data, project.data);
    if (!proved.ok) return refuse(context, 404, "NoProof", proved.reason);
    const { index, root, threshold, leafCount, acceptedAt, manifest } = proved.accepted;
    return json(context, {
      header: { index, epoch: epoch.data, root, threshold, leafCount, acceptedAt, manifest },
      leaf: proved.leaf,
      proof: proved.proof,
    });
  });

  hono.get("/v1/double-signings", (context) => json(context, { doubleSignings: app.suspender.evidence }));

  addDocumentRoutes(hono, app);

  hono.get("/v1/agreement/:epoch", etag(), (context) => {
    const epoch = epochParameter.safeParse(context.req.param("epoch"));
    if (!epoch.success) return refuse(context, 400, "InvalidEpoch", "an epoch is a whole number from 1");
    return json(context, { messages: app.node.messages(epoch.data) });
  });

  hono.post("/v1/agreement/:epoch", bodyLimit({ maxSize: MAXIMUM_BODY_BYTES }), async (context) => {
    const epoch = epochParameter.safeParse(context.req.param("epoch"));
    const body = bundleSchema.safeParse(await context.req.json().catch(() => undefined));
    if (!epoch.success || !body.success) {
      return refuse(context, 400, "InvalidMessages", body.success ? "no epoch" : z.prettifyError(body.error));
    }
    await app.node.take(epoch.data, body.data.messages);
    return json(context, { taken: true });
  });

  return hono;
}
