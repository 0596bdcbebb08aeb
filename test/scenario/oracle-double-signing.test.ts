import { execFile } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { heartbeatOracleAbi } from "../../src/chain/abi.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { documentHash } from "../../src/core/documents/document-hash.ts";
import type { Hex } from "../../src/core/hex.ts";
import { signedMessageSchema } from "../../src/oracle/agreement/message.ts";
import { statedReport } from "../../src/oracle/report-schema.ts";
import { ecdsaSigner, reportDigest } from "../../src/oracle/signing/operator-signer.ts";
import { signedReportSchema } from "../../src/oracle/submission/signed-report.ts";
import { callRpc } from "../../src/stack/json-rpc.ts";
import {
  eventually,
  operatorNames,
  startOracleNetwork,
  type OperatorName,
  type OracleNetwork,
} from "../support/oracle-network.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const ETHER = 10n ** 18n;
let network: OracleNetwork;
let url: string;
let oracle: Hex;

const addressOf = (name: OperatorName): Hex => devAccount(name).address;

/** `mandate oracle suspend` with `args` on the network's chain. */
function suspend(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  const where = ["--deployment", join(network.directory, "deployment.json"), "--rpc-url", network.chain.rpcUrl];
  return new Promise((resolve) =>
    execFile(process.execPath, [main, "oracle", "suspend", ...args, ...where, "--json"], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    ),
  );
}

async function giveGasMoney(wei: bigint): Promise<void> {
  for (const name of operatorNames) {
    await callRpc(network.chain.rpcUrl, "anvil_setBalance", [addressOf(name), `0x${wei.toString(16)}`]);
  }
}

/** Ends the running epoch, and says in `liar`'s name, to one operator, that it signed another report of it too. */
async function lieAs(liar: OperatorName): Promise<number> {
  await network.jumpTo(await network.endOf(await network.runningEpoch()));
  const epoch = (await network.runningEpoch()) - 1;
  const { report } = await eventually("a quorum has signed", async () => {
    const response = await fetch(new URL(`/v1/epochs/${epoch}/signed-report`, url));
    return response.ok ? signedReportSchema.parse(await response.json()) : undefined;
  });
  const { messages } = z
    .object({ messages: z.array(signedMessageSchema) })
    .parse(await (await fetch(new URL(`/v1/agreement/${epoch}`, url))).json());
  const [configuration] = messages.flatMap(({ message }) =>
    message.kind === "observation" ? [message.observation.configuration] : [],
  );
  if (configuration === undefined) throw new Error("nobody observed");
  const place = { chainId: network.chain.chainId, verifyingContract: oracle };
  const signer = ecdsaSigner(devAccount(liar), place);
  const lie = { ...report, root: documentHash("lie") };
  const digest = reportDigest(place, lie);
  const message = {
    ...({ kind: "signature", epoch, operator: signer.operator, digest, report: statedReport(lie) } as const),
    signature: await signer.signReport(digest, lie),
  };
  const sent = await fetch(new URL(`/v1/agreement/${epoch}`, url), {
    method: "POST",
    body: JSON.stringify({ messages: [await signer.seal(configuration, message)] }),
  });
  expect(sent.status).toBe(200);
  return epoch;
}

const suspensions = () =>
  network.client.getContractEvents({
    address: oracle,
    abi: heartbeatOracleAbi,
    eventName: "OperatorSuspended",
    fromBlock: 0n,
    strict: true,
  });

/** Whether the operator's seat is vacant in the set of the next epoch. */
async function isOut(name: OperatorName): Promise<true | undefined> {
  const args = [(await network.runningEpoch()) + 1] as const;
  const set = await network.client.readContract({
    address: oracle,
    abi: heartbeatOracleAbi,
    functionName: "operatorSet",
    args,
  });
  const seat = set.operators.indexOf(addressOf(name));
  return ((set.vacant >> BigInt(seat)) & 1n) === 1n ? true : undefined;
}

beforeAll(async () => {
  network = await startOracleNetwork({ hosts: [], repositories: {} }, { epochSeconds: 100, reportDeadlineSeconds: 90 });
  oracle = network.deployment.contracts.HeartbeatOracle;
  writeFileSync(join(network.directory, "deployment.json"), JSON.stringify(network.deployment));
  const operators = await Promise.all(operatorNames.map((name) => network.start(name)));
  url = operators[0]?.url ?? "";
  await network.jumpTo(await network.endOf(await network.runningEpoch())); // the operators' set begins with the next epoch
});

afterAll(async () => {
  await network.stop();
  rmSync(network.directory, { recursive: true, force: true });
});

describe("iOP-030: an operator that signs two reports of an epoch", () => {
  it("given operators that hear of it, its seat is vacant from the next epoch on, and reports go on without it", async () => {
    await giveGasMoney(1n); // so that its epoch is not over before the lie comes
    const epoch = await lieAs("operatorFour");
    await giveGasMoney(ETHER);
    await eventually("the operator is suspended", () => isOut("operatorFour"));
    expect((await suspensions()).map(({ args }) => [args.operator, args.epoch])).toEqual([
      [addressOf("operatorFour"), epoch],
    ]);
    await eventually("its epoch is accepted", async () => ((await network.lastEpoch()) >= epoch ? true : undefined));
    const next = await network.runningEpoch();
    await network.jumpTo(await network.endOf(next));
    await eventually("the next is as well", async () => ((await network.lastEpoch()) >= next ? true : undefined));
  });

  it("given operators without gas money, anyone suspends it with what they serve, and nobody without it", async () => {
    await giveGasMoney(1n);
    const liar = addressOf("operatorThree");
    const epoch = await lieAs("operatorThree");
    const served = await eventually("the evidence is kept", async () => {
      const text = await (await fetch(new URL("/v1/double-signings", url))).text();
      return text.includes(liar.toLowerCase()) ? text : undefined;
    });
    const file = join(network.directory, "evidence.json");
    const forgery = join(network.directory, "forgery.json");
    const tampered = served.replaceAll(documentHash("lie"), documentHash("another lie"));
    writeFileSync(file, served);
    writeFileSync(forgery, tampered);

    const forged = await suspend(liar, "--evidence", forgery, "--yes");
    expect(forged).toMatchObject({ code: 1, output: expect.stringContaining("DoubleSigningInvalid") as unknown });
    const tried = await suspend(liar, "--evidence", file, "--dry-run");
    expect(tried.code, tried.output).toBe(0);
    expect(await isOut("operatorThree")).toBeUndefined();

    const sent = await suspend(liar, "--url", url, "--yes");
    expect(sent.output).toContain('"sent":true');
    expect(await isOut("operatorThree")).toBe(true);
    expect((await suspensions()).map(({ args }) => [args.operator, args.epoch])).toContainEqual([liar, epoch]);

    const refusals = [
      ["HeartbeatOracleSuspendedAlready", liar, "--evidence", file, "--dry-run"],
      ["DoubleSigningMissing", addressOf("operatorOne"), "--url", url, "--yes"],
      ["DoubleSigningUnnamed", liar, "--yes"],
      ["DoubleSigningUnnamed", liar, "--url", url, "--evidence", file, "--yes"],
      ["DoubleSigningMalformed", liar, "--evidence", join(network.directory, "deployment.json"), "--yes"],
      ["FileUnreadable", liar, "--evidence", join(network.directory, "none.json"), "--yes"],
      ["OperatorUnreachable", liar, "--url", "http://127.0.0.1:1", "--yes"],
    ] as const;
    for (const [code, ...args] of refusals) {
      const refused = await suspend(...args);
      expect([code, refused.output.includes(code), refused.code === 0]).toEqual([code, true, false]);
    }
  });

  it("given gas money again, what somebody else has done already is not sent", async () => {
    await giveGasMoney(ETHER);
    await eventually("the outbox gives it up", async () => {
      const text = await (await fetch(new URL("/metrics", url))).text();
      return /outbox_transactions\{state="refused"\} [1-9]/.test(text) ? true : undefined;
    });
    expect(await suspensions()).toHaveLength(2);
  });
});
