import { execFile } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { toHex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportFundAbi } from "../../src/chain/abi.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { documentHash } from "../../src/core/documents/document-hash.ts";
import type { Hex } from "../../src/core/hex.ts";
import { callRpc } from "../../src/stack/json-rpc.ts";
import { checkFund } from "../../src/oracle/operations/check-fund.ts";
import { eventually, operatorNames, startOracleNetwork, type OracleNetwork } from "../support/oracle-network.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
let network: OracleNetwork;
let url: string;
let fund: Hex;

interface CommandResult {
  readonly code: number;
  readonly output: string;
}

/** `mandate oracle submit` with `args` on the network's chain. */
function submit(...args: readonly string[]): Promise<CommandResult> {
  const where = ["--deployment", join(network.directory, "deployment.json"), "--rpc-url", network.chain.rpcUrl];
  return new Promise((resolve) =>
    execFile(process.execPath, [main, "oracle", "submit", ...args, ...where, "--json"], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    ),
  );
}

beforeAll(async () => {
  // Commands that start slowly must find the window open.
  network = await startOracleNetwork({ hosts: [], repositories: {} }, { epochSeconds: 100, reportDeadlineSeconds: 90 });
  writeFileSync(join(network.directory, "deployment.json"), JSON.stringify(network.deployment));
  fund = network.deployment.contracts.ReportFund;
  const changes = { submission: { fund } };
  const operators = await Promise.all(operatorNames.map((name) => network.start(name, changes)));
  url = operators[0]?.url ?? "";
  await network.jumpTo(await network.endOf(await network.runningEpoch())); // the operators' set begins with the next epoch
});

afterAll(async () => {
  await network.stop();
  rmSync(network.directory, { recursive: true, force: true });
});

describe("operators that submit through a fund", () => {
  it("given a fund without terms, with less than one refund, and with one, a check says what it would pay", async () => {
    const { client } = network;
    const oracle = network.deployment.contracts.HeartbeatOracle;
    expect(await checkFund(client, fund, oracle)).toEqual({
      pays: false,
      detail: "it has 0 coin, and no terms by which it refunds",
    });
    const anchor = devAccount("anchor").address;
    await network.write("governor", fund, reportFundAbi, "setTerms", [100_000_000, 10n ** 12n, anchor]);
    const terms = "refunds up to 100000000 gwei a report, 1000000000000 wei beyond the base fee";
    await callRpc(network.chain.rpcUrl, "anvil_setBalance", [fund, toHex(10n ** 17n - 1n)]);
    expect(await checkFund(client, fund, oracle)).toEqual({
      pays: false,
      detail: `it has 0.099999999999999999 coin, less than one refund; ${terms}`,
    });
    await callRpc(network.chain.rpcUrl, "anvil_setBalance", [fund, toHex(10n ** 17n)]);
    expect(await checkFund(client, fund, oracle)).toEqual({ pays: true, detail: `0.1 coin; ${terms}` });
    await expect(checkFund(client, fund, anchor)).rejects.toMatchObject({ code: "FundOfAnotherOracle" });
  });

  it("given terms and coin, the one that submits is refunded almost all of what it paid", async () => {
    await callRpc(network.chain.rpcUrl, "anvil_setBalance", [fund, "0xde0b6b3a7640000"]);
    const metrics = await (await fetch(new URL("/metrics", url))).text();
    expect(metrics).toMatch(/^mandate_oracle_fund_balance_ether (0|NaN)$/m); // read when it started; a minute old at most
    const epoch = await network.runningEpoch();
    await network.jumpTo(await network.endOf(epoch));
    const refund = await eventually("a report was refunded", async () => {
      const filter = { address: fund, abi: reportFundAbi, eventName: "ReportRefunded" } as const;
      const [found] = await network.client.getContractEvents({ ...filter, fromBlock: 0n, strict: true });
      return found;
    });
    const { to, amount } = refund.args;
    expect(operatorNames.map((name) => devAccount(name).address)).toContain(to);
    const receipt = await network.client.getTransactionReceipt({ hash: refund.transactionHash });
    const cost = receipt.gasUsed * receipt.effectiveGasPrice;
    expect(receipt.to).toBe(fund.toLowerCase());
    expect(amount).toBeLessThanOrEqual(cost);
    expect(amount * 100n).toBeGreaterThan(cost * 98n);
  });
});

describe("mandate oracle submit", () => {
  it("given operators without gas money, anyone with a key submits what they signed, and nothing that they did not", async () => {
    for (const name of operatorNames) {
      await callRpc(network.chain.rpcUrl, "anvil_setBalance", [devAccount(name).address, "0x1"]);
    }
    await network.jumpTo(await network.endOf(await network.runningEpoch()));
    const epoch = (await network.runningEpoch()) - 1;
    const signed = await eventually("a quorum has signed", async () => {
      const response = await fetch(new URL(`/v1/epochs/${epoch}/signed-report`, url));
      return response.ok ? await response.text() : undefined;
    });
    const bundle = join(network.directory, "signed-report.json");
    const forgery = join(network.directory, "forged-report.json");
    const report = JSON.parse(signed) as { report: object };
    writeFileSync(bundle, signed);
    writeFileSync(forgery, JSON.stringify({ ...report, report: { ...report.report, root: documentHash("lie") } }));

    const forged = await submit(String(epoch), "--bundle", forgery, "--yes");
    expect(forged).toMatchObject({ code: 1, output: expect.stringContaining("SignedReportInvalid") as unknown });
    expect(await network.lastEpoch()).toBeLessThan(epoch);

    const tried = await submit(String(epoch), "--bundle", bundle, "--dry-run");
    expect(tried.code, tried.output).toBe(0);
    expect(await network.lastEpoch()).toBeLessThan(epoch);

    const before = await network.client.getBalance({ address: devAccount("relayer").address });
    const sent = await submit(String(epoch), "--url", url, "--fund", "--yes");
    expect(sent.output).toContain('"sent":true');
    expect(await network.lastEpoch()).toBe(epoch);
    const events = { address: fund, abi: reportFundAbi, eventName: "ReportRefunded", strict: true } as const;
    const refunds = await network.client.getContractEvents({ ...events, fromBlock: 0n });
    const { to, amount } = refunds.at(-1)?.args ?? {};
    expect(to).toBe(devAccount("relayer").address);
    const lost = before - (await network.client.getBalance({ address: devAccount("relayer").address }));
    expect(lost).toBeLessThan((amount ?? 0n) / 50n);

    const refusals = [
      ["SignedReportMissing", String(epoch + 100), "--url", url, "--yes"],
      ["HeartbeatOracleEpochNotNewer", String(epoch), "--bundle", bundle, "--dry-run"],
      ["SignedReportUnnamed", String(epoch), "--yes"],
      ["SignedReportMalformed", String(epoch + 1), "--bundle", bundle, "--yes"],
      ["OperatorUnreachable", String(epoch), "--url", "http://127.0.0.1:1", "--yes"],
    ] as const;
    for (const [code, ...args] of refusals) {
      const refused = await submit(...args);
      expect([code, refused.output.includes(code), refused.code === 0]).toEqual([code, true, false]);
    }
  });
});
