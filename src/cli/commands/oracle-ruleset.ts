import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { isAddress } from "viem";
import { z } from "zod";
import { heartbeatOracleAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { settlementProblem, type Settlement } from "../../oracle/epochs/settlement.ts";
import { writeDurably } from "../../oracle/evidence/write-durably.ts";
import { rulesetHash, rulesetSchema, type Ruleset } from "../../oracle/rulesets/ruleset.ts";
import { scoringCodeDigest, scoringsByDigest } from "../../oracle/scoring/golden-epoch.ts";
import { loadKeccakHasher } from "../../oracle/tree/keccak-hasher.ts";
import { scheduleRulesetCall } from "../../sdk/founding.ts";
import { chainTime } from "../../sdk/read.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { addTransactOptions, transact, type Transaction } from "../chain/transact.ts";
import { addressOrName } from "../chain/signer.ts";
import { outputOf } from "../output.ts";
import { addressBookOf } from "../values/address-book.ts";
import { bytes32 } from "../values/bytes32.ts";
import { countOf, countWithin } from "../values/count.ts";
import { timeText } from "../values/time.ts";

function vaultsOf(text: string, before: readonly Hex[] = []): readonly Hex[] {
  if (!isAddress(text, { strict: false })) throw new InvalidArgumentError("not an address");
  return [...before, `0x${text.slice(2).toLowerCase()}`];
}

function settledBlock(text: string): Settlement["block"] {
  if (text === "finalized" || text === "safe") return text;
  return { confirmations: countWithin(1, 10_000)(text) };
}

function settlementText({ settlement: { block, seconds } }: Ruleset): string {
  const what = typeof block === "string" ? `the ${block} block` : `${block.confirmations} blocks on top`;
  return `${what}, ${seconds} s after an epoch's end`;
}

/** @throws {MandateError} `RulesetInvalid` with the exact path of what is wrong. */
function parsed(document: unknown): Ruleset {
  const found = rulesetSchema.safeParse(document);
  if (found.success) return found.data;
  throw new MandateError("RulesetInvalid", `this is no ruleset: ${z.prettifyError(found.error)}`, {
    kind: "input",
    cause: found.error,
    remedy: "mandate oracle ruleset write makes one.",
  });
}

/** @throws {MandateError} `RulesetInvalid`, `RulesetUnreadable`. */
function readRuleset(path: string): Ruleset {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new MandateError("RulesetUnreadable", `${path} cannot be read as JSON`, {
      kind: "input",
      cause,
      data: { path },
      remedy: "Name the file that mandate oracle ruleset write wrote.",
    });
  }
  return parsed(document);
}

interface WriteOptions {
  readonly vault: readonly Hex[];
  readonly settlement: Settlement["block"];
  readonly settlementSeconds: number;
  readonly scoring?: Hex;
  readonly directory?: string;
}

async function write(this: Command, options: WriteOptions): Promise<void> {
  const own = scoringCodeDigest(await loadKeccakHasher());
  const ruleset = parsed({
    kind: "mandate.oracle-ruleset/1",
    vaults: [...new Set(options.vault)].sort(),
    settlement: { block: options.settlement, seconds: options.settlementSeconds },
    scoring: options.scoring ?? own,
  });
  const hash = rulesetHash(ruleset);
  const file = options.directory === undefined ? null : join(options.directory, `${hash}.json`);
  if (file !== null) writeDurably(file, JSON.stringify(ruleset));
  const lines = [
    `Ruleset ${hash}`,
    JSON.stringify(ruleset, undefined, 2),
    `This program scores by ${own}${ruleset.scoring === own ? "" : ", and cannot follow this ruleset"}.`,
    ...(file === null ? [] : [`Wrote ${file}. Next: mandate oracle ruleset schedule ${file}`]),
  ];
  outputOf(this).result({ hash, ruleset, file, scoringOfThisProgram: own }, lines.join("\n"));
}

interface ScheduleOptions {
  readonly anchor?: Hex;
  readonly from?: number;
}

/** What the oracle says that a ruleset has to fit. */
async function oracleFacts(session: Session) {
  const contract = { address: addressOf(session, "HeartbeatOracle"), abi: heartbeatOracleAbi } as const;
  const { client } = session;
  const [now, genesis, epochSeconds, reportDeadlineSeconds] = await Promise.all([
    chainTime(session),
    client.readContract({ ...contract, functionName: "genesis" }),
    client.readContract({ ...contract, functionName: "epochSeconds" }),
    client.readContract({ ...contract, functionName: "reportDeadlineSeconds" }),
  ]);
  const running = await client.readContract({ ...contract, functionName: "epochAt", args: [now] });
  const [[hash], { anchor }] = await Promise.all([
    client.readContract({ ...contract, functionName: "ruleset", args: [running] }),
    client.readContract({ ...contract, functionName: "operatorSet", args: [running + 1] }),
  ]);
  const startOf = (epoch: number): number => genesis + (epoch - 1) * epochSeconds;
  return { running, reportDeadlineSeconds, hash, anchor, startOf };
}

/** @throws {MandateError} `RulesetUnfit` where no operator could report by it. */
async function assertFits(session: Session, ruleset: Ruleset, reportDeadlineSeconds: number): Promise<void> {
  const codes = await Promise.all(ruleset.vaults.map((address) => session.client.getCode({ address })));
  const missing = ruleset.vaults.filter((_, at) => codes[at] === undefined);
  const problem =
    settlementProblem(ruleset.settlement, { reportDeadlineSeconds }) ??
    (missing.length === 0 ? undefined : `no contract is at ${missing.join(", ")}`);
  if (problem === undefined) return;
  throw new MandateError("RulesetUnfit", `no operator could report by it: ${problem}`, {
    kind: "refused",
    data: { problem },
    remedy: "Write another one: mandate oracle ruleset write.",
  });
}

async function prepare(session: Session, path: string, options: ScheduleOptions): Promise<Transaction> {
  const ruleset = readRuleset(path);
  const hash = rulesetHash(ruleset);
  const facts = await oracleFacts(session);
  await assertFits(session, ruleset, facts.reportDeadlineSeconds);
  const isKnown = scoringsByDigest(await loadKeccakHasher()).has(ruleset.scoring);
  const fromEpoch = options.from ?? facts.running + 1;
  const anchor = options.anchor ?? facts.anchor;
  const book = addressBookOf(session);
  const title = `Name the ruleset ${hash}`;
  return {
    call: scheduleRulesetCall(session, { hash, fromEpoch, anchor }),
    title,
    preview: [
      ["from epoch", `${fromEpoch}, which begins ${timeText(facts.startOf(fromEpoch))}`],
      ["until then", BigInt(facts.hash) === 0n ? "none: no epoch is reported" : facts.hash],
      ["vaults", ruleset.vaults.map((each) => book.full(each)).join(", ")],
      ["settled", settlementText(ruleset)],
      ["scoring", `${ruleset.scoring}${isKnown ? "" : ", which this program does not have"}`],
      ["answers for it", book.full(anchor)],
      ["operators need", `its document, ${hash}.json, at one of them, and a program that has this scoring`],
    ],
    documents: [ruleset],
    done: `${title}: done, from epoch ${fromEpoch} on.`,
    result: { hash, fromEpoch, anchor },
  };
}

function writeCommand(): Command {
  return new Command("write")
    .description("make a ruleset and say its hash, and the digest by which this program scores; sends nothing")
    .requiredOption("--vault <address>", "a vault whose projects are scored; repeat it for more, up to 16", vaultsOf)
    .option(
      "--settlement <block>",
      "when a block is settled: finalized, safe, or a number of blocks on top",
      settledBlock,
      "finalized",
    )
    .option("--settlement-seconds <number>", "how long that takes", countWithin(0, 86_400), 0)
    .option("--scoring <digest>", "how is scored (default: as this program does)", bytes32)
    .option("--directory <directory>", "documents of an operator, to write it to as <hash>.json")
    .addHelpText(
      "after",
      `
Examples:
  $ mandate oracle ruleset write --vault 0x0165878A594ca255338adfa4d48449f69242Eb8F
  $ mandate oracle ruleset write --vault 0x0165…Eb8F --vault 0x9fE4…6e0 --settlement safe --directory documents --json`,
    )
    .action(write);
}

function scheduleCommand(): Command {
  const command = new Command("schedule")
    .description("as the oracle's office, name the ruleset by which epochs are measured and scored from one on")
    .argument("<file>", "the ruleset, as oracle ruleset write wrote it")
    .option(
      "--anchor <account>",
      "live anchor who answers for it (default: who answers for the operator set)",
      addressOrName,
    )
    .option("--from <epoch>", "first epoch (default: the next)", countOf);
  return addTransactOptions(command, "governor")
    .addHelpText(
      "after",
      `
It replaces a ruleset that is scheduled and not active. Leave operators time to upgrade where it scores in another way:
an operator that cannot follow it takes no part from its epoch on.

Examples:
  $ mandate oracle ruleset schedule documents/0x5f….json --from 1200 --dry-run
  $ mandate oracle ruleset schedule documents/0x5f….json --from 1200 --export ruleset.json --sender 0x…`,
    )
    .action(async (path: string, options: ScheduleOptions) => {
      await transact(command, (session) => prepare(session, path, options));
    });
}

/** `mandate oracle ruleset` */
export function rulesetCommand(): Command {
  return new Command("ruleset")
    .description("rules in which operators are alike: vaults, settlement, scoring; they begin with an epoch")
    .addCommand(writeCommand())
    .addCommand(scheduleCommand());
}
