import { z } from "zod";
import { messageOf } from "../../core/errors/mandate-error.ts";
import { redacting } from "../hosting/secret.ts";
import { answerOfError, type NoAnswer, type RpcAnswer } from "./rpc-answer.ts";
import { endpointName, keysInUrl } from "./rpc-configuration.ts";

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

const TIMEOUT_MS = 10_000;
const MAXIMUM_BYTES = 64 * 1024 * 1024;

/** Requests of one endpoint that may be under way: one that hangs must not collect them without bound. */
const MAXIMUM_UNDER_WAY = 64;

const errorSchema = z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() });
const responseSchema = z.object({ id: z.number(), result: z.unknown().optional(), error: errorSchema.optional() });
/** Some answer a batch that they refuse, for example for its rate, with one error. */
const batchSchema = z.union([z.array(responseSchema), z.object({ error: errorSchema })]);

/** One endpoint of a chain. It is asked for its chain's id together with everything else, as it can be switched at any time. */
export class RpcEndpoint {
  readonly name: string;
  readonly #url: string;
  readonly #chainId: number;
  readonly #timeoutMs: number;
  readonly #redact: (text: string) => string;
  #underWay = 0;

  constructor(url: string, chainId: number, timeoutMs = TIMEOUT_MS) {
    this.name = endpointName(url);
    this.#url = url;
    this.#chainId = chainId;
    this.#timeoutMs = timeoutMs;
    this.#redact = redacting([url, ...keysInUrl(url)]);
  }

  /** Makes `calls` in one request, in their order. Never throws: each has an answer, or a reason why there is none. */
  async ask(calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]> {
    const all = (reason: NoAnswer["reason"], detail: string): readonly RpcAnswer[] =>
      calls.map(() => ({ kind: "none", reason, detail: this.#redact(detail) }));
    if (this.#underWay >= MAXIMUM_UNDER_WAY) return all("unreachable", `${this.#underWay} requests are unanswered`);
    this.#underWay += 1;
    let text: string;
    try {
      text = await this.#post([{ method: "eth_chainId", params: [] }, ...calls]);
    } catch (thrown) {
      const cause = thrown instanceof Error && thrown.cause !== undefined ? `: ${messageOf(thrown.cause)}` : "";
      return all("unreachable", `${messageOf(thrown)}${cause}`);
    } finally {
      this.#underWay -= 1;
    }
    const batch = batchSchema.safeParse(parseJson(text));
    if (!batch.success) return all("malformed", "the answer is no JSON-RPC batch");
    if ("error" in batch.data) return all("refused", batch.data.error.message);
    const answers = new Map(batch.data.map((each) => [each.id, each]));
    const chainId = answers.get(0)?.result;
    if (typeof chainId !== "string" || !/^0x[0-9a-f]{1,13}$/i.test(chainId)) return all("malformed", "no chain id");
    if (Number(chainId) !== this.#chainId) return all("wrong-chain", `it serves chain ${Number(chainId)}`);
    return calls.map((_, index): RpcAnswer => {
      const answer = answers.get(index + 1);
      if (answer?.error !== undefined) {
        return answerOfError({ ...answer.error, message: this.#redact(answer.error.message) });
      }
      if (answer?.result === undefined) return { kind: "none", reason: "malformed", detail: "no result" };
      return { kind: "result", value: answer.result };
    });
  }

  async #post(calls: readonly RpcCall[]): Promise<string> {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(calls.map((call, id) => ({ jsonrpc: "2.0", id, ...call }))),
      redirect: "error", // where a key goes is configured, not answered
      signal: AbortSignal.timeout(this.#timeoutMs),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`status ${response.status}`);
    }
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const body: AsyncIterable<Uint8Array> | undefined = response.body ?? undefined;
    if (body === undefined) return "";
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > MAXIMUM_BYTES) throw new Error(`more than ${MAXIMUM_BYTES} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
