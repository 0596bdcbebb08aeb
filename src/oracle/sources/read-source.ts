import type { ChainClient } from "../../chain/client.ts";
import { capture } from "./capture.ts";
import { readContract } from "./contract/read-contract.ts";
import type { FetchLimits, FetchText } from "./fetch-text.ts";
import { readFileSource } from "./file/read-file.ts";
import { readGit } from "./git/read-git.ts";
import { readGithub } from "./github/read-github.ts";
import { readHttpJson } from "./http-json/read-http-json.ts";
import { readHttpJsonata } from "./http-jsonata/read-http-jsonata.ts";
import { readPrometheusQuery } from "./prometheus-query/read-prometheus-query.ts";
import { readPrometheus } from "./prometheus/read-prometheus.ts";
import { unreachable, type EpochMoment, type SourceReading } from "./reading.ts";
import { namedPlace, type SourcePolicy } from "./source-policy.ts";
import type { SourceSecrets } from "./source-secrets.ts";
import type { SourceSpecification } from "./source-specification.ts";
import { readSql } from "./sql/read-sql.ts";

/** Reads one source once. */
export type ReadSource = (source: SourceSpecification, decimals: number, moment: EpochMoment) => Promise<SourceReading>;

/** With what an operator reads. */
export interface SourceAccess {
  readonly policy: SourcePolicy;
  readonly limits: FetchLimits;
  readonly secrets: SourceSecrets;
  readonly fetchText: FetchText;
  readonly client: ChainClient;
}

/**
 * A reader of all kinds of sources within this operator's policy. What the policy leaves out is `unreachable`. No detail and no
 * capture has a secret in it, whatever a library or a server quotes.
 */
export function sourceReader(access: SourceAccess): ReadSource {
  const { redact } = access.secrets;
  return async (source, decimals, moment) => {
    const reading = await readWith(access, source, decimals, moment);
    if (!reading.ok) return { ...reading, detail: redact(reading.detail) };
    const text = redact(reading.capture.text);
    return text === reading.capture.text ? reading : { ...reading, capture: capture(text) };
  };
}

function readWith(
  { policy, limits, secrets, fetchText, client }: SourceAccess,
  source: SourceSpecification,
  decimals: number,
  moment: EpochMoment,
): Promise<SourceReading> | SourceReading {
  switch (source.kind) {
    case "contract":
      return readContract(source, moment, decimals, client);
    case "file": {
      const directory = namedPlace(policy.directories, source.directory);
      if (directory === undefined) return lacking("directory", source.directory);
      return readFileSource(source, directory, moment, decimals, limits);
    }
    case "git": {
      const directory = namedPlace(policy.repositories, source.repository);
      if (directory === undefined) return lacking("repository", source.repository);
      return readGit(source, directory, moment, decimals, limits.timeoutMs);
    }
    case "github":
      return readGithub(source, moment, decimals, fetchText);
    case "http-json":
      return readHttpJson(source, decimals, fetchText);
    case "http-jsonata":
      return readHttpJsonata(source, decimals, fetchText, limits);
    case "prometheus":
      return readPrometheus(source, decimals, fetchText);
    case "prometheus-query":
      return readPrometheusQuery(source, moment, decimals, fetchText);
    case "sql": {
      const database = namedPlace(policy.databases, source.database);
      if (database === undefined) return lacking("database", source.database);
      const password = secrets.passwordOf(source.database);
      return readSql(source, { url: database.url, password, timeoutMs: limits.timeoutMs }, moment, decimals);
    }
  }
}

function lacking(what: string, name: string): SourceReading {
  return unreachable(`this operator has no ${what} ${name}`);
}
