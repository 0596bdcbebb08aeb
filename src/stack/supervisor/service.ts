import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { startProcess, unexpectedEnd, type ManagedProcess } from "../native-process.ts";

const mainPath = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

/** Generous: a loaded machine starts a dozen of these at once. */
const READY_TIMEOUT_MS = 90_000;

/** The line by which a service says that it serves. */
const readySchema = z.looseObject({ event: z.literal("ready") });
type Ready = z.infer<typeof readySchema>;

export interface ServiceOptions {
  /** What the service is, for messages: "oracle operator 2". */
  readonly title: string;
  /** Program to run instead of `mandate`. */
  readonly program?: string;
  /** Arguments of the program. */
  readonly args: readonly string[];
  readonly logFile: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** A service of the system in a process of its own. */
export interface RunningService {
  readonly title: string;
  readonly pid: number;
  /** What the service said when it began to serve. */
  readonly ready: Ready;
  /** Resolves with the reason where the service ends by itself; stays pending otherwise. */
  readonly failed: Promise<unknown>;
  stop(): Promise<void>;
  /** Ends it at once, as a crash would; not reported as a failure. */
  kill(): Promise<void>;
}

function readyIn(line: string): Ready | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return readySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // a log line of another kind
  }
}

async function firstReady(service: ManagedProcess, ready: Promise<Ready>, options: ServiceOptions): Promise<Ready> {
  const given = AbortSignal.any([AbortSignal.timeout(READY_TIMEOUT_MS), ...(options.signal ? [options.signal] : [])]);
  const aborted = new Promise<"aborted">((done) =>
    given.addEventListener("abort", () => done("aborted"), { once: true }),
  );
  const outcome = await Promise.race([ready, service.ended.then(() => "ended" as const), aborted]);
  if (typeof outcome !== "string") return outcome;
  if (outcome === "ended") throw await unexpectedEnd(service, options.logFile);
  await service.stop();
  const message = options.signal?.aborted
    ? "was interrupted while it started"
    : `did not serve within ${READY_TIMEOUT_MS / 1000} seconds`;
  throw new MandateError("ServiceNotReady", `${options.title} ${message}`, {
    kind: "environment",
    remedy: `Its log is ${options.logFile}.`,
  });
}

/**
 * Starts `mandate <args>` and waits until it says that it serves.
 * @throws {MandateError} `ProcessEnded` with its last lines, `ServiceNotReady`.
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { promise: ready, resolve: onReady } = Promise.withResolvers<Ready>();
  const service = await startProcess({
    title: options.title,
    command: process.execPath,
    args: ["--disable-warning=ExperimentalWarning", options.program ?? mainPath, ...options.args],
    logFile: resolve(options.logFile),
    env: { ...options.env, MANDATE_SUPERVISED: "1" },
    onLine: (line) => {
      const found = readyIn(line);
      if (found !== undefined) onReady(found);
    },
  });
  const said = await firstReady(service, ready, options);
  let expected = false;
  return {
    title: options.title,
    pid: service.pid,
    ready: said,
    failed: new Promise((done) => {
      void service.ended.then(async () => {
        if (!expected) done(await unexpectedEnd(service, options.logFile));
      });
    }),
    stop: () => {
      expected = true;
      return service.stop();
    },
    kill: async () => {
      expected = true;
      if (service.isRunning()) process.kill(service.pid, "SIGKILL");
      await service.ended;
    },
  };
}
