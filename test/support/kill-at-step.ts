/**
 * Preloaded into an operator's process (`node --import`): kills it with SIGKILL right before the step that `MANDATE_KILL_AT` names as
 * `<epoch>:<step>`. A step is whatever a crash could leave half done: a change of the disk, a statement of a database, a message to a peer, a
 * transaction to the chain, and the answer to it. What a process does between two steps leaves disk and network as they were, so that
 * a kill before each step is a kill at every await. Steps count from the first that touches the evidence of the epoch, or, for epoch 0, from
 * the start of the process. What it was killed before is appended to `MANDATE_KILLED_STEPS`.
 */
import { subscribe } from "node:diagnostics_channel";
import fs from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { DatabaseSync, StatementSync } from "node:sqlite";

const [epoch = 0, target = 0] = (process.env["MANDATE_KILL_AT"] ?? "").split(":").map(Number);
const { appendFileSync } = fs;
let isCounting = epoch === 0;
let steps = 0;

function step(name: string): void {
  isCounting ||= name.includes(`/evidence/${epoch}/`) || name.endsWith(`/evidence/${epoch}`);
  if (!isCounting) return;
  steps += 1;
  if (steps !== target) return;
  appendFileSync(process.env["MANDATE_KILLED_STEPS"] ?? "/dev/null", `${steps} ${name}\n`);
  process.kill(process.pid, "SIGKILL");
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Counts each call of a method of `owner` as a step, before it is made. */
function count(owner: object, name: string, describe: (args: readonly unknown[], self: unknown) => string): void {
  const original = Reflect.get(owner, name) as Method;
  Reflect.set(owner, name, function (this: unknown, ...args: unknown[]): unknown {
    step(`${name} ${describe(args, this)}`);
    return original.apply(this, args);
  });
}

const paths = new Map<unknown, string>();
const openSync = fs.openSync.bind(fs);
fs.openSync = (path, flags, mode) => {
  if (flags !== "r") step(`openSync ${String(path)}`);
  const file = openSync(path, flags, mode);
  paths.set(file, String(path));
  return file;
};
const pathOf = ([file]: readonly unknown[]): string => paths.get(file) ?? String(file);
for (const name of ["writeSync", "fsyncSync", "ftruncateSync", "appendFileSync", "fdatasync"]) count(fs, name, pathOf);
for (const name of ["renameSync", "mkdirSync", "rmSync"]) count(fs, name, ([path]) => String(path));
for (const name of ["open", "rename", "mkdir", "rm"]) count(promises, name, ([path]) => String(path));
syncBuiltinESMExports();

count(DatabaseSync.prototype, "exec", ([sql]) => firstLine(String(sql)));
count(StatementSync.prototype, "run", (_args, statement) =>
  statement instanceof StatementSync ? firstLine(statement.sourceSQL) : "",
);

// The clients of peers are Undici's, which tells of a request before it sends it.
subscribe("undici:request:create", (message) => {
  const { request } = message as { request: { method: string; path: string } };
  if (request.method === "POST" && request.path.startsWith("/v1/")) step(`POST ${request.path}`);
});
const { fetch } = globalThis;
globalThis.fetch = async (input, init) => {
  const isTransaction = typeof init?.body === "string" && init.body.includes("eth_sendRawTransaction");
  if (isTransaction) step("eth_sendRawTransaction, not yet sent");
  const response = await fetch(input, init);
  if (isTransaction) step("eth_sendRawTransaction, answered");
  return response;
};

function firstLine(sql: string): string {
  return sql.trim().split("\n", 1)[0] ?? "";
}
