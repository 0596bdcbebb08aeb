import { z } from "zod";
import { gitSource } from "./git/git-source.ts";
import { httpJsonSource } from "./http-json/http-json-source.ts";
import { prometheusSource } from "./prometheus/prometheus-source.ts";

/** Where a metric is read from. */
export const sourceSpecification = z.discriminatedUnion("kind", [gitSource, prometheusSource, httpJsonSource]);

export type SourceSpecification = z.infer<typeof sourceSpecification>;

/** Version of each adapter's meaning; part of the configuration digest, so that operators measure the same thing. */
export const adapterVersions = { git: "1", prometheus: "1", "http-json": "1" } as const satisfies Readonly<
  Record<SourceSpecification["kind"], string>
>;

/** Where a source's data comes from; sources of one origin count once when independence is judged. */
export function originOf(source: SourceSpecification): string {
  return source.kind === "git" ? `git:${source.repository}` : `http:${new URL(source.url).host}`;
}

/** A source in a few words, for people. */
export function describeSource(source: SourceSpecification): string {
  return `${source.kind} ${source.kind === "git" ? `${source.repository} ${source.branch}` : source.url}`;
}
