import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  eventually,
  operatorNames,
  startOracleNetwork,
  type OperatorProcess,
  type OracleNetwork,
} from "../support/oracle-network.ts";
import { startRpcProxy, type RpcProxy } from "../support/rpc-proxy.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const key = "a-key-that-nobody-may-see";
let network: OracleNetwork;
let proxies: RpcProxy[];
let operators: OperatorProcess[];

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
  await network.openProject({
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
  operators = await Promise.all(
    operatorNames.slice(0, 3).map((name) => network.start(name, { rpc: { urls, quorum: 2 } })),
  );
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
});
