import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashTypedData, type TypedDataDefinition } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { heartbeatOracleAbi } from "../../src/chain/abi.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import type { Hex } from "../../src/core/hex.ts";
import { oracleCommandIn, replayServed } from "../support/oracle-evidence.ts";
import {
  acceptedLog,
  eventually,
  operatorNames,
  startOracleNetwork,
  type OperatorName,
  type OperatorProcess,
  type OracleNetwork,
} from "../support/oracle-network.ts";

const ROTATED: OperatorName = "operatorFour";
const operator = devAccount(ROTATED);

let secrets: string;
let network: OracleNetwork;
let mandate: ReturnType<typeof oracleCommandIn>;
let oracle: Hex;
const running = new Map<OperatorName, OperatorProcess>();

const checksSchema = z.array(z.looseObject({ name: z.string(), ok: z.boolean(), detail: z.string() }));
const unsignedSchema = z.looseObject({ sent: z.literal(false), message: z.string(), deadline: z.number() });

/** A new key in a file, and a configuration of {@link ROTATED} that signs by it. */
function newKey(name: string) {
  const file = join(secrets, name);
  const secret = generatePrivateKey();
  writeFileSync(file, secret, { mode: 0o600 });
  const base = JSON.parse(readFileSync(join(network.directory, `${ROTATED}.json`), "utf8")) as object;
  const config = join(network.directory, `${name}.json`);
  const keys = { signing: { file }, gas: { development: ROTATED } };
  writeFileSync(config, JSON.stringify({ ...base, keys }));
  return { file, config, keys, address: privateKeyToAccount(secret).address };
}

const setOf = async (epoch: number) =>
  network.client.readContract({
    address: oracle,
    abi: heartbeatOracleAbi,
    functionName: "operatorSet",
    args: [epoch],
  });

/** The seat's delegate in the sets of these epochs. */
async function delegatesIn(...epochs: readonly number[]): Promise<readonly (string | undefined)[]> {
  const sets = await Promise.all(epochs.map(setOf));
  return sets.map(({ operators, delegates }) => delegates[operators.indexOf(operator.address)]);
}

const nextEpoch = async (): Promise<void> => network.jumpTo(await network.endOf(await network.runningEpoch()));

/** Whether the seat signed, once the report of `epoch` is accepted. */
async function signedBySeat(epoch: number): Promise<boolean> {
  await eventually(`the report of epoch ${epoch} is accepted`, async () =>
    (await network.lastEpoch()) >= epoch ? true : undefined,
  );
  const { signers } = (await acceptedLog(network, epoch)).args;
  const seat = (await setOf(epoch)).operators.indexOf(operator.address);
  return ((signers >> BigInt(seat)) & 1n) === 1n;
}

async function stop(name: OperatorName): Promise<void> {
  await running.get(name)?.end();
  running.delete(name);
}

async function checkOf(config: string, what: string): Promise<unknown> {
  const { json } = await mandate("check", "--config", config);
  return checksSchema.parse(json["checks"]).find((each) => each.name === what);
}

beforeAll(async () => {
  secrets = mkdtempSync(join(tmpdir(), "mandate-rotation-"));
  mandate = oracleCommandIn(secrets);
  network = await startOracleNetwork({ hosts: [], repositories: {} }, { epochSeconds: 100, reportDeadlineSeconds: 90 });
  oracle = network.deployment.contracts.HeartbeatOracle;
  await Promise.all(operatorNames.map(async (name) => running.set(name, await network.start(name))));
  await nextEpoch(); // the operators' set begins with it
});

afterAll(async () => {
  await network.stop();
  rmSync(secrets, { recursive: true, force: true });
  rmSync(network.directory, { recursive: true, force: true });
});

describe("iOR-012: an operator whose signing key is replaced", () => {
  it("given a key that is rotated in, reports go on: the one before it signs the running epoch's, it signs the next", async () => {
    const { config, keys, address } = newKey("new-key");
    const args = ["rotate-key", "--config", config, "--operator", operator.address] as const;

    // The operator's own key is elsewhere: the first run shows what it has to sign.
    const { json } = await mandate(...args);
    const { message, deadline } = unsignedSchema.parse(json);
    const typed = JSON.parse(message) as TypedDataDefinition;
    expect(typed).toMatchObject({
      primaryType: "OperatorDelegate",
      message: { operator: operator.address, delegate: address },
    });
    const signature = await operator.signTypedData(typed);
    const signed = [...args, "--deadline", String(deadline), "--signature", signature] as const;
    expect(await mandate(...signed, "--dry-run")).toMatchObject({ code: 0, json: { sent: false } });
    const other = await devAccount("operatorOne").sign({ hash: hashTypedData(typed) });
    expect(await mandate(...signed.slice(0, -1), other, "--yes")).toMatchObject({
      json: { error: { code: "OperatorKeysInvalidSignature" } },
    });

    const epoch = await network.runningEpoch();
    expect(await mandate(...signed, "--yes")).toMatchObject({ code: 0, json: { sent: true, fromEpoch: epoch + 1 } });
    expect(await delegatesIn(epoch, epoch + 1)).toEqual([operator.address, address]);
    expect(await checkOf(config, "delegate")).toMatchObject({ ok: true });
    expect(await checkOf(join(network.directory, `${ROTATED}.json`), "delegate")).toMatchObject({ ok: false });

    // With one of four away a quorum needs the seat in question.
    await stop("operatorOne");
    await nextEpoch();
    expect(await signedBySeat(epoch)).toBe(true); // by the key before
    await stop(ROTATED);
    running.set(ROTATED, await network.start(ROTATED, { keys }));
    expect(await checkOf(config, "operator set")).toMatchObject({ ok: true });
    await nextEpoch();
    expect(await signedBySeat(epoch + 1)).toBe(true); // by the new one
    await nextEpoch();
    const url = running.get("operatorTwo")?.url ?? "";
    expect(await replayServed(network, url, epoch + 1)).toMatchObject({ verdict: "reproduced" });

    const again = await mandate("rotate-key", "--config", config, "--yes");
    expect(again).toMatchObject({ json: { error: { code: "HeartbeatOracleSeatUnchanged" } } });
  });

  it("given the operator's own key at hand, one run names the key and rotates it in", async () => {
    const { config, address } = newKey("newer-key");
    const own = join(secrets, "own");
    const { privateKey } = operator.getHdKey();
    if (privateKey === null) throw new Error("a development account has a key");
    writeFileSync(own, `0x${Buffer.from(privateKey).toString("hex")}`, { mode: 0o600 });
    const epoch = await network.runningEpoch();
    const sent = await mandate("rotate-key", "--config", config, "--operator-key", own, "--yes");
    expect(sent).toMatchObject({ code: 0, json: { sent: true, operator: operator.address } });
    expect(await delegatesIn(epoch + 1)).toEqual([address]);
  });

  it("given what cannot be rotated, it says why, and sends nothing", async () => {
    const { config, file } = newKey("newest-key");
    const refused = async (...args: readonly string[]) => {
      const { code, json } = await mandate("rotate-key", "--config", config, ...args, "--yes");
      return [code === 0, z.object({ error: z.looseObject({ code: z.string() }) }).parse(json).error.code];
    };
    const signature = `0x${"11".repeat(65)}`;
    const named = ["--operator", operator.address] as const;
    expect(await refused(...named, "--signature", signature)).toEqual([false, "DeadlineMissing"]);
    expect(await refused(...named, "--operator-key", file)).toEqual([false, "OperatorKeyDiffers"]);
    expect(await refused(...named, "--signature", "0x1", "--deadline", "1")).toEqual([false, "SignatureMalformed"]);
    expect(await refused(...named, "--signature", signature, "--deadline", "1")).toEqual([
      false,
      "OperatorKeysDeadlinePassed",
    ]);
    const base = JSON.parse(readFileSync(config, "utf8")) as object;
    const keys = { signing: { development: "operatorOne" }, gas: { development: "operatorTwo" } };
    writeFileSync(config, JSON.stringify({ ...base, keys }));
    expect(await refused(...named)).toEqual([false, "DelegateSeated"]);
    const outsider = newKey("outsider");
    const unseated = await mandate("rotate-key", "--config", outsider.config, "--yes");
    expect(unseated).toMatchObject({ json: { error: { code: "HeartbeatOracleNotSeated" } } });
  });
});
