import { z } from "zod";

const endpointSchema = z
  .url({ protocol: /^https?$/, abort: true })
  .refine((text) => new URL(text).username === "" && new URL(text).password === "", {
    error: "a URL without a user; a key stands in its path or query",
    abort: true,
  });

/**
 * The endpoints of a chain, and how many must say the same. A majority, so that two answers never both have it; never fewer
 * than configured, however many endpoints are down.
 */
export const rpcSchema = z
  .strictObject({
    urls: z.array(endpointSchema).min(1).max(9),
    quorum: z.int().positive(),
  })
  .superRefine(({ urls, quorum }, context) => {
    const refuse = (path: PropertyKey[], message: string): void =>
      context.addIssue({ code: "custom", path, message, input: quorum });
    if (quorum > urls.length) {
      refuse(["quorum"], `RpcTooFewEndpoints: a quorum of ${quorum} needs as many endpoints; there are ${urls.length}`);
    } else if (quorum * 2 <= urls.length) {
      refuse(["quorum"], `RpcQuorumTooSmall: ${quorum} of ${urls.length} is no majority`);
    }
    const hosts = urls.map(endpointName);
    for (const [index, host] of hosts.entries()) {
      if (hosts.indexOf(host) < index) refuse(["urls", index], `RpcEndpointRepeated: ${host} is named already`);
    }
  });

export type RpcConfiguration = z.infer<typeof rpcSchema>;

/** What an endpoint is called in errors, logs and metrics: its host, because path and query usually hold a key. */
export function endpointName(url: string): string {
  return new URL(url).host;
}

/** Parts of a URL that are as long are keys rather than names. */
const KEY_LENGTH = 16;

/** Paths that are shorter, such as `/v1`, stand in other texts too and hold no key. */
const SHORT_PATH = 8;

/** What in the URL of an endpoint is probably a key, and the URL from its host on where more follows: also a short key is one. */
export function keysInUrl(text: string): readonly string[] {
  const url = new URL(text);
  const path = `${url.pathname}${url.search}`;
  const places = path === "/" ? [] : [`${url.host}${path}`, ...(path.length < SHORT_PATH ? [] : [path])];
  const long = [...url.pathname.split("/"), ...url.searchParams.values()].filter((part) => part.length >= KEY_LENGTH);
  return [...places, ...long, ...[url.username, url.password].filter((part) => part !== "")];
}
