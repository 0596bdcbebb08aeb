import type { LocalAccount } from "viem";
import { createSiweMessage } from "viem/siwe";
import type { z } from "zod";
import {
  gatewayStatusAnswerSchema,
  queryAnswerSchema,
  signInAnswerSchema,
  signInNonceAnswerSchema,
  type GatewayStatusAnswer,
  type QueryAnswer,
} from "../../src/core/api/data-access.ts";
import { MandateError } from "../../src/core/errors/mandate-error.ts";

/** A reader's session at the data gateway. */
export interface GatewaySession {
  /** One SQL statement for the rows of a resource, as the session's account. */
  query(resource: string): Promise<QueryAnswer>;
  status(): Promise<GatewayStatusAnswer>;
}

async function call<T>(url: URL, schema: z.ZodType<T>, init: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  const body: unknown = await response.json();
  const parsed = schema.safeParse(body);
  if (response.ok && parsed.success) return parsed.data;
  throw new MandateError("GatewayAnswer", `${url.pathname} answered ${response.status}: ${JSON.stringify(body)}`, {
    kind: "refused",
  });
}

function post(body: unknown, token?: string): RequestInit {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return {
    method: "POST",
    headers: { "content-type": "application/json", ...authorization },
    body: JSON.stringify(body),
  };
}

/** Signs in with an account's signature (EIP-4361). */
export async function signIn(url: string, account: LocalAccount, chainId: number): Promise<GatewaySession> {
  const at = (path: string): URL => new URL(path, url);
  const { nonce } = await call(at("/v1/sign-in/nonce"), signInNonceAnswerSchema, post({}));
  const message = createSiweMessage({
    address: account.address,
    chainId,
    domain: at("/").host,
    uri: url,
    version: "1",
    nonce,
    issuedAt: new Date(),
  });
  const signature = await account.signMessage({ message });
  const { token } = await call(at("/v1/sign-in"), signInAnswerSchema, post({ message, signature }));
  return {
    query: (resource) => call(at("/v1/query"), queryAnswerSchema, post({ resource }, token)),
    status: () => call(at("/v1/status"), gatewayStatusAnswerSchema, {}),
  };
}
