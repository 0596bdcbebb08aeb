/** A chain with the whole system deployed, an anchor, four operators in office and projects; operators run as processes. */
import { spawn, type ChildProcess } from "node:child_process";
import { createServer, type Server } from "node:http";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  createWalletClient,
  encodeAbiParameters,
  http,
  keccak256,
  stringToHex,
  zeroHash,
  type Abi,
  type Address,
} from "viem";
import { deploySystem } from "../../deploy/deploy.ts";
import localModule from "../../deploy/modules/local.ts";
import { loadParameters, withOverrides } from "../../deploy/parameters.ts";
import { iAnchorsAbi, iBudgetVaultAbi, iHeartbeatOracleAbi } from "../../src/chain/abi.ts";
import { chainOf, createChainClient, type ChainClient } from "../../src/chain/client.ts";
import type { Deployment } from "../../src/chain/deployment.ts";
import { devAccount, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import { systemClock } from "../../src/core/clock.ts";
import { documentHash } from "../../src/core/documents/document-hash.ts";
import type { Hex } from "../../src/core/hex.ts";
import { typedDataOf } from "../../src/core/signing/typed-data.ts";
import { rulesetHash, type Ruleset } from "../../src/oracle/rulesets/ruleset.ts";
import { scoringCodeDigest } from "../../src/oracle/scoring/golden-epoch.ts";
import { loadKeccakHasher } from "../../src/oracle/tree/keccak-hasher.ts";
import { startChain, type LocalChain } from "../../src/stack/chain.ts";
import { callRpc } from "../../src/stack/json-rpc.ts";
import { freePort } from "../../src/stack/ports.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

export const epochSeconds = 40;
export const reportDeadlineSeconds = 30;
const renewalWindowSeconds = 10;

/** The coin of the chain itself. */
const coin = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE";

export const operatorNames = ["operatorOne", "operatorTwo", "operatorThree", "operatorFour"] as const;
export type OperatorName = (typeof operatorNames)[number];

/** An operator in a process of its own. */
export interface OperatorProcess {
  readonly name: OperatorName;
  readonly url: string;
  readonly data: string;
  readonly log: string[];
  /** Exit code or signal, when it has ended in whatever way. */
  readonly ended: Promise<number | string | null>;
  /** `SIGTERM`, or the signal named; resolves with exit code or signal when it has ended. */
  end(signal?: "SIGTERM" | "SIGKILL"): Promise<number | string | null>;
}

/** How an operator's process is made. */
export interface OperatorLaunch {
  /** Arguments of Node itself. */
  readonly nodeArguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Given the process at once, before it is ready. */
  readonly onSpawn?: (operator: OperatorProcess) => void;
}

export interface OracleNetwork {
  readonly chain: LocalChain;
  readonly client: ChainClient;
  readonly deployment: Deployment;
  readonly directory: string;
  /** Starts an operator, its configuration with these changes; resolves when it says that it is ready. */
  start(
    name: OperatorName,
    changes?: Readonly<Record<string, unknown>>,
    launch?: OperatorLaunch,
  ): Promise<OperatorProcess>;
  /** Opens, accepts and funds a project that is scored by `definition`; returns its id. */
  openProject(definition: unknown): Promise<Hex>;
  write(
    as: DevAccountName,
    contract: Address,
    abi: Abi,
    functionName: string,
    args: readonly unknown[],
    value?: bigint,
  ): Promise<void>;
  /** Second of chain time. */
  now(): Promise<number>;
  /** Lets the chain's clock jump to `seconds`. */
  jumpTo(seconds: number): Promise<void>;
  /** First second after an epoch. */
  endOf(epoch: number): Promise<number>;
  /** First second in which the report of an epoch is not accepted any more. */
  closesAt(epoch: number): Promise<number>;
  lastEpoch(): Promise<number>;
  runningEpoch(): Promise<number>;
  stop(): Promise<void>;
}

/** Writes a ruleset where the operators of a network look for documents; what is left out is as in its first one. */
export async function publishRuleset(
  directory: string,
  changes: Partial<Ruleset> & Pick<Ruleset, "vaults">,
): Promise<{ readonly hash: Hex; readonly ruleset: Ruleset }> {
  const ruleset: Ruleset = {
    kind: "mandate.oracle-ruleset/1",
    settlement: { block: "finalized", seconds: 0 },
    scoring: scoringCodeDigest(await loadKeccakHasher()),
    ...changes,
    vaults: changes.vaults.map((each): Hex => `0x${each.slice(2).toLowerCase()}`).sort(),
  };
  const hash = rulesetHash(ruleset);
  mkdirSync(join(directory, "documents"), { recursive: true });
  writeFileSync(join(directory, "documents", `${hash}.json`), JSON.stringify(ruleset));
  return { hash, ruleset };
}

/** Waits until `condition` gives something. */
export async function eventually<Value>(
  what: string,
  condition: () => Promise<Value | undefined> | Value | undefined,
  limits: { timeoutMs?: number; pauseMs?: number } = {},
): Promise<Value> {
  const endMs = Date.now() + (limits.timeoutMs ?? 60_000);
  for (;;) {
    const found = await condition();
    if (found !== undefined) return found;
    if (Date.now() > endMs) throw new Error(`waited in vain: ${what}`);
    await systemClock.sleep(limits.pauseMs ?? 100);
  }
}

/** The contract's event of an epoch's report, with the transaction that it is of. @throws where no report was accepted. */
export async function acceptedLog({ client, deployment }: Pick<OracleNetwork, "client" | "deployment">, epoch: number) {
  const [log] = await client.getContractEvents({
    address: deployment.contracts.HeartbeatOracle,
    abi: iHeartbeatOracleAbi,
    eventName: "ReportAccepted",
    args: { epoch },
    fromBlock: 0n,
    strict: true,
  });
  if (log === undefined) throw new Error(`no report of epoch ${epoch}`);
  return log;
}

/** Value of one line of an operator's metrics, named with its labels; undefined where there is none. */
export async function metricOf({ url }: Pick<OperatorProcess, "url">, line: string): Promise<number | undefined> {
  const text = await (await fetch(new URL("/metrics", url))).text();
  const found = text.split("\n").find((each) => each.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
}

/** Serves `answer` on a port of its own. */
export async function serveText(
  answer: () => Promise<string> | string,
): Promise<{ url: string; host: string; server: Server }> {
  const server = createServer((_request, response) => {
    void Promise.resolve(answer()).then((text) => response.end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const host = `127.0.0.1:${address.port}`;
  return { url: `http://${host}/`, host, server };
}

export async function startOracleNetwork(
  sources: {
    readonly hosts: readonly string[];
    readonly repositories: Readonly<Record<string, string>>;
    /** Credentials, databases and the like, as an operator's configuration has them. */
    readonly [more: string]: unknown;
  },
  calendar = { epochSeconds, reportDeadlineSeconds },
  rules: Partial<Pick<Ruleset, "settlement">> = {},
): Promise<OracleNetwork> {
  const directory = mkdtempSync(join(tmpdir(), "mandate-oracle-"));
  const chain = await startChain({
    port: await freePort(),
    directory: join(directory, "chain"),
    snapshotIntervalMs: 600_000,
  });
  const client = createChainClient({ chainId: chain.chainId, rpcUrl: chain.rpcUrl });
  const running = new Set<OperatorProcess>();
  const ports = new Map<OperatorName, number>();
  for (const name of operatorNames) ports.set(name, await freePort());

  const now = async (): Promise<number> => Number((await client.getBlock()).timestamp);
  const write: OracleNetwork["write"] = async (as, address, abi, functionName, args, value = 0n) => {
    const account = devAccount(as);
    const wallet = createWalletClient({
      account,
      chain: chainOf(chain.chainId, chain.rpcUrl),
      transport: http(chain.rpcUrl),
    });
    const hash = await wallet.writeContract({ address, abi, functionName, args, value } as never);
    const receipt = await client.waitForTransactionReceipt({ hash });
    if (receipt.status !== "success") throw new Error(`${functionName} reverted`);
  };

  const { deployment, pool, attestorSet } = await chain.minedAtOnce(async () => {
    const deployed = await deploySystem({
      module: localModule,
      parameters: withOverrides(loadParameters(join(root, "deploy/params/local.json")), {
        Oracle: { ...calendar, genesisUnixSeconds: (await now()) + 1 },
      }),
      provider: {
        request: ({ method, params }) => callRpc(chain.rpcUrl, method, (params ?? []) as readonly unknown[]),
      },
      deployer: devAccount("deployer").address,
      pollingMs: 20,
      confirmations: 1,
    });
    const { Anchors, BudgetVault, HeartbeatOracle } = deployed.contracts;
    const anchor = devAccount("anchor");
    await write("governor", Anchors, iAnchorsAbi, "enrol", [anchor.address, documentHash({ name: "test anchor" })]);
    const deadline = (await now()) + 3_600;
    const oath = { anchor: anchor.address, identity: documentHash({ name: "test anchor" }), nonce: 0n, deadline };
    const nonce = await client.readContract({
      address: Anchors,
      abi: iAnchorsAbi,
      functionName: "nonceOf",
      args: [anchor.address],
    });
    const signature = await anchor.signTypedData({
      ...typedDataOf("AnchorOath", { chainId: chain.chainId, verifyingContract: Anchors }),
      message: { ...oath, nonce },
    });
    await write("governor", Anchors, iAnchorsAbi, "accept", [anchor.address, deadline, signature]);

    await write("finance", BudgetVault, iBudgetVaultAbi, "allowAsset", [coin, true]);
    const name = keccak256(stringToHex("test pool"));
    await write("finance", BudgetVault, iBudgetVaultAbi, "openPool", [
      name,
      devAccount("stewardOne").address,
      anchor.address,
    ]);
    const poolId = keccak256(
      encodeAbiParameters(
        [{ type: "uint256" }, { type: "address" }, { type: "bytes32" }],
        [BigInt(chain.chainId), BudgetVault, name],
      ),
    );
    const attestors = [devAccount("attestorOne").address, devAccount("attestorTwo").address].sort((a, b) =>
      keccak256(a) < keccak256(b) ? -1 : 1,
    );
    await write("attestorOwner", BudgetVault, iBudgetVaultAbi, "createAttestorSet", [zeroHash, attestors, 2]);
    const setId = keccak256(
      encodeAbiParameters([{ type: "address" }, { type: "bytes32" }], [devAccount("attestorOwner").address, zeroHash]),
    );
    const operators = operatorNames
      .map((each) => devAccount(each).address)
      .sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
    const epoch = await client.readContract({
      address: HeartbeatOracle,
      abi: iHeartbeatOracleAbi,
      functionName: "epochAt",
      args: [await now()],
    });
    await write("governor", HeartbeatOracle, iHeartbeatOracleAbi, "scheduleOperatorSet", [
      operators,
      epoch + 1,
      anchor.address,
    ]);
    const ruleset = await publishRuleset(directory, { ...rules, vaults: [BudgetVault] });
    await write("governor", HeartbeatOracle, iHeartbeatOracleAbi, "scheduleRuleset", [
      ruleset.hash,
      epoch + 1,
      anchor.address,
    ]);
    return { deployment: deployed, pool: poolId, attestorSet: setId };
  });
  const { BudgetVault, HeartbeatOracle } = deployment.contracts;
  let opened = 0;

  const network: OracleNetwork = {
    chain,
    client,
    deployment,
    directory,
    now,
    write,

    async start(name, changes = {}, launch = {}) {
      const data = join(directory, name);
      const port = ports.get(name) ?? 0;
      const config = join(directory, `${name}.json`);
      writeFileSync(
        config,
        JSON.stringify({
          chainId: chain.chainId,
          rpc: { urls: [chain.rpcUrl], quorum: 1 },
          oracle: HeartbeatOracle,
          fromBlock: deployment.fromBlock,
          listen: { host: "127.0.0.1", port },
          peers: operatorNames.filter((each) => each !== name).map((each) => `http://127.0.0.1:${ports.get(each)}`),
          keys: { signing: { development: name }, gas: { development: name } },
          data,
          documents: join(directory, "documents"),
          egress: { allowPrivate: ["127.0.0.1"] },
          sources,
          submit: true,
          pollMs: 200,
          ...changes,
        }),
      );
      const command = [join(root, "src/cli/main.ts"), "oracle", "run", "--config", config];
      const child = spawn(process.execPath, [...(launch.nodeArguments ?? []), ...command], {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, ...launch.environment },
      });
      const log: string[] = [];
      const ended = new Promise<number | string | null>((resolve) =>
        child.once("exit", (code, signal) => resolve(code ?? signal)),
      );
      createInterface({ input: child.stderr }).on("line", (line) => log.push(line));
      const operator: OperatorProcess = {
        name,
        url: `http://127.0.0.1:${port}`,
        data,
        log,
        ended,
        end: (signal = "SIGTERM") => {
          child.kill(signal);
          return ended;
        },
      };
      running.add(operator);
      void ended.then(() => running.delete(operator));
      launch.onSpawn?.(operator);
      await readyLine(child, ended, log);
      return operator;
    },

    async openProject(definition) {
      opened += 1;
      const scoreDefinition = documentHash(definition);
      writeFileSync(join(directory, "documents", `${scoreDefinition}.json`), JSON.stringify(definition));
      const deadline = (await now()) + 100_000;
      const plan = {
        version: 1,
        project: zeroHash,
        pool,
        reclaimTo: pool,
        asset: coin,
        payee: devAccount("payeeOne").address,
        opener: devAccount("stewardOne").address,
        anchor: devAccount("anchor").address,
        team: zeroHash,
        oracle: HeartbeatOracle,
        scoreDefinition,
        leaseReports: 2,
        initialReports: 2,
        maxMissing: 2,
        renewalWindow: renewalWindowSeconds,
        acceptBy: deadline,
        salt: keccak256(stringToHex(`project ${opened}`)),
        milestones: [
          {
            amount: 10n ** 15n,
            deadline,
            challengeWindow: 0,
            specification: keccak256(stringToHex("specification")),
            attestorSet,
            attestorSetVersion: 1,
            coSignature: false,
          },
        ],
      } as const;
      const project = await client.readContract({
        address: BudgetVault,
        abi: iBudgetVaultAbi,
        functionName: "planId",
        args: [plan],
      });
      await chain.minedAtOnce(async () => {
        await write("stewardOne", BudgetVault, iBudgetVaultAbi, "openProject", [plan]);
        await write("payeeOne", BudgetVault, iBudgetVaultAbi, "acceptProject", [project, 0, "0x"]);
        await write("anchor", BudgetVault, iBudgetVaultAbi, "acceptProject", [project, 1, "0x"]);
        const intent = keccak256(stringToHex(`intent ${opened}`));
        await write("finance", BudgetVault, iBudgetVaultAbi, "fundProject", [project, intent], 10n ** 15n);
      });
      return project;
    },

    async jumpTo(seconds) {
      await callRpc(chain.rpcUrl, "evm_setNextBlockTimestamp", [seconds]);
      await callRpc(chain.rpcUrl, "evm_mine", []);
    },
    async endOf(epoch) {
      const genesis = await client.readContract({
        address: HeartbeatOracle,
        abi: iHeartbeatOracleAbi,
        functionName: "genesis",
      });
      return genesis + epoch * calendar.epochSeconds;
    },
    closesAt: async (epoch) => (await network.endOf(epoch)) + calendar.reportDeadlineSeconds,
    lastEpoch: () =>
      client.readContract({ address: HeartbeatOracle, abi: iHeartbeatOracleAbi, functionName: "lastEpoch" }),
    runningEpoch: async () =>
      client.readContract({
        address: HeartbeatOracle,
        abi: iHeartbeatOracleAbi,
        functionName: "epochAt",
        args: [await now()],
      }),

    async stop() {
      await Promise.all([...running].map((each) => each.end()));
      await chain.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return network;
}

async function readyLine(child: ChildProcess, ended: Promise<unknown>, log: readonly string[]): Promise<void> {
  const { stdout } = child;
  if (stdout === null) throw new Error("no standard output");
  const ready = new Promise<boolean>((resolve) => {
    createInterface({ input: stdout }).on("line", (line) => {
      if (line.includes('"event":"ready"')) resolve(true);
    });
  });
  const isReady = await Promise.race([ready, ended.then(() => false)]);
  if (!isReady) throw new Error(`the operator ended before it was ready:\n${log.join("\n")}`);
}
