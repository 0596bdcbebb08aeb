import type { z } from "zod";
import { problemSchema } from "../../core/api/problem.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";

const TIMEOUT_MS = 10_000;

/** What a request carries beside its path. */
export interface ServiceRequest {
  /** Sent as JSON by POST; a request without it is a GET. */
  readonly body?: unknown;
  /** Bearer token of a session. */
  readonly token?: string;
}

async function send(url: URL, request: ServiceRequest): Promise<{ ok: boolean; status: number; body: unknown }> {
  try {
    const response = await fetch(url, {
      method: request.body === undefined ? "GET" : "POST",
      headers: {
        ...(request.body === undefined ? {} : { "content-type": "application/json" }),
        ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { ok: response.ok, status: response.status, body: await response.json() };
  } catch (cause) {
    throw new MandateError("ServiceUnreachable", `no service answers at ${url.origin}`, {
      kind: "retry",
      data: { url: url.origin },
      remedy: "Start the local stack (npm start), or name another address.",
      cause,
    });
  }
}

/**
 * Asks a service and reads its answer strictly.
 * @throws {MandateError} `ServiceUnreachable`, `AnswerInvalid`, or the problem's own code where the service answers one.
 */
export async function askService<T>(
  base: string,
  path: string,
  schema: z.ZodType<T>,
  request: ServiceRequest = {},
): Promise<T> {
  const { ok, status, body } = await send(new URL(path, base), request);
  if (!ok) {
    const problem = problemSchema.safeParse(body).data ?? {
      code: "ServiceRefused",
      message: `${path} answered status ${status}`,
    };
    throw new MandateError(problem.code, problem.message, {
      kind: status >= 500 ? "retry" : status === 401 || status === 403 ? "refused" : "input",
      data: { status },
      ...(problem.remedy === undefined ? {} : { remedy: problem.remedy }),
    });
  }
  const answer = schema.safeParse(body);
  if (answer.success) return answer.data;
  throw new MandateError("AnswerInvalid", `${path} answered something else than it declares`, {
    kind: "environment",
    remedy: "The service may be of another version.",
    cause: answer.error,
  });
}
