/** The whole system deployed on an Anvil of its own, and the calls of a story on it. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createWalletClient, http, parseAbi, type Abi, type Account, type Hex, type TransactionReceipt } from "viem";
import { deploySystem } from "../../deploy/deploy.ts";
import localModule from "../../deploy/modules/local.ts";
import { loadParameters, withOverrides } from "../../deploy/parameters.ts";
import * as abis from "../../src/chain/abi.ts";
import { chainOf, createChainClient, type ChainClient } from "../../src/chain/client.ts";
import { contractErrorOf } from "../../src/chain/decode-revert.ts";
import type { ContractName, Deployment } from "../../src/chain/deployment.ts";
import { devAccount, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import { systemClock } from "../../src/core/clock.ts";
import { startChain } from "../../src/stack/chain.ts";
import { callRpc } from "../../src/stack/json-rpc.ts";
import { freePort } from "../../src/stack/ports.ts";

const RECEIPT_TIMEOUT_MS = 20_000;

/** Blocks that a deployment may take before the oracle's first epoch begins: each is a second. */
const DEPLOYMENT_SECONDS = 3_600;

const root = new URL("../../", import.meta.url);

const abiOf: Partial<Record<ContractName, Abi>> = {
  Authority: abis.authorityAbi,
  Anchors: abis.anchorsAbi,
  Constitution: abis.constitutionAbi,
  Teams: abis.teamsAbi,
  ActionCatalog: abis.actionCatalogAbi,
  Escalations: abis.escalationsAbi,
  OperatorKeys: abis.operatorKeysAbi,
  HeartbeatOracle: abis.heartbeatOracleAbi,
  ReviewCalendar: abis.reviewCalendarAbi,
  ReportFund: abis.reportFundAbi,
  Challenges: abis.challengesAbi,
  CircuitBreaker: abis.circuitBreakerAbi,
  BudgetVault: abis.budgetVaultAbi,
  Membership: abis.membershipAbi,
  MergeGovernor: abis.mergeGovernorAbi,
  StrategyForks: abis.strategyForksAbi,
  TestToken: abis.testTokenAbi,
};

export interface SystemOnAnvil {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly client: ChainClient;
  readonly deployment: Deployment;
  address(name: ContractName): Hex;
  /** Sends a call as a development account, and waits for it. */
  send(
    from: DevAccountName,
    contract: ContractName,
    functionName: string,
    args: readonly unknown[],
    value?: bigint,
  ): Promise<TransactionReceipt>;
  read(contract: ContractName, functionName: string, args?: readonly unknown[]): Promise<unknown>;
  /** Sends a call to a contract that is no part of the deployment, by its Solidity declaration. */
  call(from: DevAccountName, to: Hex, declaration: string, args: readonly unknown[]): Promise<TransactionReceipt>;
  /** Sends plain data, or deploys it where no receiver is named. */
  sendData(from: DevAccountName, data: Hex, to?: Hex, value?: bigint): Promise<TransactionReceipt>;
  deploy(source: string, name: string, args: readonly unknown[]): Promise<Hex>;
  /** Seconds on the clock of the chain. */
  now(): Promise<number>;
  /** Mines a block at `time`. */
  travelTo(time: number): Promise<void>;
  rpc(method: string, ...params: readonly unknown[]): Promise<unknown>;
  stop(): Promise<void>;
}

interface Artifact {
  readonly abi: Abi;
  readonly bytecode: Hex;
  /** Bytes that a library's address takes, by source and name. */
  readonly linkReferences: Readonly<Record<string, Readonly<Record<string, readonly { readonly start: number }[]>>>>;
}

function artifactOf(source: string, name: string): Artifact {
  const text = readFileSync(new URL(`artifacts/contracts/${source}/${name}.json`, root), "utf8");
  return JSON.parse(text) as Artifact;
}

/**
 * Starts Anvil with a block per transaction, deploys the system with Ignition, and wires it.
 * @param oracle Other parameters of the oracle, by name.
 */
export async function startSystemOnAnvil(
  epochSeconds: number,
  reportDeadlineSeconds: number,
  oracle: Readonly<Record<string, number | bigint>> = {},
): Promise<SystemOnAnvil> {
  const directory = mkdtempSync(join(tmpdir(), "mandate-system-"));
  const chain = await startChain({
    port: await freePort(),
    directory,
    blockTimeSeconds: 0,
    snapshotIntervalMs: 600_000,
  });
  const client = createChainClient({ chainId: chain.chainId, rpcUrl: chain.rpcUrl });
  const rpc = (method: string, ...params: readonly unknown[]): Promise<unknown> =>
    callRpc(chain.rpcUrl, method, [...params]);
  // From here on a block is a second, however long this machine takes: what a story tells never depends on its load.
  await rpc("anvil_setBlockTimestampInterval", 1);
  const genesis = Number((await client.getBlock()).timestamp) + DEPLOYMENT_SECONDS;
  const parameters = withOverrides(loadParameters(new URL("deploy/params/local.json", root).pathname), {
    Oracle: { genesisUnixSeconds: genesis, epochSeconds, reportDeadlineSeconds, ...oracle },
    Strategy: { votingDelaySeconds: 1, votingPeriodSeconds: 20, executionPeriodSeconds: 60 },
  });
  const deployment = await deploySystem({
    module: localModule,
    parameters,
    provider: { request: ({ method, params }) => rpc(method, ...((params as unknown[] | undefined) ?? [])) },
    deployer: devAccount("deployer").address,
    pollingMs: 10,
    confirmations: 1,
  });
  const wallet = createWalletClient({ chain: chainOf(chain.chainId, chain.rpcUrl), transport: http(chain.rpcUrl) });
  const address = (name: ContractName): Hex => {
    const found = deployment.contracts[name];
    if (found === undefined) throw new TypeError(`no ${name} is deployed`);
    return found;
  };
  const abiFor = (name: ContractName): Abi => {
    const abi = abiOf[name];
    if (abi === undefined) throw new TypeError(`no ABI of ${name} here`);
    return abi;
  };
  const mined = async (hash: Hex): Promise<TransactionReceipt> => {
    const endMs = Date.now() + RECEIPT_TIMEOUT_MS;
    while (Date.now() < endMs) {
      const receipt = await client.getTransactionReceipt({ hash }).catch(() => undefined);
      if (receipt?.status === "success") return receipt;
      if (receipt !== undefined) throw new TypeError(`transaction ${hash} reverted`);
      await systemClock.sleep(5);
    }
    throw new TypeError(`transaction ${hash} was not mined: ${JSON.stringify(await rpc("txpool_inspect"))}`);
  };
  async function deploy(source: string, name: string, args: readonly unknown[]): Promise<Hex> {
    const { abi, bytecode: unlinked, linkReferences } = artifactOf(source, name);
    let bytecode = unlinked;
    for (const [file, libraries] of Object.entries(linkReferences)) {
      for (const [library, places] of Object.entries(libraries)) {
        const linked = await deploy(file.replace(/^(project\/)?contracts\//, ""), library, []);
        for (const { start } of places) {
          const from = 2 + 2 * start;
          bytecode = `0x${bytecode.slice(2, from)}${linked.slice(2)}${bytecode.slice(from + 40)}`;
        }
      }
    }
    const account = devAccount("deployer");
    const { contractAddress } = await mined(await wallet.deployContract({ abi, bytecode, args, account }));
    if (!contractAddress) throw new TypeError(`${name} was not deployed`);
    return contractAddress;
  }

  const travelTo = async (time: number): Promise<void> => {
    await rpc("evm_setNextBlockTimestamp", time);
    await rpc("evm_mine");
  };
  await travelTo(genesis);
  return {
    rpcUrl: chain.rpcUrl,
    chainId: chain.chainId,
    client,
    deployment,
    address,
    rpc,
    async send(from, contract, functionName, args, value = 0n) {
      const account: Account = devAccount(from);
      const call = { address: address(contract), abi: abiFor(contract), functionName, args, value } as const;
      try {
        const { request } = await client.simulateContract({ ...call, account });
        return await mined(await wallet.writeContract({ ...request, account } as never));
      } catch (thrown) {
        throw contractErrorOf(thrown);
      }
    },
    read: (contract, functionName, args = []) =>
      client.readContract({ address: address(contract), abi: abiFor(contract), functionName, args }),
    async call(from, to, declaration, args) {
      const abi: Abi = parseAbi<readonly string[]>([declaration]);
      const functionName = declaration.replace(/^function |\(.*$/g, "");
      const account = devAccount(from);
      return mined(await wallet.writeContract({ address: to, abi, functionName, args, account }));
    },
    async sendData(from, data, to, value = 0n) {
      const account: Account = devAccount(from);
      return mined(await wallet.sendTransaction({ account, data, to: to ?? null, value }));
    },
    deploy,
    now: async () => Number((await client.getBlock()).timestamp),
    travelTo,
    async stop() {
      await chain.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
