import { createSiweMessage } from "viem/siwe";
import type { z } from "zod";
import { signInNonceAnswerSchema } from "../../core/api/data-access.ts";
import {
  evidenceListSchema,
  evidenceSignInAnswerSchema,
  evidenceStoredSchema,
  LARGEST_EVIDENCE_BYTES,
  type EvidenceRecord,
  type EvidenceStoredAnswer,
} from "../../core/api/evidence.ts";
import { problemSchema } from "../../core/api/problem.ts";
import { MandateError, type ErrorKind } from "../../core/errors/mandate-error.ts";
import { hexOf, type Hex } from "../../core/hex.ts";
import { keccak256 } from "../../core/keccak.ts";
import { accountOfSigner } from "../sign-in/account-of-signer.ts";

/** Who signs in to a store. */
export interface EvidenceSigner {
  /** ERC-7913 bytes. */
  readonly signer: Hex;
  /** Signs text by EIP-191. */
  signMessage(message: string): Promise<Hex>;
}

export interface MilestoneEvidence {
  readonly project: Hex;
  readonly milestone: number;
}

/** What evidence is for. A challenge has one document. */
export type EvidencePlace = MilestoneEvidence | { readonly challenge: Hex };

export type EvidenceAnswer =
  | { readonly found: true; readonly bytes: Uint8Array; readonly contentType: string }
  /** `wrong-content`: the store served something with another hash. */
  | { readonly found: false; readonly reason: "missing" | "wrong-content" };

export interface EvidenceClientOptions {
  readonly url: string;
  readonly chainId: number;
  /** Nobody for what anybody may read: evidence of challenges. */
  readonly signer?: EvidenceSigner;
  /** Wait for each answer. Default 30,000. */
  readonly timeoutMs?: number;
  /** Largest content that is read. */
  readonly largestBytes?: number;
}

interface Sending {
  readonly method?: "GET" | "POST" | "PUT";
  readonly body?: Uint8Array | string;
  readonly contentType?: string;
}

function kindOf(status: number): ErrorKind {
  if (status === 507) return "environment";
  if (status >= 500) return "retry";
  return status === 401 || status === 403 ? "refused" : "input";
}

/** Talks to an evidence store as one signer: signs in when it has to, and believes no content whose hash is not the one asked for. */
export class EvidenceClient {
  readonly #options: EvidenceClientOptions;
  #token: string | undefined;

  constructor(options: EvidenceClientOptions) {
    this.#options = options;
  }

  get url(): string {
    return this.#options.url;
  }

  /** Uploads a document as canonical text. @throws {MandateError} with the code of the store's problem. */
  putDocument(place: EvidencePlace, document: unknown): Promise<EvidenceStoredAnswer> {
    const sending = { method: "POST", body: JSON.stringify(document), contentType: "application/json" } as const;
    return this.#json(pathOf(place), evidenceStoredSchema, sending);
  }

  /** Uploads bytes under their hash. @throws {MandateError} with the code of the store's problem. */
  putBytes(place: MilestoneEvidence, body: Uint8Array, contentType: string): Promise<EvidenceStoredAnswer> {
    return this.#json(pathOf(place, hexOf(keccak256(body))), evidenceStoredSchema, {
      method: "PUT",
      body,
      contentType,
    });
  }

  async list(place: MilestoneEvidence): Promise<readonly EvidenceRecord[]> {
    return (await this.#json(pathOf(place), evidenceListSchema)).records;
  }

  async get(place: EvidencePlace, hash: Hex): Promise<EvidenceAnswer> {
    const path = pathOf(place, hash);
    const response = this.#options.signer === undefined ? await this.#send(path, {}) : await this.#authorized(path, {});
    if (!response.ok) {
      const thrown = await refusal(response);
      if (thrown.code === "EvidenceUnknown") return { found: false, reason: "missing" };
      throw thrown;
    }
    const bytes = await this.#bytesOf(response);
    if (bytes === undefined || hexOf(keccak256(bytes)) !== hash.toLowerCase()) {
      return { found: false, reason: "wrong-content" };
    }
    return { found: true, bytes, contentType: response.headers.get("content-type") ?? "application/octet-stream" };
  }

  async #bytesOf(response: Response): Promise<Uint8Array | undefined> {
    const { largestBytes = LARGEST_EVIDENCE_BYTES } = this.#options;
    const parts: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        length += part.length;
        if (length > largestBytes) return undefined;
        parts.push(part);
      }
    } catch (cause) {
      throw this.#unreachable(cause);
    }
    return Buffer.concat(parts, length);
  }

  async #json<T>(path: string, schema: z.ZodType<T>, sending: Sending = {}): Promise<T> {
    return this.#read(await this.#authorized(path, sending), schema);
  }

  async #read<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
    if (!response.ok) throw await refusal(response);
    const answer = schema.safeParse(await response.json().catch(() => undefined));
    if (answer.success) return answer.data;
    throw new MandateError("AnswerInvalid", `${this.url} answered something else than it declares`, {
      kind: "environment",
      remedy: "The service may be of another version.",
      cause: answer.error,
    });
  }

  /** Sends with a session; begins a new one where the store knows the old one no more. */
  async #authorized(path: string, sending: Sending): Promise<Response> {
    if (this.#token !== undefined) {
      const response = await this.#send(path, sending, this.#token);
      if (response.status !== 401) return response;
      await response.body?.cancel();
    }
    this.#token = await this.#signIn();
    return this.#send(path, sending, this.#token);
  }

  async #signIn(): Promise<string> {
    const { url, chainId, signer } = this.#options;
    if (signer === undefined) {
      throw new MandateError("SignInRequired", "somebody has to sign in for this", { kind: "input" });
    }
    const asked = await this.#send("/v1/sign-in/nonce", { method: "POST" });
    const { nonce } = await this.#read(asked, signInNonceAnswerSchema);
    const message = createSiweMessage({
      address: accountOfSigner(signer.signer),
      chainId,
      domain: new URL(url).host,
      nonce,
      statement: "Sign in to the evidence of milestones and challenges to which you are a party.",
      uri: url,
      version: "1",
    });
    const body = JSON.stringify({
      message,
      signature: await signer.signMessage(message),
      signer: signer.signer,
    });
    const response = await this.#send("/v1/sign-in", { method: "POST", body, contentType: "application/json" });
    return (await this.#read(response, evidenceSignInAnswerSchema)).token;
  }

  async #send(path: string, { method = "GET", body, contentType }: Sending, token?: string): Promise<Response> {
    try {
      return await fetch(new URL(path, this.url), {
        method,
        headers: {
          ...(contentType === undefined ? {} : { "content-type": contentType }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : Uint8Array.from(body) }),
        redirect: "error",
        signal: AbortSignal.timeout(this.#options.timeoutMs ?? 30_000),
      });
    } catch (cause) {
      throw this.#unreachable(cause);
    }
  }

  #unreachable(cause: unknown): MandateError {
    return new MandateError("EvidenceStoreUnreachable", `no evidence store answers at ${this.url}`, {
      kind: "retry",
      data: { url: this.url },
      remedy: "Start it (mandate evidence serve), or name another address.",
      cause,
    });
  }
}

function pathOf(place: EvidencePlace, hash?: Hex): string {
  const path =
    "challenge" in place
      ? `/v1/challenges/${place.challenge}/evidence`
      : `/v1/evidence/${place.project}/${place.milestone}`;
  return hash === undefined ? path : `${path}/${hash}`;
}

async function refusal(response: Response): Promise<MandateError> {
  const { status } = response;
  const parsed = problemSchema.safeParse(await response.json().catch(() => undefined));
  const { code, message, remedy } = parsed.data ?? {
    code: "ServiceRefused",
    message: `the evidence store answered status ${status}`,
    remedy: undefined,
  };
  return new MandateError(code, message, {
    kind: kindOf(status),
    data: { status },
    ...(remedy === undefined ? {} : { remedy }),
  });
}
