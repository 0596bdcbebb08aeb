import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

import { Interrupted } from "./setup-problem.mjs";

/** First arguments of a Node of today that is to stop when this process is killed hard (follow-parent.mjs). */
export const FOLLOW_PARENT = ["--import", new URL("follow-parent.mjs", import.meta.url).href];

/** npm puts Ctrl-C off until what it is fetching has arrived. */
const GRACE_MS = 2_000;

const STOPPING = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a program to its end and keeps what it prints, for the log and for reading why it failed.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, log?: string }} options
 * @returns {Promise<{ ok: boolean, output: string }>}
 * @throws {Interrupted} when this process was told to stop meanwhile; the program is gone by then
 */
export function runQuietly(program, args, { cwd, env = process.env, log }) {
  return new Promise((resolve, reject) => {
    let output = "";
    let interruption;
    const child = spawn(program, args, { cwd, env: withoutNpmScript(env), stdio: ["ignore", "pipe", "pipe", "pipe"] });
    const stop = (signal) => {
      interruption = signal;
      child.kill(signal);
      setTimeout(() => child.kill("SIGKILL"), GRACE_MS).unref();
    };
    for (const signal of STOPPING) process.on(signal, stop);
    const finish = (ok) => {
      for (const signal of STOPPING) process.off(signal, stop);
      if (log) {
        mkdirSync(dirname(log), { recursive: true });
        appendFileSync(log, `\n$ ${[program, ...args].join(" ")}\n${output}`);
      }
      if (interruption) reject(new Interrupted(interruption));
      else resolve({ ok, output });
    };
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    child.on("error", (error) => {
      output += error.message;
      finish(false);
    });
    child.on("close", (code) => finish(code === 0));
  });
}

/** npm tells its scripts where they run; an npm inside a script must not take that for its own folder. */
function withoutNpmScript(env) {
  const kept = Object.entries(env).filter(
    ([name]) => !/^npm_(package_|lifecycle_|config_local_prefix$|config_prefix$|command$)/.test(name),
  );
  return Object.fromEntries(kept);
}
