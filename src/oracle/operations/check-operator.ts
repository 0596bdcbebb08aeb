import { accessSync, constants, mkdirSync } from "node:fs";
import { assertChainId, type ChainClient } from "../../chain/client.ts";
import { createQuorumClient } from "../../chain/rpc/quorum-transport.ts";
import { surveyEndpoints } from "../../chain/rpc/survey-endpoints.ts";
import type { Clock } from "../../core/clock.ts";
import type { Hex } from "../../core/hex.ts";
import { openAccount } from "../../chain/hosting/configured-account.ts";
import { checkFund } from "./check-fund.ts";
import { checkProblem } from "./check-problem.ts";
import { redactionOf } from "./without-secrets.ts";
import { checkCosigningKey, checkRegisteredKey, describeSigningTogether } from "./check-cosigning.ts";
import { delegationOf, describeDelegation } from "./check-delegate.ts";
import { keyWarnings } from "./key-warnings.ts";
import type { OperatorConfiguration } from "../configuration/operator-configuration.ts";
import { addressPolicy } from "../egress/address-policy.ts";
import { EgressClient } from "../egress/egress-client.ts";
import { closedEpoch, epochWindow, type EpochCalendar } from "../epochs/epoch-clock.ts";
import { OracleChain, type OperatorSet } from "../epochs/oracle-chain.ts";
import type { Ruleset } from "../rulesets/ruleset.ts";
import { DefinitionLibrary, openDefinitions } from "../scoring/definition-library.ts";
import { readingsOf, type Reading } from "../scoring/score-definition.ts";
import { PeerClient } from "../peers/peer-client.ts";
import { momentOf } from "../observations/observe.ts";
import { openSources } from "../sources/open-sources.ts";
import { loadKeccakHasher } from "../tree/keccak-hasher.ts";
import { describeSeats } from "./seat-signers.ts";
import { rulesetMeans, runningRuleset, scheduledRuleset } from "./ruleset-means.ts";
import { describeSource } from "../sources/source-specification.ts";
import type { EpochMoment } from "../sources/reading.ts";
import type { ReadSource } from "../sources/read-source.ts";

/** One thing that an operator needs, and whether it is there. */
export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  /** Works, and should not stay as it is. */
  readonly warning?: true;
  readonly detail: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** Gas that a hundred reports need, roughly; below it an operator should be funded. */
const COMFORTABLE_GAS = 100n * 150_000n;

/** How far this machine's clock may be from the chain's. It decides nothing, but logs and timeouts mislead when it is off. */
const CLOCK_TOLERANCE_SECONDS = 60;

/** Tries everything that running would need, without signing or sending anything. */
export async function checkOperator(
  configuration: OperatorConfiguration,
  clock: Clock,
): Promise<readonly CheckResult[]> {
  const { chainId, rpc, oracle, fromBlock } = configuration;
  const results: CheckResult[] = [];
  const redact = redactionOf(configuration);
  /** Runs one check; what it throws is its result. */
  const check = async <Value>(
    name: string,
    work: () => Promise<readonly [Value, string]> | readonly [Value, string],
  ): Promise<Value | undefined> => {
    try {
      const [value, detail] = await work();
      results.push({ name, ok: true, detail: redact(detail) });
      return value;
    } catch (error) {
      const { detail, remedy } = checkProblem(error);
      results.push({ name, ok: false, detail: redact(detail), ...(remedy === undefined ? {} : { remedy }) });
      return undefined;
    }
  };

  const client = createQuorumClient({ chainId, rpc });
  const egress = new EgressClient(addressPolicy(configuration.egress.allowPrivate));
  const sources = await check("secrets", () => {
    const opened = openSources(configuration, { egress, client });
    return [opened, "every secret that the configuration names is there"];
  });
  const signer = await check("signing key", async () => {
    const account = await openAccount(configuration.keys.signing);
    return [account, account.address];
  });
  const gas = await check("gas key", async () => {
    const account = await openAccount(configuration.keys.gas);
    return [account, account.address];
  });
  const { cosigning } = configuration.keys;
  const together = cosigning && (await check("cosigning key", () => checkCosigningKey(cosigning, [signer, gas])));
  results.push(...keyWarnings(configuration.keys, [signer?.address, gas?.address]));
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

  for (const { name, problem, detail } of await surveyEndpoints({ chainId, urls: rpc.urls, clock })) {
    await check(`endpoint ${name}`, () => {
      if (problem !== undefined) throw new Error(`${problem}; ${detail}`);
      return [true, detail];
    });
  }
  const isChainThere = await check("chain", async () => {
    await assertChainId(client);
    return [true, `chain ${chainId}, as ${rpc.quorum} of ${rpc.urls.length} endpoints show it`];
  });
  if (isChainThere !== undefined) {
    await check("clock", () => checkClock(client, clock));
    if (gas !== undefined) await check("gas money", () => checkBalance(client, gas.address));
    const { fund } = configuration.submission;
    if (fund !== undefined) {
      const pays = await check("fund", async () => {
        const found = await checkFund(client, fund, oracle);
        return [found.pays, found.detail];
      });
      const last = results.at(-1);
      if (pays === false && last !== undefined) results.splice(-1, 1, { ...last, warning: true });
    }
    const chain = new OracleChain({ client, oracle, fromBlock });
    const calendar = await check("oracle contract", async () => {
      const found = await chain.calendar();
      return [found, `epochs of ${found.epochSeconds} s, reports within ${found.reportDeadlineSeconds} s`];
    });
    if (calendar !== undefined) {
      const means = rulesetMeans({ configuration, calendar, egress, keccak: await loadKeccakHasher() });
      const ruleset = await check("ruleset", () => runningRuleset(chain, means));
      const coming = await check("scheduled ruleset", () => scheduledRuleset(chain, means));
      const last = results.at(-1);
      if (coming === false && last !== undefined) results.splice(-1, 1, { ...last, warning: true });
      if (ruleset !== undefined) await check("settlement", () => checkSettlement(ruleset, chain, calendar));
      if (signer !== undefined) await check("operator set", () => checkSeat(chain, calendar, signer.address));
      if (signer !== undefined) {
        const { address } = signer;
        await check("delegate", async () => describeDelegation(await delegationOf(client, oracle, address), address));
      }
      const allSign = await check("seats", async () => describeSeats(client, await runningSet(chain, calendar)));
      const seats = results.at(-1);
      if (allSign === false && seats !== undefined) results.splice(-1, 1, { ...seats, warning: true });
      if (signer !== undefined && together !== undefined) {
        await check("registered key", async () => {
          const { operator } = await delegationOf(client, oracle, signer.address);
          return checkRegisteredKey(client, oracle, operator, together);
        });
        const found = await check("signing together", async () => {
          const set = await runningSet(chain, calendar);
          const told = await describeSigningTogether(
            client,
            oracle,
            set,
            signer.address.toLowerCase() as Hex,
            together,
          );
          return [told.can, told.detail];
        });
        const last = results.at(-1);
        if (found === false && last !== undefined) results.splice(-1, 1, { ...last, warning: true });
      }
      const found =
        ruleset && (await check("definitions", () => neededReadings(configuration, chain, calendar, ruleset)));
      if (sources !== undefined && found !== undefined) {
        const { readings, moment } = found;
        for (const each of readings) await check(`source ${each.name}`, () => checkSource(sources.read, each, moment));
      }
    }
  }
  for (const url of configuration.peers) await check(`peer ${url}`, () => checkPeer(configuration, url, egress));
  await egress.close();
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

/** The set that will report the running epoch. */
async function runningSet(chain: OracleChain, calendar: EpochCalendar): Promise<OperatorSet> {
  const { block, chainSeconds } = await chain.position();
  return chain.operatorSet(closedEpoch(calendar, chainSeconds) + 1, block);
}

async function checkSeat(chain: OracleChain, calendar: EpochCalendar, address: Hex): Promise<readonly [true, string]> {
  const set = await runningSet(chain, calendar);
  const self = address.toLowerCase();
  const seat = set.seats.findIndex((each) => each === self);
  if (seat !== -1 && !set.operators.some((each) => each === self)) {
    throw new Error(
      `${address} is suspended: it signed two reports for an epoch; the oracle's office has to reinstate it, and to schedule a set with it`,
    );
  }
  if (seat === -1) throw new Error(`${address} is not in set ${set.configuration}, which reports the running epoch`);
  const name = set.names[seat];
  const of = name === self ? "" : `, as the delegate of ${name ?? "nobody"}`;
  return [true, `seat ${seat} of ${set.seats.length} in set ${set.configuration}, quorum ${set.quorum}${of}`];
}

async function checkSettlement(
  { settlement }: Ruleset,
  chain: OracleChain,
  calendar: EpochCalendar,
): Promise<readonly [true, string]> {
  const [{ chainSeconds }, settled] = await Promise.all([chain.position(), chain.settledHead(settlement)]);
  const lagSeconds = chainSeconds - settled.chainSeconds;
  const detail = `the settled block is ${lagSeconds} s old; views begin ${settlement.seconds} s after an epoch's end`;
  if (lagSeconds >= calendar.reportDeadlineSeconds) {
    throw new Error(`${detail}, and reports are accepted for ${calendar.reportDeadlineSeconds} s only`);
  }
  return [true, detail];
}

interface NeededReading {
  /** Definition and reading. */
  readonly name: string;
  readonly reading: Reading;
}

/** What active projects are measured by. */
async function neededReadings(
  configuration: OperatorConfiguration,
  chain: OracleChain,
  calendar: EpochCalendar,
  { vaults }: Ruleset,
): Promise<readonly [{ readonly readings: readonly NeededReading[]; readonly moment: EpochMoment }, string]> {
  const moment = await momentNow(chain, calendar);
  const projects = await chain.activeProjects(moment.block, vaults);
  const library = new DefinitionLibrary(configuration.documents);
  const hashes = projects.definitions;
  const known = await openDefinitions(library, hashes, moment.epoch, () => Promise.resolve(undefined));
  const missing = hashes.filter((hash) => !library.known.definitions.has(hash));
  if (missing.length > 0) {
    throw new Error(missing.map((hash) => `${hash}: ${library.problemOf(hash) ?? "no such document here"}`).join("; "));
  }
  const readings = known.flatMap(({ hash, definition }) =>
    readingsOf(definition).map((reading) => ({ name: `${hash.slice(0, 10)} ${reading.key}`, reading })),
  );
  const counted = `${known.length} definitions of ${projects.length} active projects, ${readings.length} sources`;
  return [{ readings, moment }, counted];
}

/** The running epoch as far as the chain has come: what a source says of it, it says as well when the epoch has closed. */
async function momentNow(chain: OracleChain, calendar: EpochCalendar): Promise<EpochMoment> {
  const { block, chainSeconds } = await chain.position();
  return { ...epochWindow(calendar, closedEpoch(calendar, chainSeconds) + 1), block };
}

async function checkSource(
  read: ReadSource,
  { reading }: NeededReading,
  moment: EpochMoment,
): Promise<readonly [true, string]> {
  const { source, decimals } = reading;
  const found = await read(source, decimals, momentOf(reading, moment));
  const asked = describeSource(source);
  if (!found.ok) throw new Error(`${asked}: ${found.failure}, ${found.detail}`);
  return [true, `${asked}: ${found.value} in units of 1e-${decimals}`];
}

async function checkPeer(
  { chainId, oracle }: OperatorConfiguration,
  url: string,
  egress: EgressClient,
): Promise<readonly [true, string]> {
  const answer = await new PeerClient(url, egress).status();
  if (!answer.ok) throw new Error(`${answer.reason}: ${answer.detail}`);
  const status = answer.value;
  if (status.chainId !== chainId || status.oracle !== oracle) {
    throw new Error(`it works for ${status.oracle} on chain ${status.chainId}`);
  }
  return [true, status.operator];
}
