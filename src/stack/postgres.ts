import { createHmac, randomBytes } from "node:crypto";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MandateError } from "../core/errors/mandate-error.ts";
import { replaceFile } from "./disk.ts";
import { startProcess, unexpectedEnd, type ManagedProcess } from "./native-process.ts";
import { assertPortFree, loopback } from "./ports.ts";
import { installedPrograms, placeFor, removeCluster, type PostgresPlace } from "./postgres-program.ts";
import { makePrivateDirectory, serviceUser, type ServiceUser } from "./service-user.ts";

const READY_TIMEOUT_MS = 30_000;
const READY_LINE = "database system is ready to accept connections";

/** Name of the owner of the embedded cluster. Services use roles of their own. */
const SUPERUSER = "mandate_owner";

export interface PostgresOptions {
  readonly port: number;
  /** Where data, password and log live. The cluster continues from what it finds there. */
  readonly directory: string;
  /** For data that nobody misses after a crash of the machine: much faster. */
  readonly throwaway?: boolean;
}

export interface LocalPostgres {
  /** Connection string of the cluster's owner, database `postgres`. */
  readonly ownerUrl: string;
  readonly title: string;
  readonly pid: number;
  /** A password for one of the cluster's roles: the same at each start, known to who can read the owner's. */
  derivePassword(role: string): string;
  /** Resolves with the reason where the server ends by itself; stays pending otherwise. */
  readonly failed: Promise<unknown>;
  stop(): Promise<void>;
}

/** The owner's password: made once, readable by the owner of the clone alone. */
function passwordIn(directory: string): string {
  const path = join(directory, "owner-password");
  if (!existsSync(path)) {
    removeCluster(directory); // one whose password is lost serves nobody
    mkdirSync(directory, { recursive: true });
    replaceFile(path, randomBytes(24).toString("base64url"));
    chmodSync(path, 0o600);
  }
  return readFileSync(path, "utf8").trim();
}

interface ClusterOptions {
  readonly place: PostgresPlace;
  readonly user: ServiceUser | undefined;
  readonly password: string;
  readonly logFile: string;
  readonly throwaway: boolean;
}

async function createCluster({ place, user, password, logFile, throwaway }: ClusterOptions): Promise<void> {
  // Built under another name: a start that is interrupted leaves no cluster that looks complete.
  const partial = `${place.dataDirectory}.partial`;
  rmSync(partial, { recursive: true, force: true });
  makePrivateDirectory(partial, user);
  const passwordFile = `${place.dataDirectory}.password`;
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600, flag: "wx" });
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
  try {
    const initdb = await startProcess({
      title: "the creation of the database",
      command: place.programs.initdb,
      args: [
        ...["--pgdata", partial, "--username", SUPERUSER, "--pwfile", passwordFile, "--auth", "scram-sha-256"],
        ...["--encoding", "UTF8", "--locale", "C", "--lc-messages", "C"],
        ...(throwaway ? ["--no-sync"] : []),
      ],
      cwd: "/",
      logFile,
      ...(user === undefined ? {} : { user }),
    });
    const { code } = await initdb.ended;
    if (code !== 0) throw await unexpectedEnd(initdb, logFile);
    renameSync(partial, place.dataDirectory);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(partial, { recursive: true, force: true });
  }
}

async function waitUntilReady(server: ManagedProcess, ready: Promise<void>, logFile: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<"timeout">((resolve) => (timer = setTimeout(() => resolve("timeout"), READY_TIMEOUT_MS)));
  const outcome = await Promise.race([
    ready.then(() => "ready" as const),
    server.ended.then(() => "ended" as const),
    timeout,
  ]);
  clearTimeout(timer);
  if (outcome === "ready") return;
  if (outcome === "ended") throw await unexpectedEnd(server, logFile);
  await server.stop();
  throw new MandateError("PostgresNotReady", `PostgreSQL did not answer within ${READY_TIMEOUT_MS / 1000} seconds`, {
    kind: "environment",
    remedy: `Its log is ${logFile}.`,
  });
}

/**
 * Starts the embedded PostgreSQL; creates its cluster the first time.
 * @throws {MandateError} `PortInUse`, `PlatformUnsupported`, `NoServiceUser`, `ProcessEnded`, `PostgresNotReady`, `DiskFull`.
 */
export async function startPostgres(options: PostgresOptions): Promise<LocalPostgres> {
  await assertPortFree(options.port, "PostgreSQL");
  mkdirSync(options.directory, { recursive: true });
  const user = serviceUser();
  const throwaway = options.throwaway === true;
  const password = passwordIn(options.directory);
  const place = placeFor(await installedPrograms(), options.directory, user);
  const logFile = join(options.directory, "postgres.log");
  if (!existsSync(place.dataDirectory)) await createCluster({ place, user, password, logFile, throwaway });

  const { promise: ready, resolve: onReady }: PromiseWithResolvers<void> = Promise.withResolvers();
  const server = await startProcess({
    title: "PostgreSQL",
    command: place.programs.postgres,
    args: [
      ...["-D", place.dataDirectory, "-p", String(options.port)],
      ...["-c", `listen_addresses=${loopback}`, "-c", "unix_socket_directories=", "-c", "log_min_messages=warning"],
      ...(throwaway ? ["-c", "fsync=off"] : []),
    ],
    cwd: "/",
    logFile,
    stopSignal: "SIGINT", // fast shutdown: ends sessions, keeps the data clean
    onLine: (line) => {
      if (line.includes(READY_LINE)) onReady();
    },
    ...(user === undefined ? {} : { user }),
  });
  await waitUntilReady(server, ready, logFile);

  let stopping = false;
  return {
    ownerUrl: `postgres://${SUPERUSER}:${password}@${loopback}:${options.port}/postgres`,
    title: server.title,
    pid: server.pid,
    derivePassword: (role) => createHmac("sha256", password).update(role).digest("base64url"),
    failed: new Promise((resolve) => {
      void server.ended.then(async () => {
        if (!stopping) resolve(await unexpectedEnd(server, logFile));
      });
    }),
    stop: () => {
      stopping = true;
      return server.stop();
    },
  };
}
