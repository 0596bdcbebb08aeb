import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { Counter, Registry } from "prom-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { iBudgetVaultAbi } from "../../src/chain/abi.ts";
import { outcomeNumber, proofAnswerSchema, type ProofAnswer } from "../../src/core/api/proofs.ts";
import { bytesOf, type Hex } from "../../src/core/hex.ts";
import { leafHash } from "../../src/core/merkle/leaf.ts";
import { verifyProof } from "../../src/core/merkle/verify-proof.ts";
import type { Bundle } from "../../src/oracle/bundle/bundle.ts";
import { openBundlePath } from "../../src/oracle/bundle/bundle-source.ts";
import { openBundle } from "../../src/oracle/replay/open-bundle.ts";
import { replayEpoch } from "../../src/oracle/replay/replay-epoch.ts";
import { statementDatabasePath } from "../../src/oracle/run-operator.ts";
import { loadKeccakHasher } from "../../src/oracle/tree/keccak-hasher.ts";
import {
  acceptedLog,
  eventually,
  operatorNames,
  reportDeadlineSeconds,
  serveText,
  startOracleNetwork,
  type OperatorName,
  type OperatorProcess,
  type OracleNetwork,
} from "../support/oracle-network.ts";
import {
  oracleCommandIn,
  partOfEachKind,
  replayServed,
  sealedAnew,
  withChangedPart,
} from "../support/oracle-evidence.ts";
import { callsMetric, gitMetric, half, rule } from "../support/score-definition.ts";

/** Real sources: a repository, a service that exposes metrics, a JSON endpoint. */
const registry = new Registry();
const calls = new Counter({
  name: "api_calls_total",
  help: "calls served",
  labelNames: ["route"],
  registers: [registry],
});
let uptime = '{"availability":{"percent":"99.5"}}';
let repository: string;
let servers: Server[] = [];
let network: OracleNetwork;
const operators = new Map<OperatorName, OperatorProcess>();
let alive: Hex;
let silent: Hex;

function definition(urls: { metrics: string; json: string }, title: string, floors: { commits: string }) {
  const calls = { kind: "prometheus", url: urls.metrics, metric: "api_calls_total", labels: { route: "/orders" } };
  const availability = {
    name: "availability",
    source: { kind: "http-json", url: urls.json, pointer: "/availability/percent" },
    ...{ decimals: 2, floor: "99", ceiling: "100", weight: half, onFailure: rule },
  };
  return {
    kind: "mandate.score-definition/1",
    title,
    dimensions: [
      { name: "delivery", weight: half, metrics: [{ ...gitMetric, floor: floors.commits, ceiling: "4" }] },
      { name: "service", weight: half, metrics: [{ ...callsMetric, source: calls }, availability] },
    ],
  };
}

const acceptedReport = async (epoch: number) => (await acceptedLog(network, epoch)).args;

/** Runs git in the repository; `dates` are its environment's. */
function git(args: readonly string[], dates: Readonly<Record<string, string>> = {}): void {
  const author = ["-c", "user.name=Test", "-c", "user.email=test@example.invalid"];
  execFileSync("git", ["-C", repository, ...author, ...args], { env: { ...process.env, ...dates } });
}

function commitAt(seconds: number): void {
  const date = `${seconds} +0000`;
  git(["commit", "-q", "--allow-empty", "-m", "work"], { GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date });
}

async function startOperators(...names: readonly OperatorName[]): Promise<void> {
  await Promise.all(names.map(async (name) => operators.set(name, await network.start(name))));
}

function operator(name: OperatorName): OperatorProcess {
  const found = operators.get(name);
  if (found === undefined) throw new Error(`${name} does not run`);
  return found;
}

/** Jumps to the end of the running epoch and waits for its report. */
async function reportOfRunningEpoch(): Promise<number> {
  const epoch = await network.runningEpoch();
  await network.jumpTo(await network.endOf(epoch));
  await accepted(epoch);
  return epoch;
}

async function accepted(epoch: number): Promise<void> {
  await eventually(`the report of epoch ${epoch} is accepted`, async () =>
    (await network.lastEpoch()) === epoch ? true : undefined,
  );
}

async function proofOf(project: Hex, epoch: number, from: OperatorName): Promise<ProofAnswer> {
  return eventually(`${from} serves a proof`, async () => {
    const response = await fetch(new URL(`/v1/epochs/${epoch}/proofs/${project}`, operator(from).url));
    return response.ok ? proofAnswerSchema.parse(await response.json()) : undefined;
  });
}

interface ReportRow {
  readonly epoch: number;
  readonly digest: string;
}

function signedReports(data: string): ReportRow[] {
  try {
    const database = new DatabaseSync(statementDatabasePath(data), { readOnly: true });
    try {
      return database
        .prepare("SELECT epoch, digest FROM statement WHERE kind = 'report' ORDER BY epoch")
        .all()
        .map((row) => ({ epoch: Number(row["epoch"]), digest: String(row["digest"]) }));
    } finally {
      database.close();
    }
  } catch {
    return []; // not created yet
  }
}

beforeAll(async () => {
  repository = join(mkdtempSync(join(tmpdir(), "mandate-repository-")), "site");
  mkdirSync(repository);
  git(["init", "-q", "-b", "main"]);
  const metrics = await serveText(() => registry.metrics());
  const json = await serveText(() => uptime);
  servers = [metrics.server, json.server];
  network = await startOracleNetwork({ hosts: [metrics.host, json.host], repositories: { site: repository } });
  const urls = { metrics: metrics.url, json: json.url };
  alive = await network.openProject(definition(urls, "counts every commit", { commits: "0" }));
  silent = await network.openProject(definition(urls, "starts to count at three commits", { commits: "3" }));
  await startOperators(...operatorNames);
  // The operators' set signs from the epoch after the one in which it was scheduled.
  await network.jumpTo(await network.endOf(await network.runningEpoch()));
});

afterAll(async () => {
  await network.stop();
  for (const server of servers) server.close();
  rmSync(join(repository, ".."), { recursive: true, force: true });
});

describe("four operators on real sources", () => {
  it("given one of them stopped, when an epoch closes, the quorum reports what the sources say, and the lease is renewed by proof", async () => {
    const epoch = await network.runningEpoch();
    const end = await network.endOf(epoch);
    calls.inc({ route: "/orders" }, 500);
    calls.inc({ route: "/other" }, 7);
    commitAt(end - 41); // in the epoch before
    commitAt(end - 20);
    commitAt(end - 1);
    commitAt(end); // in the epoch after
    expect(await operator("operatorFour").end()).toBe(0);

    expect(await reportOfRunningEpoch()).toBe(epoch);

    // commits 2 of 4, calls 500 of 1,000, availability half way: 0.5 · 0.5 + 0.5 · (0.5 · 0.5 + 0.5 · 0.5)
    const proof = await proofOf(alive, epoch, "operatorOne");
    expect(proof.leaf).toMatchObject({ project: alive, outcome: "value", grade: 2, score: "500000000000000000" });
    // the other project's first half starts at three commits: 0.5 · 0 + 0.5 · 0.5
    const low = await proofOf(silent, epoch, "operatorTwo");
    expect(low.leaf).toMatchObject({ project: silent, outcome: "value", score: "250000000000000000" });
    expect(low.header).toEqual(proof.header);
    const leaf = { ...proof.leaf, score: BigInt(proof.leaf.score) } as never;
    expect(
      verifyProof(
        bytesOf(proof.header.root),
        leafHash(leaf),
        proof.proof.map((each) => bytesOf(each)),
      ),
    ).toBe(true);

    const log = await acceptedReport(epoch);
    expect(log).toMatchObject({ leafCount: 2, scored: 2, surviving: 1, root: proof.header.root });
    expect(log.signers.toString(2).replaceAll("0", "")).toHaveLength(3);

    const { BudgetVault } = network.deployment.contracts;
    await network.write("relayer", BudgetVault, iBudgetVaultAbi, "renewLease", [
      alive,
      { ...proof.header, threshold: BigInt(proof.header.threshold) },
      { ...proof.leaf, outcome: outcomeNumber(proof.leaf.outcome), score: BigInt(proof.leaf.score) },
      proof.proof,
    ]);
    const project = await network.client.readContract({
      address: BudgetVault,
      abi: iBudgetVaultAbi,
      functionName: "getProject",
      args: [alive],
    });
    expect(project).toMatchObject({
      lastProvedReport: log.index,
      paidThrough: log.index + 2,
      score: 500000000000000000n,
    });
  });

  it("given an operator that was away, when it is back, it serves the proof of the report that it missed", async () => {
    const epoch = await network.lastEpoch();
    await startOperators("operatorFour");
    const [own, others] = await Promise.all([
      proofOf(alive, epoch, "operatorFour"),
      proofOf(alive, epoch, "operatorOne"),
    ]);
    expect(own).toEqual(others);
  });

  it("iOP-013, iOP-014: given an accepted epoch, its bundle alone gives the root again elsewhere, and no changed part does", async () => {
    const epoch = await network.lastEpoch();
    await network.jumpTo((await network.endOf(epoch)) + reportDeadlineSeconds);
    const log = await acceptedReport(epoch);
    const replays = await Promise.all(
      (["operatorOne", "operatorTwo", "operatorThree"] as const).map((name) =>
        replayServed(network, operator(name).url, epoch),
      ),
    );
    for (const each of replays)
      expect(each).toMatchObject({ verdict: "reproduced", root: log.root, digest: log.cause });
    expect(new Set(replays.map((each) => each.bundle)).size).toBe(3); // each sealed its own

    const elsewhere = mkdtempSync(join(tmpdir(), "mandate-elsewhere-"));
    try {
      const mandate = oracleCommandIn(elsewhere);
      const config = join(network.directory, "operatorOne.json");
      const exported = await mandate("bundle", String(epoch), "--config", config, "--out", "bundle");
      expect(exported).toMatchObject({ code: 0, json: { epoch, bundle: replays[0]?.bundle } });
      const { url } = operator("operatorOne");
      const served = await mandate("bundle", String(epoch), "--url", url, "--out", "one.ndjson");
      expect(served).toMatchObject({ code: 0, json: { bundle: replays[0]?.bundle } });

      const chain = ["--rpc-url", network.chain.rpcUrl, "--oracle", network.deployment.contracts.HeartbeatOracle];
      const replayed = await mandate("replay", String(epoch), "--bundle", "one.ndjson", ...chain);
      expect(replayed).toMatchObject({ code: 0, json: { verdict: "reproduced", root: log.root, digest: log.cause } });
      const checks = replayed.json["checks"] as { name: string; status: string }[];
      const withStatus = (status: string): string[] =>
        checks.filter((each) => each.status === status).map((each) => each.name);
      expect(withStatus("not-checked")).toEqual(["sources", "other captures"]);
      const fromSources = ["captures git", "captures http-json", "captures prometheus"];
      expect(withStatus("ok")).toEqual(expect.arrayContaining(["chain projects", "chain header", ...fromSources]));

      const copy = join(elsewhere, "bundle");
      const keccak = await loadKeccakHasher();
      const replayCopy = async () => replayEpoch({ epoch, keccak, source: await openBundlePath(copy) });
      const parts = partOfEachKind(copy);
      for (const part of parts) {
        await withChangedPart(copy, part, async () => {
          await expect(replayCopy()).rejects.toMatchObject({ code: "BundlePartChanged", data: { part } });
        });
      }
      const [part = "0x"] = parts;
      await withChangedPart(copy, part, async () => {
        const refused = await mandate("replay", String(epoch), "--bundle", "bundle");
        expect(refused).toMatchObject({ code: 2, json: { error: { code: "BundlePartChanged", data: { part } } } });
      });
      const { bundle } = await openBundle(await openBundlePath(copy), epoch, keccak);
      const { window, accepted: truth } = bundle;
      for (const [index, [changes, difference]] of [
        [{ accepted: null }, "chain report"],
        [{ accepted: truth && { ...truth, acceptedAt: truth.acceptedAt + 1 } }, "chain report"],
        [{ window: { ...window, startSeconds: window.startSeconds - 1 } }, "chain window"],
      ].entries() as Iterable<[number, [Partial<Bundle>, string]]>) {
        const lie = join(elsewhere, `lie-${index}`);
        await sealedAnew(copy, lie, "operatorOne", changes);
        const source = await openBundlePath(lie);
        expect((await replayEpoch({ epoch, keccak, source })).verdict).toBe("reproduced"); // what the chain alone knows
        const { client } = network;
        const found = await replayEpoch({ epoch, keccak, source, chain: () => ({ client, fromBlock: 0 }) });
        expect(found.difference).toMatch(new RegExp(`^${difference}: expected`));
      }
      expect((await replayCopy()).verdict).toBe("reproduced");
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });

  it("given a source that answers without a value, the leaf is refused; where nobody answers, it is missing", async () => {
    uptime = '{"availability":{}}';
    const refused = await reportOfRunningEpoch();
    expect((await proofOf(alive, refused, "operatorThree")).leaf).toMatchObject({
      outcome: "refused",
      grade: 0,
      score: "0",
    });
    expect(await acceptedReport(refused)).toMatchObject({ leafCount: 2, scored: 0, surviving: 0 });
    uptime = '{"availability":{"percent":99.5}}';
    await network.jumpTo(await network.endOf(await network.runningEpoch()));
    const moved = `${repository}-moved`;
    execFileSync("mv", [repository, moved]);
    try {
      const missing = await reportOfRunningEpoch();
      expect((await proofOf(alive, missing, "operatorThree")).leaf).toMatchObject({
        outcome: "missing",
        grade: 0,
        score: "0",
      });
    } finally {
      execFileSync("mv", [moved, repository]);
    }
  });

  it("given running operators, the commands say what they do, and check and dry run find everything in place", async () => {
    const config = join(network.directory, "operatorOne.json");
    // Not synchronously: this process serves the sources that the commands read.
    const mandate = async (...args: readonly string[]): Promise<unknown> => {
      const command = ["src/cli/main.ts", "oracle", ...args, "--json"];
      const { stdout } = await promisify(execFile)(process.execPath, command).catch((failed: unknown) => {
        if (failed instanceof Error && "stdout" in failed) return { stdout: String(failed.stdout) };
        throw failed;
      });
      return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    };
    const last = await network.lastEpoch();
    expect(await mandate("status", "--url", operator("operatorOne").url)).toMatchObject({
      service: "oracle",
      lastAcceptedEpoch: last,
      lastError: null,
      alerts: [],
    });
    const checked = (await mandate("check", "--config", config)) as {
      ok: boolean;
      checks: { name: string; ok: boolean }[];
    };
    const failed = checked.checks.filter((each) => !each.ok).map((each) => each.name);
    expect(failed.filter((name) => name !== "clock")).toEqual([]); // these tests let the chain's clock jump ahead
    expect(checked.ok).toBe(failed.length === 0);
    const detail = "2 definitions of 2 active projects, 6 sources";
    expect(checked.checks).toContainEqual({ name: "definitions", ok: true, detail });
    expect(checked.checks.filter(({ name }) => name.startsWith("source "))).toHaveLength(6);
    const dry = (await mandate("dry-run", "--config", config)) as {
      leaves: { project: string; outcome: string }[];
      failures: unknown[];
    };
    expect(dry.leaves.map(({ project, outcome }) => [project, outcome])).toEqual(
      [alive, silent].sort().map((each) => [each, "value"]),
    );
    expect(dry.failures).toEqual([]);
  });

  it("given its HTTP interface, it serves health and metrics, and refuses what is malformed with a reason", async () => {
    const ask = (path: string, init?: RequestInit): Promise<Response> =>
      fetch(new URL(path, operator("operatorTwo").url), init);
    expect(await (await ask("/healthz")).json()).toEqual({ healthy: true });
    expect(await (await ask("/metrics")).text()).toContain(
      `mandate_oracle_last_accepted_epoch ${await network.lastEpoch()}`,
    );
    const problems = [
      ["/v1/epochs/zero", 400, "InvalidEpoch"],
      ["/v1/epochs/999999", 404, "UnknownEpoch"],
      ["/v1/epochs/zero/signed-report", 400, "InvalidEpoch"],
      ["/v1/epochs/999999/signed-report", 404, "NoSignedReport"],
      [`/v1/epochs/${await network.lastEpoch()}/proofs/0x${"00".repeat(32)}`, 404, "NoProof"],
      [`/v1/epochs/1/proofs/0x12`, 400, "InvalidRequest"],
      [`/v1/documents/0x${"00".repeat(32)}`, 404, "UnknownDocument"],
      ["/elsewhere", 404, "NotFound"],
    ] as const;
    for (const [path, status, code] of problems) {
      const response = await ask(path);
      expect([path, response.status, await response.json()]).toEqual([path, status, expect.objectContaining({ code })]);
    }
    const malformed = await ask("/v1/agreement/1", { method: "POST", body: '{"messages":[{}]}' });
    expect([malformed.status, await malformed.json()]).toEqual([
      400,
      expect.objectContaining({ code: "InvalidMessages" }),
    ]);
  });

  it("iOP-001, iOP-003: given kill -9 between signing and submitting, when it restarts, it signs no other root and the report is accepted", async () => {
    await operator("operatorFour").end(); // three are left: the quorum needs each of them
    const epoch = await network.runningEpoch();
    const { data } = operator("operatorOne");
    const before = signedReports(data);
    await network.jumpTo(await network.endOf(epoch));
    await eventually(
      "the signing database names the epoch",
      () => (signedReports(data).some((row) => row.epoch === epoch) ? true : undefined),
      {
        pauseMs: 2,
      },
    );
    expect(await operator("operatorOne").end("SIGKILL")).toBe("SIGKILL");
    const signed = signedReports(data);
    expect(signed).toHaveLength(before.length + 1);
    expect(await network.lastEpoch()).toBeLessThan(epoch);

    calls.inc({ route: "/orders" }, 1_000_000); // what it would measure now is not what it said
    await startOperators("operatorOne");
    await accepted(epoch);
    expect(signedReports(data)).toEqual(signed);
    expect((await acceptedReport(epoch)).cause).toBe(signed.at(-1)?.digest);

    await startOperators("operatorFour");
    await network.jumpTo(await network.endOf(await network.runningEpoch()));
    const next = await reportOfRunningEpoch();
    expect(signedReports(data).at(-1)).toEqual({ epoch: next, digest: (await acceptedReport(next)).cause });

    // iOP-015: what it had heard before it was killed is in its bundle of the epoch.
    const root = (await acceptedReport(epoch)).root;
    expect(await replayServed(network, operator("operatorOne").url, epoch)).toMatchObject({
      verdict: "reproduced",
      difference: null,
      root,
    });
  });

  it("iOR-003: given a deadline that passed without a quorum, the epoch is skipped, and the next report follows the last one", async () => {
    const index = (await acceptedReport(await network.lastEpoch())).index;
    await Promise.all([operator("operatorThree").end(), operator("operatorFour").end()]);
    const missed = await network.runningEpoch();
    const end = await network.endOf(missed);
    await network.jumpTo(end);
    await eventually("the others wait for a quorum", () =>
      signedReports(operator("operatorOne").data).length >= 0 &&
      operator("operatorOne").log.some((line) => line.includes(`"epoch":${missed}`))
        ? true
        : undefined,
    );
    await network.jumpTo(end + reportDeadlineSeconds);
    await startOperators("operatorThree", "operatorFour");
    const next = await reportOfRunningEpoch();
    expect(next).toBeGreaterThan(missed);
    expect((await acceptedReport(next)).index).toBe(index + 1);
    await expect(acceptedReport(missed)).rejects.toThrow(`no report of epoch ${missed}`);
    for (const name of operatorNames) {
      expect(signedReports(operator(name).data).some((row) => row.epoch === missed)).toBe(false);
    }
  });
});
