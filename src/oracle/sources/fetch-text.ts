import { messageOf } from "../../core/errors/mandate-error.ts";
import type { SourceReading } from "./reading.ts";

export interface FetchLimits {
  readonly timeoutMs: number;
  readonly maximumBytes: number;
}

export type FetchedText = { readonly ok: true; readonly text: string } | Extract<SourceReading, { readonly ok: false }>;

async function readBounded(body: ReadableStream<Uint8Array> | null, maximumBytes: number): Promise<string | undefined> {
  if (body === null) return "";
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > maximumBytes) return undefined; // leaving the loop cancels the stream
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * Reads a text over HTTP. Redirects are not followed: the operator's policy judged this URL and no other.
 * A status other than 200 and an over-long body are `declined`; no answer in time is `unreachable`.
 */
export async function fetchText(url: string, accept: string, limits: FetchLimits): Promise<FetchedText> {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  try {
    const response = await fetch(url, { redirect: "manual", signal, headers: { accept } });
    if (response.status !== 200) {
      await response.body?.cancel();
      return { ok: false, failure: "declined", detail: `status ${response.status}` };
    }
    const text = await readBounded(response.body, limits.maximumBytes);
    if (text === undefined) {
      return { ok: false, failure: "declined", detail: `more than ${limits.maximumBytes} bytes` };
    }
    return { ok: true, text };
  } catch (thrown) {
    const cause = thrown instanceof Error && thrown.cause !== undefined ? `: ${messageOf(thrown.cause)}` : "";
    return { ok: false, failure: "unreachable", detail: `${messageOf(thrown)}${cause}` };
  }
}
