import { spawn } from "node:child_process";

import { FOLLOW_PARENT } from "./run-quietly.mjs";

const STOPPING = ["SIGINT", "SIGTERM", "SIGHUP"];

/** One Ctrl-C arrives more than once: from the terminal, and again from npm, which passes it on. */
const SAME_KEYSTROKE_MS = 500;

/**
 * Runs the command in the foreground and ends as it ends: same exit code, or same signal.
 *
 * The command gets a session of its own, so that it receives exactly the signals passed on here, each once. That
 * session would outlive a hard kill of this process, so the command follows its parent.
 *
 * @param {{ node: string, args: string[], cwd: string, env: NodeJS.ProcessEnv }} command
 */
export function runCommand({ node, args, cwd, env }) {
  const child = spawn(node, [...FOLLOW_PARENT, ...args], {
    cwd,
    env,
    stdio: ["inherit", "inherit", "inherit", "pipe"],
    detached: process.platform !== "win32", // there it would open another console window
  });
  const lastSeenMs = new Map();
  const handlers = STOPPING.map((signal) => {
    const passOn = () => {
      const now = performance.now();
      const repeated = now - (lastSeenMs.get(signal) ?? -Infinity) < SAME_KEYSTROKE_MS;
      lastSeenMs.set(signal, now);
      if (!repeated) child.kill(signal);
    };
    process.on(signal, passOn);
    return [signal, passOn];
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      for (const [name, passOn] of handlers) process.off(name, passOn);
      if (signal) process.kill(process.pid, signal);
      else resolve(code);
    });
  });
}
