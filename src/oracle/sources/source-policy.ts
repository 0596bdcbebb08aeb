/**
 * What this operator is willing to read. Definitions come from projects: without a list, a definition could make the
 * operator read its own network and files.
 */
export interface SourcePolicy {
  /** `host:port`, or `host` for any port, of HTTP sources. */
  readonly hosts: readonly string[];
  /** Directory of the operator's copy of each repository, by the name that definitions use. */
  readonly repositories: Readonly<Record<string, string>>;
  /** Directories of files that definitions may name. */
  readonly directories: Readonly<Record<string, string>>;
  /** Databases that definitions may ask; a connection string without a password each. */
  readonly databases: Readonly<Record<string, { readonly url: string }>>;
}

/** Whether the operator may read a URL. Pure. */
export function permitsUrl(policy: SourcePolicy, url: string): boolean {
  const { host, hostname } = new URL(url);
  return policy.hosts.some((each) => each === host || each === hostname);
}

/** What stands under exactly this name, or undefined. A record has names that nobody gave it, such as `constructor`. Pure. */
export function namedPlace<Place>(places: Readonly<Record<string, Place>>, name: string): Place | undefined {
  return Object.hasOwn(places, name) ? places[name] : undefined;
}
