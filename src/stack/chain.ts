import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { devAccountCount, publicTestMnemonic } from "../chain/dev-accounts.ts";
import { systemClock, type Clock } from "../core/clock.ts";
import { MandateError } from "../core/errors/mandate-error.ts";
import { keepChainState, loadStateArguments, saveChainState } from "./chain-state.ts";
import { callRpc } from "./json-rpc.ts";
import { startProcess, unexpectedEnd, type ManagedProcess } from "./native-process.ts";
import { assertPortFree, loopback } from "./ports.ts";

export const localChainId = 31337;

/** Must be hardhat.config's EVM version: the chain runs what the compiler writes for. */
const HARDFORK = "osaka";

const READY_TIMEOUT_MS = 20_000;
const READY_POLL_MS = 30;

export interface ChainOptions {
  readonly port: number;
  /** Where the chain, its log and temporary files live. The chain continues from what it finds there. */
  readonly directory: string;
  /** Seconds between blocks; 0 mines a block for each transaction. Default 1. */
  readonly blockTimeSeconds?: number;
  /** Pause between snapshots: what a `kill -9` can lose. Default 2,000. */
  readonly snapshotIntervalMs?: number;
  readonly clock?: Clock;
}

export interface LocalChain {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly title: string;
  readonly pid: number;
  /** Resolves with the reason where the chain or its snapshots fail by themselves; stays pending otherwise. */
  readonly failed: Promise<unknown>;
  /** A block per transaction while `work` runs, then again a block per interval. */
  minedAtOnce<T>(work: () => Promise<T>): Promise<T>;
  /** No block while `work` runs; all that it sent is in the one block after it, in the order in which it was sent. */
  minedTogether<T>(work: () => Promise<T>): Promise<T>;
  /** Writes a snapshot now. */
  save(): Promise<void>;
  /** Takes a last snapshot and ends the process. */
  stop(): Promise<void>;
}

/** The native program of Anvil; its npm wrapper would be one more process between us and its signals. */
function anvilProgram(): string {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const name = `@foundry-rs/anvil-${process.platform}-${architecture}/bin/anvil${process.platform === "win32" ? ".exe" : ""}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve("@foundry-rs/anvil/package.json");
    return createRequire(wrapper).resolve(name);
  } catch (cause) {
    throw new MandateError(
      "PlatformUnsupported",
      `no embedded chain for ${process.platform}-${process.arch}: ${name} is missing`,
      {
        kind: "environment",
        data: { platform: process.platform, architecture: process.arch },
        remedy: "Install again with optional dependencies: npm ci.",
        cause,
      },
    );
  }
}

async function waitUntilReady(rpcUrl: string, chain: ManagedProcess, logFile: string, clock: Clock): Promise<void> {
  const endMs = clock.nowMs() + READY_TIMEOUT_MS;
  while (chain.isRunning() && clock.nowMs() < endMs) {
    try {
      await callRpc(rpcUrl, "eth_blockNumber", []);
      return;
    } catch {
      await clock.sleep(READY_POLL_MS); // not listening yet
    }
  }
  if (!chain.isRunning()) throw await unexpectedEnd(chain, logFile);
  await chain.stop();
  throw new MandateError(
    "ChainNotReady",
    `the embedded chain did not answer within ${READY_TIMEOUT_MS / 1000} seconds`,
    {
      kind: "environment",
      remedy: `Its log is ${logFile}.`,
    },
  );
}

/**
 * Starts the embedded development chain (Anvil). Its accounts derive from the public test mnemonic: never for value.
 * @throws {MandateError} `PortInUse`, `PlatformUnsupported`, `ProcessEnded`, `ChainNotReady`, `DiskFull`.
 */
export async function startChain(options: ChainOptions): Promise<LocalChain> {
  const clock = options.clock ?? systemClock;
  const blockTimeSeconds = options.blockTimeSeconds ?? 1;
  await assertPortFree(options.port, "the embedded chain");
  mkdirSync(options.directory, { recursive: true });
  const statePath = join(options.directory, "state.json");
  const logFile = join(options.directory, "chain.log");
  const rpcUrl = `http://${loopback}:${options.port}`;

  const anvil = await startProcess({
    title: "the embedded chain",
    command: anvilProgram(),
    args: [
      ...["--host", loopback, "--port", String(options.port), "--chain-id", String(localChainId)],
      ...["--mnemonic", publicTestMnemonic, "--accounts", String(devAccountCount)],
      ...["--hardfork", HARDFORK, "--slots-in-an-epoch", "1", "--order", "fifo"],
      ...["--cache-path", join(options.directory, "cache"), "--quiet"],
      ...(blockTimeSeconds > 0 ? ["--block-time", String(blockTimeSeconds)] : []),
      ...loadStateArguments(statePath),
    ],
    cwd: dirname(statePath),
    logFile,
  });
  await waitUntilReady(rpcUrl, anvil, logFile, clock);

  const stopping = new AbortController();
  const snapshots = keepChainState({
    rpcUrl,
    path: statePath,
    intervalMs: options.snapshotIntervalMs ?? 2_000,
    clock,
    signal: stopping.signal,
  });
  const failed = new Promise<unknown>((resolve) => {
    snapshots.catch(resolve);
    void anvil.ended.then(async () => {
      if (!stopping.signal.aborted) resolve(await unexpectedEnd(anvil, logFile));
    });
  });

  return {
    rpcUrl,
    chainId: localChainId,
    title: anvil.title,
    pid: anvil.pid,
    failed,
    minedAtOnce: async (work) => {
      if (blockTimeSeconds === 0) return work();
      await callRpc(rpcUrl, "evm_setIntervalMining", [0]); // before automine: it switches automine off
      await callRpc(rpcUrl, "evm_setAutomine", [true]);
      try {
        return await work();
      } finally {
        await callRpc(rpcUrl, "evm_setIntervalMining", [blockTimeSeconds]);
      }
    },
    minedTogether: async (work) => {
      await callRpc(rpcUrl, "evm_setIntervalMining", [0]);
      await callRpc(rpcUrl, "evm_setAutomine", [false]);
      try {
        return await work();
      } finally {
        await callRpc(rpcUrl, "evm_mine", []);
        if (blockTimeSeconds > 0) await callRpc(rpcUrl, "evm_setIntervalMining", [blockTimeSeconds]);
        else await callRpc(rpcUrl, "evm_setAutomine", [true]);
      }
    },
    save: () => saveChainState(rpcUrl, statePath),
    stop: async () => {
      stopping.abort();
      await snapshots.catch(() => undefined); // already reported through `failed`
      try {
        if (anvil.isRunning()) await saveChainState(rpcUrl, statePath);
      } finally {
        await anvil.stop();
      }
    },
  };
}
