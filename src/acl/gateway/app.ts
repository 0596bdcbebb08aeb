import { Hono, type Context } from "hono";
import { z } from "zod";
import {
  queryRequestSchema,
  signInRequestSchema,
  type DataGrantsAnswer,
  type GatewayStatusAnswer,
  type SignInAnswer,
  type SignInNonceAnswer,
} from "../../core/api/data-access.ts";
import { addressSchema } from "../../core/api/primitives.ts";
import type { Problem } from "../../core/api/problem.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { parseResource, type Resource } from "../resources/resource-uri.ts";
import { isToken } from "../../chain/sign-in/token.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { SignInDecision } from "../../chain/sign-in/check-sign-in.ts";
import type { EnforcedReads } from "./enforced-reads.ts";

const LONGEST_BODY = 64_000;

const whyQuery = z.strictObject({ resource: z.string().max(500), account: addressSchema.optional() });

export interface GatewayAppOptions {
  readonly reads: EnforcedReads;
  readonly sessions: Sessions;
  readonly issueNonce: () => { readonly nonce: string; readonly expiresAtMs: number };
  readonly signIn: (message: string, signature: string) => Promise<SignInDecision>;
  readonly status: () => Promise<GatewayStatusAnswer>;
  readonly onDefect: (thrown: unknown) => void;
}

const reasons: Readonly<Record<Extract<SignInDecision, { accepted: false }>["reason"], string>> = {
  "message-unreadable": "this is no EIP-4361 sign-in message",
  "wrong-domain": "the message was written for another site",
  "wrong-chain": "the message was written for another chain",
  "nonce-unknown": "the message's nonce was not issued here, was used already, or is too old",
  "message-expired": "the message is not valid now",
  "signature-invalid": "the signature is not the account's",
};

function problem(code: string, message: string, remedy?: string): Problem {
  return { code, message, ...(remedy === undefined ? {} : { remedy }) };
}

function invalid(cause: z.ZodError): MandateError {
  return new MandateError("RequestInvalid", z.prettifyError(cause), { kind: "input", cause });
}

async function bodyOf<T>(context: Context, schema: z.ZodType<T>): Promise<T> {
  const text = await context.req.text();
  if (text.length > LONGEST_BODY)
    throw new MandateError("RequestInvalid", "the request is too long", { kind: "input" });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new MandateError("RequestInvalid", "the request is no JSON", { kind: "input", cause });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalid(parsed.error);
  return parsed.data;
}

/** The session's token, or undefined; anything that is no token is as good as none. */
function tokenOf(context: Context): string | undefined {
  const token = /^Bearer (\S+)$/.exec(context.req.header("authorization") ?? "")?.[1];
  return token !== undefined && isToken(token) ? token : undefined;
}

function resourceOf(uri: string): Resource {
  const parsed = parseResource(uri);
  if (parsed.known) return parsed.resource;
  const why =
    parsed.reason === "table-unknown" ? "its table is not protected here" : "expected postgres://<table>/<id>";
  throw new MandateError("ResourceUnknown", `${uri} is no resource of this gateway: ${why}`, {
    kind: "input",
    data: { uri },
  });
}

const signInFirst = problem("SignInRequired", "this needs a session", "Sign in first: mandate acl sign-in");

/** The gateway's HTTP interface: answers as `src/core/api/data-access.ts` declares them. */
export function createGatewayApp(options: GatewayAppOptions): Hono {
  const { reads, sessions } = options;
  const app = new Hono();

  app.onError((thrown, context) => {
    if (thrown instanceof MandateError && thrown.kind === "input") {
      return context.json(problem(thrown.code, thrown.message, thrown.remedy), 400);
    }
    options.onDefect(thrown);
    return context.json(problem("GatewayUnavailable", "nothing can be read now"), 503, { "retry-after": "1" });
  });
  app.use("*", async (context, next) => {
    await next();
    context.header("cache-control", "no-store"); // an answer is true for its block alone
  });

  app.get("/healthz", async (context) => {
    const status = await options.status();
    return context.json(status, status.serving ? 200 : 503);
  });
  app.get("/v1/status", async (context) => context.json(await options.status()));

  app.post("/v1/sign-in/nonce", (context) => {
    const { nonce, expiresAtMs } = options.issueNonce();
    return context.json({ nonce, expiresAt: Math.floor(expiresAtMs / 1000) } satisfies SignInNonceAnswer);
  });
  app.post("/v1/sign-in", async (context) => {
    const { message, signature } = await bodyOf(context, signInRequestSchema);
    const decision = await options.signIn(message, signature);
    if (!decision.accepted) return context.json(problem("SignInRefused", reasons[decision.reason]), 401);
    const { token, expiresAt } = await sessions.open(decision.account);
    const answer: SignInAnswer = {
      account: decision.account,
      token,
      expiresAt: Math.floor(expiresAt.getTime() / 1000),
    };
    return context.json(answer);
  });
  app.post("/v1/sign-out", async (context) => {
    const token = tokenOf(context);
    if (token !== undefined) await sessions.close(token);
    return context.body(null, 204);
  });

  app.post("/v1/query", async (context) => {
    const { resource } = await bodyOf(context, queryRequestSchema);
    const known = resourceOf(resource);
    const token = tokenOf(context);
    if (token === undefined) return context.json(signInFirst, 401);
    return context.json(await reads.query(known, token));
  });
  app.get("/v1/why", async (context) => {
    const query = whyQuery.safeParse(context.req.query());
    if (!query.success) throw invalid(query.error);
    const { resource, account } = query.data;
    resourceOf(resource);
    return context.json(await reads.why(resource, account ?? null, tokenOf(context)));
  });
  app.get("/v1/grants", async (context) => {
    const token = tokenOf(context);
    const grants: DataGrantsAnswer | undefined = token === undefined ? undefined : await reads.grants(token);
    return grants === undefined ? context.json(signInFirst, 401) : context.json(grants);
  });

  app.all("*", (context) => context.json(problem("RouteUnknown", `nothing answers ${context.req.path}`), 404));
  return app;
}
