import type { HttpJsonSource, PrometheusSource } from "./source-specification.ts";

/**
 * What this operator is willing to read. Definitions come from projects: without a list, a definition could make the
 * operator read its own network and files.
 */
export interface SourcePolicy {
  /** `host:port`, or `host` for any port, of HTTP sources. */
  readonly hosts: readonly string[];
  /** Directory of the operator's copy of each repository, by the name that definitions use. */
  readonly repositories: Readonly<Record<string, string>>;
}

/** Whether the operator may read an HTTP source. Pure. */
export function permitsUrl(policy: SourcePolicy, source: PrometheusSource | HttpJsonSource): boolean {
  const url = new URL(source.url);
  return policy.hosts.some((host) => host === url.host || host === url.hostname);
}

/** Where the operator's copy of a repository lies, or undefined where it has none. Pure. */
export function repositoryPath(policy: SourcePolicy, name: string): string | undefined {
  return Object.hasOwn(policy.repositories, name) ? policy.repositories[name] : undefined;
}
