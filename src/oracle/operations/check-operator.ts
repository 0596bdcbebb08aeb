import { accessSync, constants, mkdirSync } from "node:fs";
import { z } from "zod";
import { assertChainId, createChainClient, type ChainClient } from "../../chain/client.ts";
import type { Clock } from "../../core/clock.ts";
import { messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { accountOf } from "../../chain/hosting/configured-key.ts";
import type { OperatorConfiguration } from "../configuration/operator-configuration.ts";
import { closedEpoch, epochWindow, type EpochCalendar } from "../epochs/epoch-clock.ts";
import { OracleChain } from "../epochs/oracle-chain.ts";
import { DefinitionLibrary } from "../scoring/definition-library.ts";
import { metricsOf } from "../scoring/score-definition.ts";
import { sourceReader } from "../sources/read-source.ts";

/** One thing that an operator needs, and whether it is there. */
export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Gas that a hundred reports need, roughly; below it an operator should be funded. */
const COMFORTABLE_GAS = 100n * 150_000n;

/** How far this machine's clock may be from the chain's. It decides nothing, but logs and timeouts mislead when it is off. */
const CLOCK_TOLERANCE_SECONDS = 60;

const PEER_TIMEOUT_MS = 3_000;
const peerStatus = z.object({ chainId: z.number(), oracle: z.string(), operator: z.string() });

/** Tries everything that running would need, without signing or sending anything. */
export async function checkOperator(
  configuration: OperatorConfiguration,
  clock: Clock,
): Promise<readonly CheckResult[]> {
  const { chainId, rpcUrl, oracle, vaults, fromBlock } = configuration;
  const results: CheckResult[] = [];
  /** Runs one check; what it throws is its result. */
  const check = async <Value>(
    name: string,
    work: () => Promise<readonly [Value, string]> | readonly [Value, string],
  ): Promise<Value | undefined> => {
    try {
      const [value, detail] = await work();
      results.push({ name, ok: true, detail });
      return value;
    } catch (error) {
      results.push({ name, ok: false, detail: messageOf(error) });
      return undefined;
    }
  };

  const signer = await check("signing key", () => {
    const account = accountOf(configuration.keys.signing);
    return [account, account.address];
  });
  const gas = await check("gas key", () => {
    const account = accountOf(configuration.keys.gas);
    return [account, account.address];
  });
  for (const [name, path] of [
    ["data directory", configuration.data],
    ["documents directory", configuration.documents],
  ] as const) {
    await check(name, () => {
      mkdirSync(path, { recursive: true });
      accessSync(path, constants.R_OK | constants.W_OK);
      return [path, path];
    });
  }

  const client = createChainClient({ chainId, rpcUrl });
  const isChainThere = await check("chain", async () => {
    await assertChainId(client);
    return [true, `chain ${chainId} at ${rpcUrl}`];
  });
  if (isChainThere !== undefined) {
    await check("clock", () => checkClock(client, clock));
    if (gas !== undefined) await check("gas money", () => checkBalance(client, gas.address));
    const chain = new OracleChain({ client, oracle, vaults, fromBlock });
    const calendar = await check("oracle contract", async () => {
      const found = await chain.calendar();
      return [found, `epochs of ${found.epochSeconds} s, reports within ${found.reportDeadlineSeconds} s`];
    });
    if (calendar !== undefined) {
      if (signer !== undefined) await check("operator set", () => checkSeat(chain, client, calendar, signer.address));
      await check("sources", () => checkSources(configuration, chain, calendar));
    }
  }
  for (const url of configuration.peers) await check(`peer ${url}`, () => checkPeer(configuration, url));
  return results;
}

async function checkClock(client: ChainClient, clock: Clock): Promise<readonly [true, string]> {
  const { timestamp } = await client.getBlock();
  const differenceSeconds = Math.round(clock.nowMs() / 1_000 - Number(timestamp));
  if (Math.abs(differenceSeconds) > CLOCK_TOLERANCE_SECONDS) {
    throw new Error(`this machine is ${differenceSeconds} s ahead of the chain's latest block`);
  }
  return [true, `${differenceSeconds} s ahead of the chain's latest block`];
}

async function checkBalance(client: ChainClient, address: Hex): Promise<readonly [true, string]> {
  const [balance, { maxFeePerGas }] = await Promise.all([client.getBalance({ address }), client.estimateFeesPerGas()]);
  const required = COMFORTABLE_GAS * maxFeePerGas;
  if (balance < required) throw new Error(`${address} has ${balance} wei; a hundred reports may need ${required}`);
  return [true, `${balance} wei`];
}

async function checkSeat(
  chain: OracleChain,
  client: ChainClient,
  calendar: EpochCalendar,
  address: Hex,
): Promise<readonly [true, string]> {
  const { timestamp } = await client.getBlock();
  const running = closedEpoch(calendar, Number(timestamp)) + 1;
  const set = await chain.operatorSet(running);
  const seat = set.operators.findIndex((each) => each === address.toLowerCase());
  if (seat === -1) throw new Error(`${address} is not in set ${set.configuration}, which reports epoch ${running}`);
  return [true, `seat ${seat} of ${set.operators.length} in set ${set.configuration}, quorum ${set.quorum}`];
}

async function checkSources(
  configuration: OperatorConfiguration,
  chain: OracleChain,
  calendar: EpochCalendar,
): Promise<readonly [true, string]> {
  const position = await chain.position();
  const projects = await chain.activeProjects(position.block);
  const library = new DefinitionLibrary(configuration.documents);
  const hashes = [...new Set(projects.map((each) => each.definition))];
  const known = await library.load(hashes, () => Promise.resolve(undefined));
  const problems = hashes.filter((hash) => !library.known.has(hash)).map((hash) => `no definition ${hash}`);
  const read = sourceReader(configuration.sources, configuration.sources);
  const window = epochWindow(calendar, closedEpoch(calendar, position.chainSeconds) + 1);
  let readings = 0;
  for (const { hash, definition } of known) {
    for (const { key, metric } of metricsOf(definition)) {
      const reading = await read(metric.source, metric.decimals, window);
      readings += 1;
      if (!reading.ok) problems.push(`${hash.slice(0, 10)} ${key}: ${reading.failure}, ${reading.detail}`);
    }
  }
  if (problems.length > 0) throw new Error(problems.join("; "));
  return [true, `${projects.length} active projects, ${known.length} definitions, ${readings} sources read`];
}

async function checkPeer(configuration: OperatorConfiguration, url: string): Promise<readonly [true, string]> {
  const response = await fetch(new URL("/v1/status", url), { signal: AbortSignal.timeout(PEER_TIMEOUT_MS) });
  const status = peerStatus.parse(await response.json());
  if (status.chainId !== configuration.chainId || status.oracle !== configuration.oracle) {
    throw new Error(`it works for ${status.oracle} on chain ${status.chainId}`);
  }
  return [true, status.operator];
}
