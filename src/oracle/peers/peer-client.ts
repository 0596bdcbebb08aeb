import { z } from "zod";
import { systemClock, type Clock } from "../../core/clock.ts";
import type { Hex } from "../../core/hex.ts";
import { signedMessageSchema, type SignedMessage } from "../agreement/message.ts";
import type { EgressAnswer, EgressClient, EgressRequest } from "../egress/egress-client.ts";
import { epochHeadSchema, type EpochHead } from "../evidence/epoch-record.ts";

const bundleSchema = z.strictObject({ messages: z.array(signedMessageSchema).max(10_000) });
const headAnswer = z.object({ record: epochHeadSchema.nullable() });
const statusAnswer = z.object({ chainId: z.number(), oracle: z.string(), operator: z.string() });

export type PeerStatus = z.infer<typeof statusAnswer>;

/** For one answer of a peer: long enough for the leaves of a large epoch, short enough for a round of the loop. */
export const peerLimits = { timeoutMs: 3_000, maximumBytes: 64 * 1024 * 1024 } as const;

export type PeerAnswer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: "unreachable" | "unchanged" | "declined"; readonly detail: string };

/** How the last request to a peer went. */
export interface PeerContact {
  readonly answered: boolean;
  /** When it last answered anything; undefined where it never did. */
  readonly answeredAtMs: number | undefined;
}

type NoAnswer = Extract<PeerAnswer<never>, { ok: false }>;

/** Another operator, over HTTP. What it says is checked by whoever uses it: messages are signed, records lead to a root. */
export class PeerClient {
  readonly url: string;
  readonly #egress: EgressClient;
  readonly #limits: Pick<EgressRequest, "timeoutMs" | "maximumBytes">;
  readonly #clock: Clock;
  readonly #etags = new Map<string, string>();
  #contact: PeerContact | undefined;

  constructor(
    url: string,
    egress: EgressClient,
    limits: Pick<EgressRequest, "timeoutMs" | "maximumBytes"> = peerLimits,
    clock: Clock = systemClock,
  ) {
    this.#clock = clock;
    this.url = url;
    this.#egress = egress;
    this.#limits = limits;
  }

  /** Undefined before the first request. */
  get contact(): PeerContact | undefined {
    return this.#contact;
  }

  /** What the peer holds of an epoch's agreement; `unchanged` since the last time is not sent again. */
  async messages(epoch: number): Promise<PeerAnswer<readonly SignedMessage[]>> {
    const answer = await this.#get(`/v1/agreement/${epoch}`, bundleSchema);
    return answer.ok ? { ok: true, value: answer.value.messages } : answer;
  }

  /** Begins anew: what an earlier asker has seen is all new to the next one. */
  forget(): void {
    this.#etags.clear();
  }

  async send(epoch: number, messages: readonly SignedMessage[]): Promise<PeerAnswer<undefined>> {
    const answer = await this.#request(`/v1/agreement/${epoch}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ messages }),
    });
    return answer.ok ? { ok: true, value: undefined } : answer;
  }

  /** What the peer holds of an epoch's report, without its leaves. */
  async head(epoch: number): Promise<PeerAnswer<EpochHead | null>> {
    const answer = await this.#get(`/v1/epochs/${epoch}/report`, headAnswer);
    return answer.ok ? { ok: true, value: answer.value.record } : answer;
  }

  /** The answer to a request about the leaves of an epoch's report (`src/oracle/reconciliation`). */
  async leaves(epoch: number, request: Uint8Array): Promise<PeerAnswer<Uint8Array>> {
    const answer = await this.#request(`/v1/epochs/${epoch}/leaves`, {
      method: "POST",
      headers: { "content-type": "application/octet-stream" },
      body: request,
    });
    return answer.ok ? { ok: true, value: answer.bytes } : answer;
  }

  /** A document by its hash; the caller checks the hash. */
  document(hash: Hex): Promise<PeerAnswer<unknown>> {
    return this.#get(`/v1/documents/${hash}`, z.unknown());
  }

  /** For whom the peer works. */
  status(): Promise<PeerAnswer<PeerStatus>> {
    return this.#get("/v1/status", statusAnswer);
  }

  async #get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<PeerAnswer<z.infer<Schema>>> {
    const known = this.#etags.get(path);
    const answer = await this.#request(path, { headers: known === undefined ? {} : { "if-none-match": known } });
    if (!answer.ok) return answer;
    const parsed = schema.safeParse(jsonOf(answer.text));
    if (!parsed.success) return { ok: false, reason: "declined", detail: z.prettifyError(parsed.error) };
    const etag = answer.header("etag");
    if (etag !== undefined) {
      if (this.#etags.size > 64) this.#etags.clear();
      this.#etags.set(path, etag);
    }
    return { ok: true, value: parsed.data };
  }

  async #request(
    path: string,
    options: Pick<EgressRequest, "method" | "headers" | "body">,
  ): Promise<Extract<EgressAnswer, { ok: true }> | NoAnswer> {
    const answer = await this.#egress.request(new URL(path, this.url), { ...options, ...this.#limits });
    const isAnswer = answer.ok || answer.problem === "too-large" || answer.problem === "undecodable";
    this.#contact = {
      answered: isAnswer,
      answeredAtMs: isAnswer ? this.#clock.nowMs() : this.#contact?.answeredAtMs,
    };
    if (!answer.ok) {
      return { ok: false, reason: isAnswer ? "declined" : "unreachable", detail: answer.detail };
    }
    if (answer.status === 304) return { ok: false, reason: "unchanged", detail: "" };
    if (answer.status < 200 || answer.status > 299) {
      return { ok: false, reason: "declined", detail: `status ${answer.status}` };
    }
    return answer;
  }
}

/** Undefined where `text` is no JSON: no schema of an answer allows that, but that of a document, which no hash then names. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
