import { readGit } from "./git/read-git.ts";
import { readHttpJson } from "./http-json/read-http-json.ts";
import { readPrometheus } from "./prometheus/read-prometheus.ts";
import type { FetchLimits } from "./fetch-text.ts";
import type { EpochWindow, SourceReading } from "./reading.ts";
import { permitsUrl, repositoryPath, type SourcePolicy } from "./source-policy.ts";
import type { SourceSpecification } from "./source-specification.ts";

/** Reads one source once. */
export type ReadSource = (source: SourceSpecification, decimals: number, window: EpochWindow) => Promise<SourceReading>;

/** A reader of all kinds of sources within this operator's policy. What the policy leaves out is `unreachable`. */
export function sourceReader(policy: SourcePolicy, limits: FetchLimits): ReadSource {
  return async (source, decimals, window) => {
    if (source.kind === "git") {
      const directory = repositoryPath(policy, source.repository);
      return directory === undefined
        ? { ok: false, failure: "unreachable", detail: `this operator has no repository ${source.repository}` }
        : readGit(source, directory, window, decimals, limits.timeoutMs);
    }
    if (!permitsUrl(policy, source)) {
      return { ok: false, failure: "unreachable", detail: `this operator's policy does not allow ${source.url}` };
    }
    return source.kind === "prometheus"
      ? readPrometheus(source, decimals, limits)
      : readHttpJson(source, decimals, limits);
  };
}
