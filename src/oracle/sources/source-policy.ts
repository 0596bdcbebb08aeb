import { isAbsolute, normalize, sep } from "node:path";
import type { SourceSpecification } from "./source-specification.ts";

/**
 * What this operator is willing to read. Definitions come from projects: without a list, a definition could make the
 * operator read its own network and files.
 */
export interface SourcePolicy {
  /** `host:port` or `host` (any port) of HTTP sources. */
  readonly hosts: readonly string[];
  /** Directories under which repositories may lie. */
  readonly repositoryRoots: readonly string[];
}

/** Whether the operator may read `source`. Pure: it compares names, and does not resolve symbolic links. */
export function permits(policy: SourcePolicy, source: SourceSpecification): boolean {
  if (source.kind === "git") {
    const path = normalize(source.repository);
    return (
      isAbsolute(path) &&
      policy.repositoryRoots.some((root) => {
        const base = normalize(root).replace(/[/\\]+$/, "");
        return path === base || path.startsWith(base + sep);
      })
    );
  }
  const url = new URL(source.url);
  return policy.hosts.some((host) => host === url.host || host === url.hostname);
}
