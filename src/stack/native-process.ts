import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { MandateError, messageOf } from "../core/errors/mandate-error.ts";

/** Lines of output kept in memory for the message about an unexpected end. */
const TAIL_LINES = 12;

/** After this time without an answer to the polite signal, a process is killed. */
const STOP_TIMEOUT_MS = 8_000;

export interface ProcessOptions {
  /** What the process is, for messages: "the chain". */
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Runs as this user; only root can. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Asks the process to end. */
  readonly stopSignal?: NodeJS.Signals;
  /** Sees each line of standard output and standard error. */
  readonly onLine?: (line: string) => void;
}

/** A child process with its log on disk, in a process group of its own: Ctrl-C in a terminal reaches only the parent. */
export interface ManagedProcess {
  readonly title: string;
  readonly pid: number;
  /** Whether the process is still there. */
  isRunning(): boolean;
  /** Last lines of output. */
  tail(): readonly string[];
  /** Resolves, never rejects, when the process is gone. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Asks it to end, kills it after a while; resolves when it is gone. */
  stop(): Promise<void>;
}

function follow(child: ChildProcess, options: ProcessOptions): string[] {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = createWriteStream(options.logFile, { flags: "a" });
  log.on("error", () => undefined); // a full disk must not end the process by way of its log; the state's writer reports it
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream?.setEncoding("utf8").on("data", (text: string) => {
      log.write(text);
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line.trim() !== "") tail.push(line);
        if (tail.length > TAIL_LINES) tail.shift();
        options.onLine?.(line);
      }
    });
  }
  child.once("close", () => log.end());
  return tail;
}

/** What runs now, with the signal that ends it. One list for the whole process, because it has one end. */
const running = new Map<ChildProcess, NodeJS.Signals>();

/** Ends, without waiting, everything that this process has started: the last resort of one that ends without stopping it. */
export function endWhatRuns(): void {
  for (const [child, signal] of running) child.kill(signal);
}

process.once("exit", endWhatRuns);

/** @throws {MandateError} `ProcessNotStarted` where the program cannot be run at all. */
export async function startProcess(options: ProcessOptions): Promise<ManagedProcess> {
  const child = spawn(options.command, options.args, {
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    ...options.user,
  });
  child.stdin.on("error", () => undefined); // the pipe only tells the child that its parent lives
  const tail = follow(child, options);
  try {
    await once(child, "spawn");
  } catch (cause) {
    throw new MandateError(
      "ProcessNotStarted",
      `cannot run ${options.title} (${options.command}): ${messageOf(cause)}`,
      {
        kind: "environment",
        data: { title: options.title, command: options.command },
        cause,
      },
    );
  }
  running.set(child, options.stopSignal ?? "SIGTERM");
  child.once("exit", () => running.delete(child));
  const pid = child.pid;
  if (pid === undefined) throw new TypeError("a spawned process has an id");
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    title: options.title,
    pid,
    isRunning,
    tail: () => [...tail],
    ended,
    stop: async () => {
      if (!isRunning()) return;
      child.kill(options.stopSignal ?? "SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** The error of a process that ended although nobody asked it to. */
export async function unexpectedEnd(managed: ManagedProcess, logFile: string): Promise<MandateError> {
  const { code, signal } = await managed.ended;
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  const last = managed.tail().map((line) => `    ${line}`);
  const message = [`${managed.title} ended unexpectedly (${how}). Its last lines:`, ...last].join("\n");
  return new MandateError("ProcessEnded", message, {
    kind: "environment",
    data: { title: managed.title, code, signal },
    remedy: `The whole log is in ${logFile}.`,
  });
}
