import type { Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import type { Problem } from "../../core/api/problem.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { toJson } from "../evidence/epoch-record.ts";
import type { AcceptedReports } from "../node/accepted-reports.ts";
import { answerRequest } from "../reconciliation/answer-request.ts";
import { REQUEST_BYTES } from "../reconciliation/messages.ts";

/** Most leaves that are served as one text: about 50 MB. */
export const LEAVES_IN_JSON = 200_000;

const epochParameter = z.coerce.number().int().positive().max(0xffff_ffff);

function refuse(context: Context, status: 400 | 404, code: string, message: string): Response {
  const problem: Problem = { code, message };
  return context.json(problem, status);
}

/** The report of an epoch without its leaves, and its leaves in parts: how operators fetch what they did not compute. */
export function addLeafRoutes(hono: Hono, accepted: Pick<AcceptedReports, "head" | "buckets">): void {
  hono.get("/v1/epochs/:epoch/report", (context) => {
    const epoch = epochParameter.safeParse(context.req.param("epoch"));
    if (!epoch.success) return refuse(context, 400, "InvalidEpoch", "an epoch is a whole number from 1");
    const record = accepted.head(epoch.data) ?? null;
    return context.body(toJson({ record }), 200, { "content-type": "application/json" });
  });

  hono.post("/v1/epochs/:epoch/leaves", bodyLimit({ maxSize: REQUEST_BYTES }), async (context) => {
    const epoch = epochParameter.safeParse(context.req.param("epoch"));
    if (!epoch.success) return refuse(context, 400, "InvalidEpoch", "an epoch is a whole number from 1");
    const buckets = accepted.buckets(epoch.data);
    if (buckets === undefined) return refuse(context, 404, "UnknownEpoch", "the leaves of no such report are here");
    try {
      const answer = answerRequest(buckets, new Uint8Array(await context.req.arrayBuffer()));
      return context.body(new Uint8Array(answer), 200, { "content-type": "application/octet-stream" });
    } catch (error) {
      if (error instanceof MandateError && error.kind === "refused") {
        return refuse(context, 400, error.code, error.message);
      }
      throw error;
    }
  });
}
