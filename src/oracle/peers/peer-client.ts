import { z } from "zod";
import { messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { signedMessageSchema, type SignedMessage } from "../agreement/message.ts";
import { epochRecordSchema, type EpochRecord } from "../evidence/epoch-record.ts";

const bundleSchema = z.strictObject({ messages: z.array(signedMessageSchema).max(10_000) });
const recordAnswer = z.object({ record: epochRecordSchema.nullable() });

/** Largest answer that is read from a peer. */
const MAXIMUM_BYTES = 64 * 1024 * 1024;

export type PeerAnswer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: "unreachable" | "unchanged" | "declined"; readonly detail: string };

/** Another operator, over HTTP. What it says is checked by whoever uses it: messages are signed, records lead to a root. */
export class PeerClient {
  readonly url: string;
  readonly #timeoutMs: number;
  readonly #etags = new Map<string, string>();

  constructor(url: string, timeoutMs: number) {
    this.url = url;
    this.#timeoutMs = timeoutMs;
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
    try {
      const response = await fetch(new URL(`/v1/agreement/${epoch}`, this.url), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ messages }),
        redirect: "error",
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      await response.body?.cancel();
      return response.ok ? { ok: true, value: undefined } : declined(response.status);
    } catch (thrown) {
      return unreachable(thrown);
    }
  }

  async record(epoch: number): Promise<PeerAnswer<EpochRecord | null>> {
    const answer = await this.#get(`/v1/epochs/${epoch}`, recordAnswer);
    return answer.ok ? { ok: true, value: answer.value.record } : answer;
  }

  /** A document by its hash; the caller checks the hash. */
  document(hash: Hex): Promise<PeerAnswer<unknown>> {
    return this.#get(`/v1/documents/${hash}`, z.unknown());
  }

  async #get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<PeerAnswer<z.infer<Schema>>> {
    try {
      const known = this.#etags.get(path);
      const response = await fetch(new URL(path, this.url), {
        redirect: "error",
        signal: AbortSignal.timeout(this.#timeoutMs),
        headers: known === undefined ? {} : { "if-none-match": known },
      });
      if (response.status === 304) {
        await response.body?.cancel();
        return { ok: false, reason: "unchanged", detail: "" };
      }
      if (!response.ok || Number(response.headers.get("content-length") ?? 0) > MAXIMUM_BYTES) {
        await response.body?.cancel();
        return declined(response.status);
      }
      const parsed = schema.safeParse(await response.json());
      if (!parsed.success) return { ok: false, reason: "declined", detail: z.prettifyError(parsed.error) };
      const etag = response.headers.get("etag");
      if (etag !== null) {
        if (this.#etags.size > 64) this.#etags.clear();
        this.#etags.set(path, etag);
      }
      return { ok: true, value: parsed.data };
    } catch (thrown) {
      return unreachable(thrown);
    }
  }
}

function declined(status: number): Extract<PeerAnswer<never>, { ok: false }> {
  return { ok: false, reason: "declined", detail: `status ${status}` };
}

function unreachable(thrown: unknown): Extract<PeerAnswer<never>, { ok: false }> {
  const cause = thrown instanceof Error && thrown.cause !== undefined ? `: ${messageOf(thrown.cause)}` : "";
  return { ok: false, reason: "unreachable", detail: `${messageOf(thrown)}${cause}` };
}
