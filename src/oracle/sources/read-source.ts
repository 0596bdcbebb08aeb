import type { FetchLimits, FetchText } from "./fetch-text.ts";
import { readGit } from "./git/read-git.ts";
import { readHttpJson } from "./http-json/read-http-json.ts";
import { readPrometheus } from "./prometheus/read-prometheus.ts";
import type { EpochMoment, SourceReading } from "./reading.ts";
import { namedPlace, type SourcePolicy } from "./source-policy.ts";
import type { SourceSpecification } from "./source-specification.ts";

/** Reads one source once. */
export type ReadSource = (source: SourceSpecification, decimals: number, moment: EpochMoment) => Promise<SourceReading>;

/** With what an operator reads. */
export interface SourceAccess {
  readonly policy: SourcePolicy;
  readonly limits: FetchLimits;
  readonly fetchText: FetchText;
}

/** A reader of all kinds of sources within this operator's policy. What the policy leaves out is `unreachable`. */
export function sourceReader({ policy, limits, fetchText }: SourceAccess): ReadSource {
  return async (source, decimals, moment) => {
    switch (source.kind) {
      case "git": {
        const directory = namedPlace(policy.repositories, source.repository);
        return directory === undefined
          ? lacking("repository", source.repository)
          : readGit(source, directory, moment, decimals, limits.timeoutMs);
      }
      case "prometheus":
        return readPrometheus(source, decimals, fetchText);
      case "http-json":
        return readHttpJson(source, decimals, fetchText);
    }
  };
}

function lacking(what: string, name: string): SourceReading {
  return { ok: false, failure: "unreachable", detail: `this operator has no ${what} ${name}` };
}
