import { lookup as systemLookup, type LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Agent, request } from "undici";
import { messageOf } from "../../core/errors/mandate-error.ts";
import type { AddressPolicy } from "./address-policy.ts";

/**
 * Why there is no answer. `address-refused`: the policy does not permit where the host leads. `unreachable`: no connection, or one
 * that broke. `timed-out`: not whole in time. `too-large`: more bytes than asked for, counted after decoding. `undecodable`: a content
 * encoding that was not asked for, or is damaged.
 */
export type EgressProblem = "address-refused" | "unreachable" | "timed-out" | "too-large" | "undecodable";

export type EgressAnswer =
  | {
      readonly ok: true;
      readonly status: number;
      /** Of a field that came several times, the first. */
      readonly header: (name: string) => string | undefined;
      /** The body of a success (200 to 299); of every other status it is not read. */
      readonly text: string;
      readonly bytes: Uint8Array;
    }
  | { readonly ok: false; readonly problem: EgressProblem; readonly detail: string };

export interface EgressRequest {
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** For everything from the name's resolution to the last byte. */
  readonly timeoutMs: number;
  readonly maximumBytes: number;
}

/** Bytes of a failure's body that are skipped to keep the connection; of a longer one it is closed. */
const SKIPPED_BYTES = 16_384;

/** Listens to an error whose effect somebody else deals with: without a listener it would end the process. */
function heardElsewhere(): void {
  // the answer says it, or the loop that reads ends with it
}

class AddressRefused extends Error {}
class TooLarge extends Error {}

/**
 * The one way out of an operator over HTTP. Addresses are judged where the connection is made, so that a name cannot lead elsewhere
 * after a check; redirects are not followed, because nobody judged where they lead.
 */
export class EgressClient {
  readonly #permits: AddressPolicy;
  readonly #agent: Agent;

  constructor(permits: AddressPolicy, lookup: LookupFunction = systemLookup) {
    this.#permits = permits;
    this.#agent = new Agent({ allowH2: false, connect: { lookup: judgedLookup(permits, lookup) } });
  }

  async request(url: string | URL, options: EgressRequest): Promise<EgressAnswer> {
    const { method = "GET", headers = {}, body, timeoutMs, maximumBytes } = options;
    // A connection to an address asks for no lookup.
    const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
    if (isIP(host) !== 0 && !this.#permits(host, host)) return refused(host, host);
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await request(url, {
        method,
        headers: { "accept-encoding": "gzip", "user-agent": "mandate-oracle", ...headers },
        body: body ?? null,
        dispatcher: this.#agent,
        signal,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      const header = (name: string): string | undefined => {
        const value = answer.headers[name];
        return typeof value === "object" ? value[0] : value;
      };
      const status = answer.statusCode;
      if (status < 200 || status > 299) {
        await answer.body.dump({ limit: SKIPPED_BYTES, signal });
        return answerOf(status, header, Buffer.alloc(0));
      }
      const encoding = header("content-encoding") ?? "identity";
      if (encoding !== "identity" && encoding !== "gzip") {
        answer.body.on("error", heardElsewhere).destroy();
        return { ok: false, problem: "undecodable", detail: `content encoding ${encoding}` };
      }
      return answerOf(status, header, await readBounded(answer.body, encoding === "gzip", maximumBytes));
    } catch (thrown) {
      return problemOf(thrown, signal.aborted, options);
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

/** Resolves a name once, for one connection, and gives only what may be connected to: all of its addresses, or none. */
function judgedLookup(permits: AddressPolicy, lookup: LookupFunction): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const addresses: LookupAddress[] = Array.isArray(found) ? found : [{ address: found, family: isIP(found) }];
      const bad = addresses.find(({ address }) => !permits(host, address));
      const [first] = addresses;
      if (bad !== undefined || first === undefined) callback(new AddressRefused(refusal(host, bad?.address)), []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

async function readBounded(body: Readable, isCompressed: boolean, maximumBytes: number): Promise<Buffer> {
  const decoded = isCompressed ? pipeline(body, createGunzip(), heardElsewhere) : body;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of decoded as AsyncIterable<Buffer>) {
    length += chunk.byteLength;
    if (length > maximumBytes) throw new TooLarge(); // leaving the loop closes the connection
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function answerOf(status: number, header: (name: string) => string | undefined, bytes: Buffer): EgressAnswer {
  return {
    ok: true,
    status,
    header,
    bytes,
    get text() {
      return bytes.toString("utf8");
    },
  };
}

function refusal(host: string, address: string | undefined): string {
  if (address === undefined) return `${host} has no address`;
  const place = host === address ? host : `${host} is at ${address}, which`;
  return `${place} is not public, and this operator does not allow it`;
}

function refused(host: string, address: string): EgressAnswer {
  return { ok: false, problem: "address-refused", detail: refusal(host, address) };
}

function problemOf(thrown: unknown, timedOut: boolean, { timeoutMs, maximumBytes }: EgressRequest): EgressAnswer {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  const isRefusal = (each: unknown): boolean => each instanceof AddressRefused;
  if (isRefusal(thrown) || isRefusal(cause)) {
    return { ok: false, problem: "address-refused", detail: messageOf(isRefusal(thrown) ? thrown : cause) };
  }
  if (thrown instanceof TooLarge) {
    return { ok: false, problem: "too-large", detail: `more than ${maximumBytes} bytes` };
  }
  if (timedOut) return { ok: false, problem: "timed-out", detail: `no whole answer within ${timeoutMs} ms` };
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  if (code.startsWith("Z_")) return { ok: false, problem: "undecodable", detail: messageOf(thrown) };
  const detail = messageOf(thrown) === "" ? code : messageOf(thrown); // several failed addresses have a code alone
  return { ok: false, problem: "unreachable", detail: cause === undefined ? detail : `${detail}: ${messageOf(cause)}` };
}
