import { z } from "zod";

const httpUrl = z.url({ protocol: /^https?$/ });

const gitSource = z.strictObject({
  kind: z.literal("git"),
  /** Name of a repository; each operator says in its configuration where its own copy lies. */
  repository: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/),
  branch: z.string().regex(/^[A-Za-z0-9._][A-Za-z0-9._/-]{0,200}$/),
  /** Commits whose committer time lies in the epoch. */
  measure: z.literal("commits"),
});

const prometheusSource = z.strictObject({
  kind: z.literal("prometheus"),
  /** A text exposition endpoint. */
  url: httpUrl,
  metric: z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/),
  /** Labels that a sample must carry; the values of all samples that do are summed. */
  labels: z.record(z.string().max(200), z.string().max(1_000)).default({}),
});

const httpJsonSource = z.strictObject({
  kind: z.literal("http-json"),
  url: httpUrl,
  /** JSON pointer (RFC 6901) to a number, or to a string that is one. */
  pointer: z
    .string()
    .regex(/^(\/.*)?$/)
    .max(1_000),
});

/** Where a metric is read from. */
export const sourceSpecification = z.discriminatedUnion("kind", [gitSource, prometheusSource, httpJsonSource]);

export type GitSource = z.infer<typeof gitSource>;
export type PrometheusSource = z.infer<typeof prometheusSource>;
export type HttpJsonSource = z.infer<typeof httpJsonSource>;
export type SourceSpecification = z.infer<typeof sourceSpecification>;

/** Version of each adapter's meaning; part of the configuration digest, so that operators measure the same thing. */
export const adapterVersions = { git: "1", prometheus: "1", "http-json": "1" } as const;

/** Where a source's data comes from; sources of one origin count once when independence is judged. */
export function originOf(source: SourceSpecification): string {
  return source.kind === "git" ? `git:${source.repository}` : `http:${new URL(source.url).host}`;
}
