/** Replays of what operators of a network sealed, and `mandate` in a directory that has nothing of theirs. */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { privateKeyToAccount } from "viem/accounts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { hexOf, type Hex } from "../../src/core/hex.ts";
import { bundleDigest, bundleSchema, bundleText, type Bundle } from "../../src/oracle/bundle/bundle.ts";
import { writeBundleDirectory } from "../../src/oracle/bundle/bundle-directory.ts";
import { sealBundle } from "../../src/oracle/bundle/bundle-seal.ts";
import { operatorSource } from "../../src/oracle/bundle/bundle-source.ts";
import { replayEpoch, type Replay } from "../../src/oracle/replay/replay-epoch.ts";
import { loadKeccakHasher } from "../../src/oracle/tree/keccak-hasher.ts";
import { eventually, type OperatorName, type OracleNetwork } from "./oracle-network.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** Waits until the operator at `url` serves a sealed epoch, and replays it against the chain. */
export async function replayServed(network: OracleNetwork, url: string, epoch: number): Promise<Replay> {
  await eventually(`${url} seals epoch ${epoch}`, async () => {
    return (await fetch(new URL(`/v1/epochs/${epoch}/bundle`, url))).ok ? true : undefined;
  });
  const { client, deployment } = network;
  return replayEpoch({
    epoch,
    source: operatorSource(url, epoch, 10_000),
    keccak: await loadKeccakHasher(),
    chain: () => ({ client, fromBlock: deployment.fromBlock }),
  });
}

export interface AnswerInDirectory {
  readonly code: number;
  readonly json: Readonly<Record<string, unknown>>;
}

/** Runs `mandate --json oracle …` in a directory. */
export function oracleCommandIn(directory: string): (...args: readonly string[]) => Promise<AnswerInDirectory> {
  return (...args) =>
    new Promise((resolve) => {
      execFile(process.execPath, [main, "--json", "oracle", ...args], { cwd: directory }, (error, stdout) => {
        const json = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
        resolve({ code: error === null ? 0 : Number(error.code), json });
      });
    });
}

/** A part of each kind of the bundle in a directory. */
export function partOfEachKind(directory: string): readonly Hex[] {
  const document = bundleSchema.parse(JSON.parse(readFileSync(join(directory, "bundle.json"), "utf8")));
  const { facts, leaves, votes, definitions, captures, observations } = document;
  const parts = [facts, leaves, votes, definitions[0], captures[0], observations[0]?.observation];
  return parts.map((part) => {
    if (part === undefined || part === null) throw new Error("the bundle lacks a kind of part");
    return part;
  });
}

/** Puts another first byte into a part while `work` runs. */
export async function withChangedPart(directory: string, part: Hex, work: () => Promise<void>): Promise<void> {
  const path = join(directory, "parts", part);
  const bytes = readFileSync(path);
  writeFileSync(path, Buffer.from(bytes).fill(bytes[0] === 0x20 ? 0x21 : 0x20, 0, 1));
  await work();
  writeFileSync(path, bytes);
}

/** The bundle in `directory` as an operator that lies about what it read on the chain seals it; written to `out`. */
export async function sealedAnew(
  directory: string,
  out: string,
  operator: OperatorName,
  changes: Partial<Bundle>,
): Promise<void> {
  const text = readFileSync(join(directory, "bundle.json"), "utf8");
  const bundle = { ...bundleSchema.parse(JSON.parse(text)), ...changes };
  const parts = new Map(
    bundle.parts.map(({ hash }) => [hash, readFileSync(join(directory, "parts", hash), "utf8")] as const),
  );
  const { privateKey } = devAccount(operator).getHdKey();
  if (privateKey === null) throw new Error("no key");
  const changed = bundleText(bundle);
  const seal = await sealBundle(privateKeyToAccount(hexOf(privateKey)), bundle, bundleDigest(changed));
  await writeBundleDirectory(out, { text: changed, seal, parts });
}
