import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Hex } from "../../src/core/hex.ts";
import {
  eventually,
  operatorNames,
  startOracleNetwork,
  type OperatorName,
  type OperatorProcess,
  type OracleNetwork,
} from "../support/oracle-network.ts";
import { startRpcProxy, type RpcProxy } from "../support/rpc-proxy.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const key = "a-key-that-nobody-may-see";
let network: OracleNetwork;
let proxies: RpcProxy[];
let operators: OperatorProcess[];
let project: Hex;
let startAll: () => Promise<OperatorProcess[]>;

interface CommandResult {
  readonly code: number;
  readonly output: string;
}

function mandate(...args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve) =>
    execFile(process.execPath, [main, "oracle", ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    ),
  );
}

function proxy(index: number): RpcProxy {
  const found = proxies[index];
  if (found === undefined) throw new Error(`no proxy ${index}`);
  return found;
}

beforeAll(async () => {
  network = await startOracleNetwork({ hosts: [], repositories: {} });
  proxies = await Promise.all([0, 1, 2].map(() => startRpcProxy(network.chain.rpcUrl, `/${key}`)));
  project = await network.openProject({
    kind: "mandate.score-definition/1",
    title: "measures what nobody serves",
    dimensions: [
      {
        name: "only",
        weight: "1000000000000000000",
        metrics: [
          {
            name: "commits",
            source: { kind: "git", repository: "none", branch: "main", measure: "commits" },
            decimals: 0,
            floor: "0",
            ceiling: "4",
            weight: "1000000000000000000",
            onFailure: { unreachable: "missing", declined: "refused" },
          },
        ],
      },
    ],
  });
  const urls = proxies.map((each) => each.url);
  const start = (name: OperatorName): Promise<OperatorProcess> => network.start(name, { rpc: { urls, quorum: 2 } });
  startAll = () => Promise.all(operatorNames.slice(0, 3).map(start));
  operators = await startAll();
  await network.jumpTo(await network.endOf(await network.runningEpoch()));
});

afterAll(async () => {
  await network.stop();
  await Promise.all(proxies.map((each) => each.stop()));
  rmSync(network.directory, { recursive: true, force: true });
});

describe("operators on three endpoints", () => {
  it("given one that lies about the operator set and one that hangs for a while, the epoch is reported, the liar is named, and no key is seen", async () => {
    const epoch = await network.runningEpoch();
    proxy(0).answer = async ({ method }, forward) => {
      const outcome = await forward();
      if (method !== "eth_call" || !("result" in outcome)) return outcome;
      return { result: String(outcome.result).replace(/.$/, "7") };
    };
    await network.jumpTo(await network.endOf(epoch));
    await eventually("the report is accepted", async () => ((await network.lastEpoch()) === epoch ? true : undefined));
    const [first] = operators;
    const liar = new URL(proxy(0).url).host;
    const status = await (await fetch(new URL("/v1/status", first?.url))).text();
    expect(JSON.parse(status)).toMatchObject({
      alerts: expect.arrayContaining([
        expect.objectContaining({ type: "rpc-disagreement", endpoint: liar }),
      ]) as unknown,
    });
    const metrics = await (await fetch(new URL("/metrics", first?.url))).text();
    expect(metrics).toContain(`mandate_oracle_rpc_disagreements_total{endpoint="${liar}"}`);
    const everything = [status, metrics, ...operators.flatMap((each) => each.log)].join("\n");
    expect(everything).not.toContain(key);
    proxy(0).answer = undefined;

    const checked = await mandate("check", "--config", join(network.directory, "operatorOne.json"));
    for (const each of proxies) expect(checked.output).toContain(`endpoint ${new URL(each.url).host}: chain 31337`);
    expect(checked.output).toMatch(/ok {4}settlement: the settled block is \d+ s old/);
    expect(checked.output).not.toContain(key);
  });

  it("iOP-036: given that all leave out the project's logs after a restart, the next report has its leaf, and it is told", async () => {
    await Promise.all(operators.map((each) => each.end()));
    for (const each of proxies) {
      each.answer = async ({ method }, forward) => {
        const outcome = await forward();
        if (method !== "eth_getLogs" || !("result" in outcome)) return outcome;
        const logs = outcome.result as { readonly topics: readonly string[] }[];
        return { result: logs.filter(({ topics }) => topics[1] !== project) };
      };
    }
    operators = await startAll();
    const epoch = await network.runningEpoch();
    await network.jumpTo(await network.endOf(epoch));
    await eventually("the report is accepted", async () => ((await network.lastEpoch()) === epoch ? true : undefined));
    const served = await eventually("its leaves are served", async () => {
      const response = await fetch(new URL(`/v1/epochs/${epoch}/proofs/${project}`, operators[0]?.url));
      return response.ok ? response.json() : undefined;
    });
    expect(served).toMatchObject({ leaf: { project } });
    const metrics = await (await fetch(new URL("/metrics", operators[0]?.url))).text();
    expect(metrics).toContain("mandate_oracle_unlisted_projects_total 1");
  });
});
