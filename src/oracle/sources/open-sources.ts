import type { ChainClient } from "../../chain/client.ts";
import type { EgressClient } from "../egress/egress-client.ts";
import { textFetcher, type FetchLimits } from "./fetch-text.ts";
import { sourceReader, type ReadSource } from "./read-source.ts";
import { permitsUrl, type SourcePolicy } from "./source-policy.ts";
import { readSourceSecrets, type SecretPlaces } from "./source-secrets.ts";

export interface OpenSources {
  readonly read: ReadSource;
  /** Takes this operator's secrets out of a text. */
  readonly redact: (text: string) => string;
}

/**
 * The sources of an operator, as its configuration has them.
 * @throws {MandateError} `SecretMissing`, `SecretTooShort`.
 */
export function openSources(
  configuration: SecretPlaces & { readonly sources: SourcePolicy & FetchLimits },
  { egress, client }: { readonly egress: EgressClient; readonly client: ChainClient },
): OpenSources {
  const { sources } = configuration;
  const secrets = readSourceSecrets(configuration);
  const limits = { timeoutMs: sources.timeoutMs, maximumBytes: sources.maximumBytes };
  const permits = (url: string): boolean => permitsUrl(sources, url);
  const fetchText = textFetcher({ egress, permits, secrets, limits });
  return { read: sourceReader({ policy: sources, limits, secrets, fetchText, client }), redact: secrets.redact };
}
