import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Hex } from "../../src/core/hex.ts";
import { operatorSource } from "../../src/oracle/bundle/bundle-source.ts";
import { openBundle } from "../../src/oracle/replay/open-bundle.ts";
import { loadKeccakHasher } from "../../src/oracle/tree/keccak-hasher.ts";
import { oracleCommandIn, replayServed } from "../support/oracle-evidence.ts";
import {
  eventually,
  operatorNames,
  reportDeadlineSeconds,
  startOracleNetwork,
  type OperatorName,
  type OperatorProcess,
  type OracleNetwork,
} from "../support/oracle-network.ts";
import { exampleDefinition, gitMetric, half, one } from "../support/score-definition.ts";

/** Two repositories: commits are counted in one, and how many of them came through review stands in the other. */
let home: string;
let network: OracleNetwork;
const operators = new Map<OperatorName, OperatorProcess>();
let heldOut: { readonly hash: Hex; readonly path: string };
let project: Hex;
/** The epoch whose time is held back. */
let watched: number;

const repository = (name: string): string => join(home, name);
const documentsOf = (name: OperatorName): string => join(network.directory, `${name}-documents`);

function git(name: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): void {
  const author = ["-c", "user.name=Test", "-c", "user.email=test@example.invalid"];
  execFileSync("git", ["-C", repository(name), ...author, ...args], { env: { ...process.env, ...environment } });
}

function commit(name: string, seconds: number, count: number): void {
  const date = `${seconds} +0000`;
  for (let index = 0; index < count; index += 1) {
    git(name, ["commit", "-q", "--allow-empty", "-m", "work"], { GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date });
  }
}

const source = (name: string): object => ({ kind: "git", repository: name, branch: "main", measure: "commits" });

const madeSchema = z.object({
  definition: z.object({ hash: z.string(), path: z.string() }),
  heldOut: z.object({ hash: z.string(), path: z.string() }),
});

/** A score by commits, half of which are to come through review. Returns the definition. */
async function holdOut(directory: string): Promise<unknown> {
  const dimensions = [{ name: "delivery", weight: one, metrics: [gitMetric] }];
  writeFileSync(join(directory, "definition.json"), JSON.stringify({ ...exampleDefinition, dimensions }));
  const probes = [
    { name: "reviewed", source: source("reviews"), decimals: 0 },
    { name: "all", source: source("site"), decimals: 0 },
  ];
  const checks = [{ name: "reviewed", part: "reviewed", whole: "all", limit: { atLeast: half } }];
  writeFileSync(join(directory, "checks.json"), JSON.stringify({ probes, checks }));
  const files = ["--definition", "definition.json", "--checks", "checks.json", "--out", "out"];
  const epochs = ["--first", watched, "--last", watched, "--through", watched + 2].map(String);
  const { code, json } = await oracleCommandIn(directory)("hold-out", ...files, ...epochs);
  expect(code).toBe(0);
  const made = madeSchema.parse(json);
  heldOut = { hash: made.heldOut.hash as Hex, path: join(directory, made.heldOut.path) };
  for (const name of operatorNames) {
    copyFileSync(join(directory, made.definition.path), join(documentsOf(name), `${made.definition.hash}.json`));
  }
  return JSON.parse(readFileSync(join(directory, made.definition.path), "utf8"));
}

function operator(name: OperatorName): OperatorProcess {
  const found = operators.get(name);
  if (found === undefined) throw new Error(`${name} does not run`);
  return found;
}

async function reportOf(epoch: number): Promise<void> {
  await network.jumpTo(await network.endOf(epoch));
  await eventually(`the report of epoch ${epoch} is accepted`, async () =>
    (await network.lastEpoch()) === epoch ? true : undefined,
  );
}

/** The project's grade in an epoch. */
async function gradeIn(epoch: number): Promise<number> {
  return eventually(`a proof of epoch ${epoch}`, async () => {
    const response = await fetch(new URL(`/v1/epochs/${epoch}/proofs/${project}`, operator("operatorTwo").url));
    if (!response.ok) return undefined;
    return z.object({ leaf: z.object({ grade: z.number() }) }).parse(await response.json()).leaf.grade;
  });
}

const served = async (name: OperatorName): Promise<number> =>
  (await fetch(new URL(`/v1/documents/${heldOut.hash}`, operator(name).url))).status;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "mandate-held-out-"));
  for (const name of ["site", "reviews"]) {
    mkdirSync(repository(name));
    git(name, ["init", "-q", "-b", "main"]);
  }
  const repositories = { site: repository("site"), reviews: repository("reviews") };
  network = await startOracleNetwork({ hosts: [], repositories });
  for (const name of operatorNames) {
    cpSync(join(network.directory, "documents"), documentsOf(name), { recursive: true }); // the ruleset
  }
  await Promise.all(
    operatorNames.map(async (name) => operators.set(name, await network.start(name, { documents: documentsOf(name) }))),
  );
  watched = (await network.runningEpoch()) + 1;
  const author = join(home, "author");
  mkdirSync(author);
  project = await network.openProject(await holdOut(author));
  await network.jumpTo(await network.endOf(watched - 1));
});

afterAll(async () => {
  await network.stop();
  rmSync(home, { recursive: true, force: true });
});

describe("a score that holds checks back", () => {
  it("iOP-034: given the secret with one operator before its time is over, nobody gets it; the score is what it would be without", async () => {
    const end = await network.endOf(watched);
    commit("site", end - 20, 4);
    commit("reviews", end - 20, 1);
    commit("reviews", end + 1, 4); // of the epoch after
    copyFileSync(heldOut.path, join(documentsOf("operatorOne"), `${heldOut.hash}.json`));
    expect(await served("operatorOne")).toBe(404);
    expect(await served("operatorTwo")).toBe(404);
    rmSync(join(documentsOf("operatorOne"), `${heldOut.hash}.json`));
    await reportOf(watched);
    expect(await gradeIn(watched)).toBe(4);
  });

  it("iOP-035: given the secret with one operator after that, all read its time again, and find what nobody could prepare for", async () => {
    const epoch = watched + 1;
    copyFileSync(heldOut.path, join(documentsOf("operatorOne"), `${heldOut.hash}.json`));
    expect(await served("operatorOne")).toBe(200);
    commit("site", (await network.endOf(epoch)) - 5, 4);
    await reportOf(epoch);
    await network.jumpTo((await network.endOf(epoch)) + reportDeadlineSeconds);
    for (const name of operatorNames) {
      const { url } = operator(name);
      expect(await replayServed(network, url, epoch)).toMatchObject({ verdict: "reproduced", difference: null });
      expect(await served(name)).toBe(200);
    }
    const source = operatorSource(operator("operatorThree").url, epoch, 10_000);
    const { bundle, definitions } = await openBundle(source, epoch, await loadKeccakHasher());
    expect(bundle.report?.manifest.findings?.flatMap((each) => each.findings)).toEqual([
      { kind: "held-out", subject: `held-out:${heldOut.hash}/reviewed`, reason: "found" },
    ]);
    expect([...definitions.keys()]).toContain(heldOut.hash);
  });
});
