import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeFunctionData } from "viem";
import { generatePrivateKey } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { heartbeatOracleAbi, iHeartbeatOracleAbi, operatorKeysAbi } from "../../src/chain/abi.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { oracleCommandIn, replayServed } from "../support/oracle-evidence.ts";
import {
  acceptedLog,
  eventually,
  metricOf,
  operatorNames,
  serveText,
  startOracleNetwork,
  type OperatorName,
  type OperatorProcess,
  type OracleNetwork,
} from "../support/oracle-network.ts";
import { oneNumberOf } from "../support/score-definition.ts";

let secrets: string;
let source: Awaited<ReturnType<typeof serveText>>;
let network: OracleNetwork;
let mandate: ReturnType<typeof oracleCommandIn>;
const operators = new Map<OperatorName, OperatorProcess>();

const checksSchema = z.array(z.looseObject({ name: z.string(), ok: z.boolean(), warning: z.literal(true).optional() }));

const keysOf = (name: OperatorName, hasCosigning = true) => ({
  keys: {
    signing: { development: name },
    gas: { development: name },
    ...(hasCosigning ? { cosigning: { file: join(secrets, name) } } : {}),
  },
});

async function start(name: OperatorName, hasCosigning = true): Promise<void> {
  operators.set(name, await network.start(name, keysOf(name, hasCosigning)));
}

function operator(name: OperatorName): OperatorProcess {
  const found = operators.get(name);
  if (found === undefined) throw new Error(`${name} does not run`);
  return found;
}

const configOf = (name: OperatorName): string => join(network.directory, `${name}.json`);

async function checkOf(name: OperatorName, what: string): Promise<unknown> {
  const { json } = await mandate("check", "--config", configOf(name));
  return checksSchema.parse(json["checks"]).find((each) => each.name === what);
}

/** Lets the running epoch end, and tells by which call its report was accepted, and for whom. */
async function reportOfRunningEpoch(during: (epoch: number) => Promise<void> = () => Promise.resolve()) {
  const epoch = await network.runningEpoch();
  await network.jumpTo(await network.endOf(epoch));
  await during(epoch);
  await eventually(`the report of epoch ${epoch} is accepted`, async () =>
    (await network.lastEpoch()) === epoch ? true : undefined,
  );
  const log = await acceptedLog(network, epoch);
  const { input } = await network.client.getTransaction({ hash: log.transactionHash });
  const { functionName } = decodeFunctionData({ abi: heartbeatOracleAbi, data: input });
  return { epoch, functionName, signers: log.args.signers };
}

/** Who is slow for a moment is left out, or is not waited for: lets up to four epochs end until a report is of all these signers together. */
async function reportOfTogether(expected: bigint): ReturnType<typeof reportOfRunningEpoch> {
  let report = await reportOfRunningEpoch();
  const isIt = (): boolean => report.functionName === "submitAggregate" && report.signers === expected;
  for (let more = 3; more > 0 && !isIt(); more -= 1) report = await reportOfRunningEpoch();
  return report;
}

async function metric(name: OperatorName, line: string): Promise<number> {
  return (await metricOf(operator(name), line)) ?? 0;
}

/** All operators' seats, in ascending order of their addresses. */
const seated = operatorNames
  .map((name) => ({ name, address: devAccount(name).address }))
  .sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
const bitOf = (name: OperatorName): bigint => 1n << BigInt(seated.findIndex((each) => each.name === name));

beforeAll(async () => {
  secrets = mkdtempSync(join(tmpdir(), "mandate-cosigning-"));
  for (const name of operatorNames) writeFileSync(join(secrets, name), generatePrivateKey(), { mode: 0o600 });
  mandate = oracleCommandIn(secrets);
  source = await serveText(() => '{"value":7}');
  network = await startOracleNetwork({ hosts: [source.host], repositories: {} });
  await network.openProject(oneNumberOf(source.url));
  await Promise.all(operatorNames.map(async (name) => start(name)));
  await network.jumpTo(await network.endOf(await network.runningEpoch()));
});

afterAll(async () => {
  await network.stop();
  source.server.close();
  rmSync(secrets, { recursive: true, force: true });
});

describe("operators with keys to sign together", () => {
  it("given a set without a sum of keys, they report by single signatures", async () => {
    const { functionName } = await reportOfRunningEpoch();
    expect(functionName).toBe("submit");
    expect(await metric("operatorOne", 'mandate_oracle_cosigning_attempts_total{result="failed"}')).toBe(0);
  });

  it("given `register-key`, the key that is registered is the configured one, and once is enough", async () => {
    const config = configOf("operatorOne");
    const keyOf = () =>
      network.client.readContract({
        address: network.deployment.contracts.OperatorKeys,
        abi: operatorKeysAbi,
        functionName: "keyOf",
        args: [devAccount("operatorOne").address],
      });
    expect(await checkOf("operatorOne", "registered key")).toMatchObject({ ok: false });
    expect(await mandate("register-key", "--config", config, "--dry-run")).toMatchObject({
      code: 0,
      json: { sent: false, replaces: null },
    });
    expect(await keyOf()).toMatchObject({ x: 0n });
    expect(await mandate("register-key", "--config", config)).toMatchObject({
      json: { error: { code: "ConfirmationMissing" } },
    });
    const { json } = await mandate("register-key", "--config", config, "--yes");
    expect(json).toMatchObject({ sent: true, operator: devAccount("operatorOne").address });
    expect(`0x${(await keyOf()).x.toString(16).padStart(64, "0")}`).toBe(`0x${String(json["key"]).slice(4)}`);
    expect(await mandate("register-key", "--config", config, "--yes")).toMatchObject({
      json: { error: { code: "KeyAlreadyRegistered" } },
    });
    expect(await checkOf("operatorOne", "registered key")).toMatchObject({ ok: true });
    expect(await checkOf("operatorOne", "signing together")).toMatchObject({ ok: true, warning: true });

    const unnamed = join(secrets, "unnamed.json");
    const base = JSON.parse(readFileSync(config, "utf8")) as object;
    writeFileSync(unnamed, JSON.stringify({ ...base, ...keysOf("operatorOne", false) }));
    expect(await mandate("register-key", "--config", unnamed)).toMatchObject({
      json: { error: { code: "CosigningKeyMissing" } },
    });
    const same = { signing: { development: "operatorOne" }, gas: { development: "operatorTwo" } };
    writeFileSync(unnamed, JSON.stringify({ ...base, keys: { ...same, cosigning: { development: "operatorTwo" } } }));
    expect(await mandate("register-key", "--config", unnamed)).toMatchObject({
      json: { error: { code: "CosigningKeyNotApart" } },
    });
  });

  it("given a set whose operators have all registered, its report is accepted by one signature of all, and replays", async () => {
    for (const name of ["operatorTwo", "operatorThree", "operatorFour"] as const) {
      expect(await mandate("register-key", "--config", configOf(name), "--yes")).toMatchObject({ code: 0 });
    }
    const epoch = await network.runningEpoch();
    await network.write(
      "governor",
      network.deployment.contracts.HeartbeatOracle,
      iHeartbeatOracleAbi,
      "scheduleOperatorSet",
      [seated.map((each) => each.address), epoch + 1, devAccount("anchor").address],
    );
    await network.jumpTo(await network.endOf(epoch));
    await eventually("the set's epoch runs", async () => ((await network.runningEpoch()) > epoch ? true : undefined));
    expect(await checkOf("operatorOne", "signing together")).toEqual(
      expect.objectContaining({ ok: true, name: "signing together" }),
    );
    const report = await reportOfTogether(0b1111n);
    expect(report).toMatchObject({ functionName: "submitAggregate", signers: 0b1111n });
    const handedOver = await Promise.all(
      operatorNames.map((name) => metric(name, "mandate_oracle_aggregate_submissions_total")),
    );
    expect(handedOver.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(1); // whoever submits counts it
    await network.jumpTo(await network.endOf(await network.runningEpoch()));
    expect(await replayServed(network, operator("operatorTwo").url, report.epoch)).toMatchObject({
      verdict: "reproduced",
    });
  });

  it("given one that is killed as soon as it has offered nonces, there is a report, and it signs again after a restart", async () => {
    const killed = devAccount("operatorFour").address.toLowerCase();
    await reportOfRunningEpoch(async (epoch) => {
      await eventually(
        "it has offered nonces",
        async () => {
          const answer = await fetch(new URL(`/v1/agreement/${epoch}`, operator("operatorOne").url));
          const text = await answer.text();
          const { messages } = JSON.parse(text) as { messages: { message: { kind: string; operator: string } }[] };
          return messages.some(({ message }) => message.kind === "nonces" && message.operator === killed)
            ? true
            : undefined;
        },
        { pauseMs: 5 },
      );
      await operator("operatorFour").end("SIGKILL");
    });
    await start("operatorFour");
    const { signers, functionName } = await reportOfTogether(0b1111n);
    expect({ signers, functionName }).toEqual({ signers: 0b1111n, functionName: "submitAggregate" });
  });

  it("given one that is away, the others sign together without it", async () => {
    await operator("operatorFour").end("SIGKILL");
    const others = 0b1111n ^ bitOf("operatorFour");
    const { signers, functionName } = await reportOfTogether(others);
    expect({ signers, functionName }).toEqual({ signers: others, functionName: "submitAggregate" });
  });

  it("iOP-029: given fewer than a quorum with keys, their report is accepted by single signatures", async () => {
    await operator("operatorThree").end();
    await start("operatorThree", false);
    const { functionName, signers } = await reportOfRunningEpoch();
    expect(functionName).toBe("submit");
    expect(signers).toBe(0b1111n ^ bitOf("operatorFour"));
    expect(await metric("operatorThree", 'mandate_oracle_cosigning_attempts_total{result="failed"}')).toBe(0);
  });
});
