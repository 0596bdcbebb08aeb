import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeFunctionData, type Hex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkDeployment } from "../../deploy/check/check-deployment.ts";
import { deploySystem } from "../../deploy/deploy.ts";
import localModule from "../../deploy/modules/local.ts";
import { loadParameters, withOverrides, type Parameters } from "../../deploy/parameters.ts";
import { authorityAbi } from "../../src/chain/abi.ts";
import { createChainClient, type ChainClient } from "../../src/chain/client.ts";
import type { Deployment } from "../../src/chain/deployment.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { roles } from "../../src/chain/roles.ts";
import { startChain, type LocalChain } from "../../src/stack/chain.ts";
import { callRpc } from "../../src/stack/json-rpc.ts";
import { freePort } from "../../src/stack/ports.ts";

const deployer = devAccount("deployer").address;
const genesisUnixSeconds = Math.floor(Date.now() / 1_000) + 60;
const parameters = withOverrides(loadParameters("deploy/params/local.json"), { Oracle: { genesisUnixSeconds } });

describe("a deployment", () => {
  const directory = mkdtempSync(join(tmpdir(), "mandate-deployment-"));
  let chain: LocalChain;
  let client: ChainClient;
  let deployment: Deployment;

  const rpc = (method: string, ...params: unknown[]): Promise<unknown> => callRpc(chain.rpcUrl, method, params);
  const deploy = (chosen: Parameters): Promise<Deployment> =>
    deploySystem({
      module: localModule,
      parameters: chosen,
      provider: { request: ({ method, params }) => callRpc(chain.rpcUrl, method, Array.isArray(params) ? params : []) },
      deployer,
      pollingMs: 20,
      confirmations: 1,
    });

  beforeAll(async () => {
    chain = await startChain({ port: await freePort(), directory, blockTimeSeconds: 0 });
    client = createChainClient({ chainId: chain.chainId, rpcUrl: chain.rpcUrl });
    deployment = await deploy(parameters);
  });
  afterAll(async () => {
    await chain.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("given the parameters it was made with, every value is as it was meant, and the deployer holds nothing", async () => {
    const { checked, findings } = await checkDeployment({ client, deployment, parameters, deployer });
    expect(findings).toEqual([]);
    expect(checked).toBeGreaterThan(100);
  });

  it("given another parameter, the check names that value with both sides", async () => {
    const meant = withOverrides(parameters, { Oracle: { epochSeconds: 61 } });
    const { findings } = await checkDeployment({ client, deployment, parameters: meant, deployer });
    expect(findings).toEqual([
      { subject: "HeartbeatOracle.epochSeconds", expected: "61", actual: "60" },
      { subject: "BudgetVault reclaim window", expected: "61", actual: "60" }, // an epoch
    ]);
  });

  it("given an office in other hands, the check names role and members", async () => {
    const agent = devAccount("agent").address;
    const meant = withOverrides(parameters, { Wiring: { oracleOfficeAddress: agent } });
    const { findings } = await checkDeployment({ client, deployment, parameters: meant, deployer });
    const governor = devAccount("governor").address.toLowerCase();
    expect(findings).toEqual([{ subject: "members of ORACLE_ROLE", expected: agent.toLowerCase(), actual: governor }]);
  });

  it("given a deployer that still holds a role, the check says which", async () => {
    const { findings } = await checkDeployment({
      client,
      deployment,
      parameters,
      deployer: devAccount("granter").address,
    });
    expect(findings).toEqual([]); // the office that the parameters name may hold its role
    const stranger = devAccount("relayer").address;
    const { Authority: authority, TimelockController: timelock } = deployment.contracts;
    const args = [roles.TREASURY_ROLE, stranger, 0] as const;
    const grant = encodeFunctionData({ abi: authorityAbi, functionName: "grantRole", args });
    const announce = encodeFunctionData({ abi: authorityAbi, functionName: "schedule", args: [authority, grant, 0] });
    await rpc("anvil_impersonateAccount", timelock);
    await rpc("anvil_setBalance", timelock, "0xde0b6b3a7640000");
    const sent = async (data: Hex): Promise<void> => {
      const hash = (await rpc("eth_sendTransaction", { from: timelock, to: authority, data })) as Hex;
      expect((await client.waitForTransactionReceipt({ hash })).status).toBe("success");
    };
    await sent(announce);
    await rpc("evm_increaseTime", 61); // the least delay of governance
    await sent(grant);

    const after = await checkDeployment({ client, deployment, parameters, deployer: stranger });
    const finance = devAccount("finance").address.toLowerCase();
    expect(after.findings).toEqual([
      {
        subject: "members of TREASURY_ROLE",
        expected: finance,
        actual: [finance, stranger.toLowerCase()].sort().join(", "),
      },
      { subject: "the deployer holds TREASURY_ROLE", expected: "false", actual: "true" },
    ]);
  });

  it("given a parameter that a contract refuses, it fails with the name of the step", async () => {
    const refused = withOverrides(parameters, { Oracle: { epochSeconds: 5 } });
    await expect(deploy(refused)).rejects.toMatchObject({
      code: "DeploymentFailed",
      message: expect.stringContaining("Oracle#HeartbeatOracle"),
    });
  });
});
