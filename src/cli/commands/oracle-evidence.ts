import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { createChainClient } from "../../chain/client.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { writeBundleDirectory } from "../../oracle/bundle/bundle-directory.ts";
import { writeBundleFile } from "../../oracle/bundle/bundle-file.ts";
import { openBundlePath, operatorSource, type BundleSource } from "../../oracle/bundle/bundle-source.ts";
import { loadOperatorConfiguration } from "../../oracle/configuration/operator-configuration.ts";
import { openBundle } from "../../oracle/replay/open-bundle.ts";
import { replayEpoch } from "../../oracle/replay/replay-epoch.ts";
import { evidenceOf } from "../../oracle/run-operator.ts";
import { loadKeccakHasher } from "../../oracle/tree/keccak-hasher.ts";
import { exitCodes } from "../exit-code.ts";
import { outputOf } from "../output.ts";
import { replayText } from "../text/replay-text.ts";
import { countOf, countWithin } from "../values/count.ts";

/** For one entry that an operator serves. */
const ENTRY_TIMEOUT_MS = 60_000;

const epochNumber = countWithin(1, 0xffff_ffff);

interface BundleOptions {
  readonly config?: string;
  readonly url?: string;
  readonly out: string;
}

interface ReplayOptions {
  readonly bundle?: string;
  readonly url?: string;
  readonly rpcUrl?: string;
  readonly oracle?: Hex;
  readonly fromBlock: number;
}

function address(text: string): Hex {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw new InvalidArgumentError("not an address");
  return text.toLowerCase() as Hex;
}

function webAddress(text: string): string {
  if (!URL.canParse(text)) throw new InvalidArgumentError("not a URL");
  return text;
}

/** Exactly one of two places, of which each leads to a bundle. */
function sourceOf(
  epoch: number,
  url: string | undefined,
  path: string | undefined,
  remedy: string,
): Promise<BundleSource> | BundleSource {
  if (url !== undefined && path === undefined) return operatorSource(url, epoch, ENTRY_TIMEOUT_MS);
  if (path !== undefined && url === undefined) return openBundlePath(path);
  throw new MandateError("BundleNotNamed", "a bundle comes from exactly one place", { kind: "input", remedy });
}

async function exportBundle(this: Command, epoch: number, options: BundleOptions): Promise<void> {
  const { url, config } = options;
  const out = resolve(options.out);
  if (existsSync(out)) {
    throw new MandateError("OutputExists", `${out} is there already`, {
      kind: "input",
      data: { out },
      remedy: "Name another place with --out.",
    });
  }
  const path = config === undefined ? undefined : evidenceOf(loadOperatorConfiguration(config).data).bundlePath(epoch);
  const source = await sourceOf(epoch, url, path, "Name --config <file> or --url <operator>.");
  const parts = new Map<Hex, Buffer>();
  const { sealed, digest, bundle, bytes } = await openBundle(source, epoch, await loadKeccakHasher(), parts);
  if (out.endsWith(".ndjson")) writeBundleFile(out, { ...sealed, parts });
  else await writeBundleDirectory(out, { ...sealed, parts });
  outputOf(this).result(
    { epoch, bundle: digest, operator: bundle.operator, parts: bundle.parts.length, bytes, out },
    `Bundle ${digest} of epoch ${epoch}, sealed by ${bundle.operator}: ${bundle.parts.length} parts, ${bytes} bytes, in ${out}`,
  );
}

async function replay(this: Command, epoch: number, options: ReplayOptions): Promise<void> {
  const { bundle, url, rpcUrl, oracle, fromBlock } = options;
  const result = await replayEpoch({
    epoch,
    source: await sourceOf(epoch, url, bundle, "Name --bundle <path> or --url <operator>."),
    oracle,
    chain:
      rpcUrl === undefined ? undefined : (chainId) => ({ client: createChainClient({ chainId, rpcUrl }), fromBlock }),
    keccak: await loadKeccakHasher(),
  });
  outputOf(this).result(result, replayText(result));
  if (result.verdict === "differs") process.exitCode = exitCodes.refused;
}

/** `mandate oracle bundle` */
export function bundleCommand(): Command {
  return new Command("bundle")
    .description("write the sealed evidence of an epoch to a directory, or to one file")
    .argument("<epoch>", "number of the epoch", epochNumber)
    .option("--config <file>", "configuration of the operator whose evidence it is")
    .option("--url <url>", "address of an operator that serves it", webAddress)
    .requiredOption("--out <path>", "a directory that is made, or one file where the name ends in .ndjson")
    .addHelpText(
      "after",
      `
Examples:
  $ mandate oracle bundle 12 --config operator.yaml --out epoch-12
  $ mandate oracle bundle 12 --url http://127.0.0.1:4111 --out epoch-12.ndjson`,
    )
    .action(exportBundle);
}

/** `mandate oracle replay` */
export function replayCommand(): Command {
  return new Command("replay")
    .description("compute an epoch's report again from a bundle alone; exit code 1 where anything differs")
    .argument("<epoch>", "number of the epoch", epochNumber)
    .option("--bundle <path>", "directory or file that mandate oracle bundle wrote")
    .option("--url <url>", "address of an operator that serves the bundle", webAddress)
    .option("--rpc-url <url>", "JSON-RPC endpoint to hold the bundle against the chain", webAddress)
    .option("--oracle <address>", "refuse a bundle of another oracle", address)
    .option("--from-block <number>", "block of the deployment", countOf, 0)
    .addHelpText(
      "after",
      `
Examples:
  $ mandate oracle replay 12 --bundle epoch-12.ndjson
  $ mandate oracle replay 12 --url http://127.0.0.1:4111 --rpc-url http://127.0.0.1:4100 --oracle 0x… --json`,
    )
    .action(replay);
}
