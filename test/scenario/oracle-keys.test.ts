import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { devAccount, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import { encryptKeystore } from "../../src/chain/hosting/keystore.ts";
import { hexOf } from "../../src/core/hex.ts";
import {
  eventually,
  metricOf,
  serveText,
  startOracleNetwork,
  type OperatorProcess,
  type OracleNetwork,
} from "../support/oracle-network.ts";
import { oneNumberOf } from "../support/score-definition.ts";
import { startRemoteSigner, type StartedRemoteSigner } from "../support/remote-signer.ts";

const password = "correct horse";
const weak = { N: 2, r: 8, p: 1 };

let secrets: string;
let source: Awaited<ReturnType<typeof serveText>>;
let signer: StartedRemoteSigner;
let network: OracleNetwork;
let one: OperatorProcess;
let two: OperatorProcess;

/** A keystore of a development account. */
async function keystoreOf(name: DevAccountName): Promise<unknown> {
  const { privateKey } = devAccount(name).getHdKey();
  if (privateKey === null) throw new Error("no key");
  const keystore = join(secrets, `${name}.json`);
  writeFileSync(keystore, await encryptKeystore(hexOf(privateKey), password, weak));
  return { keystore, password: { file: join(secrets, "password") }, address: devAccount(name).address };
}

async function reportOfRunningEpoch(during: () => Promise<void> = () => Promise.resolve()): Promise<number> {
  const epoch = await network.runningEpoch();
  await network.jumpTo(await network.endOf(epoch));
  await during();
  await eventually(`the report of epoch ${epoch} is accepted`, async () =>
    (await network.lastEpoch()) === epoch ? true : undefined,
  );
  return epoch;
}

beforeAll(async () => {
  secrets = mkdtempSync(join(tmpdir(), "mandate-keys-"));
  writeFileSync(join(secrets, "password"), `${password}\n`);
  source = await serveText(() => '{"value":7}');
  network = await startOracleNetwork({ hosts: [source.host], repositories: {} });
  await network.openProject(oneNumberOf(source.url));
  signer = await startRemoteSigner(devAccount("operatorOne"), network.chain.chainId);
  const remote = { remote: signer.url, address: devAccount("operatorOne").address };
  // Three of four: the quorum needs each of them, and only the one with the remote signer submits.
  one = await network.start("operatorOne", { keys: { signing: remote, gas: remote } });
  two = await network.start("operatorTwo", {
    keys: { signing: await keystoreOf("operatorTwo"), gas: { development: "operatorTwo" } },
    submit: false,
  });
  await network.start("operatorThree", { submit: false });
  await network.jumpTo(await network.endOf(await network.runningEpoch()));
});

afterAll(async () => {
  await network.stop();
  await signer.stop();
  source.server.close();
  rmSync(secrets, { recursive: true, force: true });
});

describe("operators whose keys are elsewhere", () => {
  it("given a remote signer, a keystore and a development key, they agree, and the remote signer's transaction is mined", async () => {
    const epoch = await reportOfRunningEpoch();
    expect(new Set(signer.calls)).toEqual(
      new Set(["eth_accounts", "eth_sign", "eth_signTypedData", "eth_signTransaction"]),
    );
    const { transaction } = await eventually("the operator has noted the report", async () => {
      const answer = await fetch(new URL(`/v1/epochs/${epoch}`, one.url));
      const { accepted } = (await answer.json()) as { accepted: { transaction: `0x${string}` } | null };
      return accepted ?? undefined;
    });
    const { from } = await network.client.getTransaction({ hash: transaction });
    expect(from.toLowerCase()).toBe(devAccount("operatorOne").address.toLowerCase());
    expect(await metricOf(one, "mandate_oracle_decided_rounds_total")).toBe(1);
    expect(await metricOf(one, "mandate_oracle_submits")).toBe(1);
    expect(await metricOf(one, "mandate_oracle_decision_seconds_count")).toBe(1);
    expect(await metricOf(one, "mandate_oracle_statements")).toBeGreaterThanOrEqual(4);
    await eventually("its transaction counts as succeeded", async () =>
      (await metricOf(one, 'mandate_oracle_outbox_transactions{state="succeeded"}')) === 1 ? true : undefined,
    );
    expect(await metricOf(one, "mandate_oracle_gas_balance_ether")).toBeGreaterThan(1);
    expect(await metricOf(one, `mandate_oracle_peer_up{peer="${new URL(two.url).host}"}`)).toBe(1);
    expect(await metricOf(two, "mandate_oracle_submits")).toBe(0);
    expect(await metricOf(two, 'mandate_oracle_outbox_transactions{state="queued"}')).toBe(0);
    const status = (await (await fetch(new URL("/v1/status", two.url))).json()) as { submits: boolean };
    expect(status.submits).toBe(false);
  });

  it("given a remote signer that dies before an epoch's end and comes back, the report is accepted all the same", async () => {
    const port = Number(new URL(signer.url).port);
    await signer.stop();
    await reportOfRunningEpoch(async () => {
      await eventually("the operator misses its signer", async () =>
        ((await metricOf(one, "mandate_oracle_failed_signatures_total")) ?? 0) > 0 ? true : undefined,
      );
      signer = await startRemoteSigner(devAccount("operatorOne"), network.chain.chainId, port);
    });
    expect(one.log.some((line) => line.includes("the remote signer at"))).toBe(true);
  });
});
