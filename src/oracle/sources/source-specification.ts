import { z } from "zod";
import { contractSource } from "./contract/contract-source.ts";
import { fileSource } from "./file/file-source.ts";
import { gitSource } from "./git/git-source.ts";
import { githubSource } from "./github/github-source.ts";
import { httpJsonSource } from "./http-json/http-json-source.ts";
import { httpJsonataSource } from "./http-jsonata/http-jsonata-source.ts";
import { prometheusQuerySource } from "./prometheus-query/prometheus-query-source.ts";
import { prometheusSource } from "./prometheus/prometheus-source.ts";
import { sqlSource } from "./sql/sql-source.ts";

/** Where a metric is read from. */
export const sourceSpecification = z.discriminatedUnion("kind", [
  contractSource,
  fileSource,
  gitSource,
  githubSource,
  httpJsonSource,
  httpJsonataSource,
  prometheusQuerySource,
  prometheusSource,
  sqlSource,
]);

export type SourceSpecification = z.infer<typeof sourceSpecification>;
export type SourceKind = SourceSpecification["kind"];

/** Version of each adapter's meaning; part of the configuration digest, so that operators measure the same thing. */
export const adapterVersions: Readonly<Record<SourceKind, string>> = {
  contract: "1",
  file: "1",
  git: "1",
  github: "1",
  "http-json": "1",
  "http-jsonata": "1",
  "prometheus-query": "1",
  prometheus: "1",
  sql: "1",
};

/** Where a source's data comes from; sources of one origin count once when independence is judged. */
export function originOf(source: SourceSpecification): string {
  switch (source.kind) {
    case "contract":
      return `contract:${source.address}`;
    case "file":
      return `file:${source.directory}`;
    case "git":
      return `git:${source.repository}`;
    case "github":
      return `http:${new URL(source.api).hostname}`; // whoever reads it over plain HTTP as well has no second origin
    case "sql":
      return `sql:${source.database}`;
    default:
      return `http:${new URL(source.url).hostname}`; // two ports of a host are in the same hands
  }
}

/** A source in a few words, for people. */
export function describeSource(source: SourceSpecification): string {
  const { kind } = source;
  switch (kind) {
    case "contract":
      return `${kind} ${source.address} ${source.function}`;
    case "file":
      return `${kind} ${source.directory}/${source.path}`;
    case "git":
      return `${kind} ${source.repository} ${source.branch}`;
    case "github":
      return `${kind} ${source.repository} ${source.measure}`;
    case "sql":
      return `${kind} ${source.database}`;
    default:
      return `${kind} ${source.url}`;
  }
}
