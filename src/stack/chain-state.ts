import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import type { Clock } from "../core/clock.ts";
import { bytesOf } from "../core/hex.ts";
import { MandateError } from "../core/errors/mandate-error.ts";
import { replaceFile } from "./disk.ts";
import { callRpc } from "./json-rpc.ts";

/** A snapshot may take at most this share of the time: the pause after it is a multiple of its duration. */
const PAUSE_PER_DURATION = 20;

const dumpSchema = z
  .string()
  .regex(/^0x([0-9a-f]{2})+$/)
  .transform((text) => text as `0x${string}`);

/** Writes the whole chain (accounts, blocks, transactions, receipts) to `path`, replacing the file as a whole. */
export async function saveChainState(rpcUrl: string, path: string): Promise<void> {
  const dump = dumpSchema.parse(await callRpc(rpcUrl, "anvil_dumpState", []));
  replaceFile(path, gunzipSync(bytesOf(dump)));
}

/** Arguments that make Anvil continue from `path`; none where there is no state yet. */
export function loadStateArguments(path: string): string[] {
  if (!existsSync(path)) return [];
  keepFirstGenesis(path);
  return ["--load-state", path];
}

const stateSchema = z.looseObject({
  blocks: z.array(z.looseObject({ header: z.looseObject({ number: z.string(), timestamp: z.string() }) })),
});

/**
 * Each start of Anvil makes a genesis block, with that second as its time, and saves it beside the loaded ones; the next
 * start would take any of them as block 0. Only the first start's is the parent of block 1.
 */
function keepFirstGenesis(path: string): void {
  const state = stateSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  const geneses = state.blocks.filter(({ header }) => BigInt(header.number) === 0n);
  if (geneses.length < 2) return;
  const first = geneses.reduce((a, b) => (BigInt(b.header.timestamp) < BigInt(a.header.timestamp) ? b : a));
  const blocks = state.blocks.filter((block) => block === first || !geneses.includes(block));
  replaceFile(path, JSON.stringify({ ...state, blocks }));
}

/**
 * Saves the chain again and again until `signal` aborts.
 * Why not Anvil's own `--state-interval`: it writes in place, so that a kill in the middle leaves half a file, and a
 * full disk is a line in its log only.
 * @throws {MandateError} `DiskFull`, `ChainStateUnsaved`.
 */
export async function keepChainState(options: {
  rpcUrl: string;
  path: string;
  intervalMs: number;
  clock: Clock;
  signal: AbortSignal;
}): Promise<void> {
  const isStopping = (): boolean => options.signal.aborted;
  let pauseMs = options.intervalMs;
  for (;;) {
    await options.clock.sleep(pauseMs, options.signal);
    if (isStopping()) return;
    const startMs = options.clock.nowMs();
    try {
      await saveChainState(options.rpcUrl, options.path);
    } catch (cause) {
      if (isStopping()) return; // stopping: the last snapshot is taken by whoever stops the chain
      if (cause instanceof MandateError) throw cause;
      throw new MandateError("ChainStateUnsaved", "the state of the embedded chain could not be saved", {
        kind: "environment",
        data: { path: options.path },
        cause,
      });
    }
    pauseMs = Math.max(options.intervalMs, (options.clock.nowMs() - startMs) * PAUSE_PER_DURATION);
  }
}
