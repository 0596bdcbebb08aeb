import { readGit } from "./git/read-git.ts";
import { readHttpJson } from "./http-json/read-http-json.ts";
import { readPrometheus } from "./prometheus/read-prometheus.ts";
import type { FetchLimits } from "./fetch-text.ts";
import type { EpochWindow, SourceReading } from "./reading.ts";
import { permits, type SourcePolicy } from "./source-policy.ts";
import type { SourceSpecification } from "./source-specification.ts";

/** Reads one source once. */
export type ReadSource = (source: SourceSpecification, decimals: number, window: EpochWindow) => Promise<SourceReading>;

/** A reader of all kinds of sources within this operator's policy. What the policy forbids is `unreachable`. */
export function sourceReader(policy: SourcePolicy, limits: FetchLimits): ReadSource {
  return async (source, decimals, window) => {
    if (!permits(policy, source)) {
      return { ok: false, failure: "unreachable", detail: "this operator's policy does not allow the source" };
    }
    switch (source.kind) {
      case "git":
        return readGit(source, window, decimals, limits.timeoutMs);
      case "prometheus":
        return readPrometheus(source, decimals, limits);
      case "http-json":
        return readHttpJson(source, decimals, limits);
    }
  };
}
