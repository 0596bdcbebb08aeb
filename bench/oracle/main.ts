/**
 * `npm run bench:oracle`: scores, proves and agrees on a seeded epoch of a million projects, each stage in a process of its own, beside
 * `@openzeppelin/merkle-tree`, and writes `bench/results/oracle.json`. Fails on an error, never on a figure.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { z } from "zod";

/** Where the library still fits into the memory of most machines. */
const PEER_PROJECTS = 50_000;

const { values } = parseArgs({
  options: {
    projects: { type: "string", default: "1000000" },
    definitions: { type: "string", default: "1000" },
    json: { type: "boolean", default: false },
  },
});
const size = z.coerce.number().int().positive();
const projects = size.max(16_000_000).parse(values.projects);
const definitions = Math.min(projects, size.max(100_000).parse(values.definitions));
const peerProjects = Math.min(projects, PEER_PROJECTS);

const resultSchema = z
  .object({ seconds: z.number(), peakMegabytes: z.number(), projects: z.number().default(0) })
  .catchall(z.union([z.number(), z.string()]));
type Result = z.infer<typeof resultSchema>;

/** Of Node, as an operator's unit sets them: memory is that of an operator who installs it. */
const unit = readFileSync(new URL("../../deploy/operator/mandate-oracle.service", import.meta.url), "utf8");
const [, nodeOptions = ""] = /^Environment=NODE_OPTIONS=(.+)$/m.exec(unit) ?? [];

function run(stage: string, count: number): Result {
  console.error(`measuring ${stage}, ${count} projects…`);
  const script = fileURLToPath(new URL("stage.ts", import.meta.url));
  const text = execFileSync(process.execPath, [script, stage, String(count), String(Math.min(count, definitions))], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_OPTIONS: nodeOptions },
  });
  return { ...resultSchema.parse(JSON.parse(text)), projects: count };
}

const ofAll = [
  "score",
  "score in ascending order",
  "prove",
  "agree, 0 % differ",
  "agree, 1 % differ",
  "agree, no base",
  "seal",
  "replay",
];
const measured = new Map<string, Result>(ofAll.map((stage) => [stage, run(stage, projects)]));
if (measured.get("score")?.["report"] !== measured.get("score in ascending order")?.["report"]) {
  throw new Error("another order of the projects gives another report");
}
for (const stage of ["score", "@openzeppelin/merkle-tree"]) {
  measured.set(`${stage}, beside`, run(stage, peerProjects));
}
if (measured.get("score, beside")?.["root"] !== measured.get("@openzeppelin/merkle-tree, beside")?.["root"]) {
  throw new Error("the library has another root");
}

if (values.json) console.log(JSON.stringify(Object.fromEntries(measured), undefined, 2));
else {
  const table = new Table({
    head: ["stage", "projects", "seconds", "µs a leaf", "peak MB", "longest delay, ms", "bytes", "requests"],
    colAligns: ["left", "right", "right", "right", "right", "right", "right", "right"],
    style: { head: [] },
  });
  for (const [stage, { projects: count, seconds, peakMegabytes, longestDelayMs, bytes, requests }] of measured) {
    const figure = (value: unknown): string => (typeof value === "number" ? value.toLocaleString("en") : "");
    const perLeaf = ((seconds * 1e6) / count).toFixed(1);
    table.push([
      stage,
      figure(count),
      seconds.toFixed(2),
      perLeaf,
      figure(peakMegabytes),
      figure(longestDelayMs),
      figure(bytes),
      figure(requests),
    ]);
  }
  console.log(table.toString());
}
const target = new URL("../results/oracle.json", import.meta.url);
if (projects === 1_000_000) {
  mkdirSync(new URL(".", target), { recursive: true });
  writeFileSync(target, `${JSON.stringify(Object.fromEntries(measured), undefined, 2)}\n`);
  console.error("written: bench/results/oracle.json");
}
