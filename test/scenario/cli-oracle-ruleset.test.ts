import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { documentHash } from "../../src/core/documents/document-hash.ts";
import type { Hex } from "../../src/core/hex.ts";
import { scoringCodeDigest } from "../../src/oracle/scoring/golden-epoch.ts";
import { loadKeccakHasher } from "../../src/oracle/tree/keccak-hasher.ts";
import { mandateOn, type MandateCli } from "../support/mandate-cli.ts";
import { startSystemOnAnvil, type SystemOnAnvil } from "../support/system-on-anvil.ts";

const EPOCH_SECONDS = 600;
const written = z.looseObject({ hash: z.string(), file: z.string().nullable(), ruleset: z.unknown() });
const sent = z.looseObject({ sent: z.literal(true), hash: z.string(), fromEpoch: z.number(), anchor: z.string() });

let system: SystemOnAnvil;
let cli: MandateCli;
let vault: Hex;
let scoring: Hex;

const running = async (): Promise<number> =>
  Number(await system.read("HeartbeatOracle", "epochAt", [await system.now()]));
const rulesetOf = (epoch: number) => system.read("HeartbeatOracle", "ruleset", [epoch]);

/** Writes a ruleset of the system's vault, with more options; answers its hash and file. */
async function write(...more: readonly string[]) {
  const { hash, file } = await cli.json(
    written,
    ...["oracle", "ruleset", "write", "--vault", vault, "--directory", cli.directory, ...more],
  );
  return { hash, file: file ?? "" };
}

beforeAll(async () => {
  system = await startSystemOnAnvil(EPOCH_SECONDS, 300);
  cli = mandateOn(system);
  vault = `0x${system.address("BudgetVault").slice(2).toLowerCase()}`;
  scoring = scoringCodeDigest(await loadKeccakHasher());
  const identity = ["--name", "A", "--role", "r", "--organization", "o", "--json"];
  const published = await cli.run("anchor", "identity", "publish", "anchor", ...identity);
  const { identity: hash } = z.looseObject({ identity: z.string() }).parse(JSON.parse(published.out));
  for (const args of [
    ["enrol", "anchor", "--identity", hash],
    ["accept", "--anchor", "anchor"],
  ]) {
    expect(await cli.run("anchor", ...args)).toMatchObject({ code: 0 });
  }
});
afterAll(async () => {
  cli.remove();
  await system.stop();
});

describe("mandate oracle ruleset write", () => {
  it("given vaults in any order and spelling, each more than once, it writes one document under its hash", async () => {
    const other = `0x${"0A".repeat(20)}`;
    const args = ["--vault", other, "--vault", system.address("BudgetVault"), "--vault", other] as const;
    const more = ["--settlement", "12", "--settlement-seconds", "30", "--directory", cli.directory] as const;
    const { hash, file, ruleset } = await cli.json(written, "oracle", "ruleset", "write", ...args, ...more);
    expect(ruleset).toEqual({
      kind: "mandate.oracle-ruleset/1",
      vaults: [other.toLowerCase(), vault].sort(),
      settlement: { block: { confirmations: 12 }, seconds: 30 },
      scoring,
    });
    expect(hash).toBe(documentHash(ruleset));
    expect(file).toBe(join(cli.directory, `${hash}.json`));
    expect(JSON.parse(readFileSync(file ?? "", "utf8"))).toEqual(ruleset);
  });

  it("given no directory and another scoring, it writes nothing, and says that this program cannot follow it", async () => {
    const digest = documentHash("another program");
    const told = await cli.run("oracle", "ruleset", "write", "--vault", vault, "--scoring", digest);
    expect(told).toMatchObject({ code: 0 });
    expect(told.out).toContain(`This program scores by ${scoring}, and cannot follow this ruleset.`);
    const { hash, file } = await cli.json(written, "oracle", "ruleset", "write", "--vault", vault, "--scoring", digest);
    expect(file).toBeNull();
    expect(existsSync(join(cli.directory, `${hash}.json`))).toBe(false);
  });

  it.each([
    ["no vault", []],
    ["a vault that is none", ["--vault", "0x12"]],
    ["a block that is none", ["--vault", `0x${"0a".repeat(20)}`, "--settlement", "latest"]],
    ["no confirmation", ["--vault", `0x${"0a".repeat(20)}`, "--settlement", "0"]],
    ["more than a day", ["--vault", `0x${"0a".repeat(20)}`, "--settlement-seconds", "86401"]],
    ["17 vaults", [...Array(17).keys()].flatMap((at) => ["--vault", `0x${String(at + 10).repeat(20)}`])],
  ])("given %s, it is refused as wrong input", async (_, args) => {
    expect((await cli.run("oracle", "ruleset", "write", ...args)).code).toBe(2);
  });
});

describe("mandate oracle ruleset schedule", () => {
  it("given a ruleset, the office sees what it changes, and names it from the next epoch on", async () => {
    const { hash, file } = await write();
    const args = ["oracle", "ruleset", "schedule", file, "--anchor", "anchor"] as const;
    const tried = await cli.run(...args, "--dry-run");
    expect(tried.code, tried.err).toBe(0);
    expect(tried.out + tried.err).toMatch(/until then +none: no epoch is reported/);
    expect(tried.out + tried.err).toMatch(/settled +the finalized block, 0 s after/);
    expect(await rulesetOf(await running())).toEqual([`0x${"00".repeat(32)}`, 0]);

    const epoch = await running();
    const done = await cli.json(sent, ...args, "--yes");
    expect(done).toMatchObject({ hash, fromEpoch: epoch + 1, anchor: devAccount("anchor").address });
    expect(await rulesetOf(epoch + 1)).toEqual([hash, epoch + 1]);
  });

  it("given one that is scheduled for later, another one takes its place, and a file for a wallet sends nothing", async () => {
    await system.travelTo((await system.now()) + EPOCH_SECONDS);
    const active = await rulesetOf(await running());
    const from = (await running()) + 5;
    const schedule = ["oracle", "ruleset", "schedule"] as const;
    const [first, second] = [await write("--settlement", "safe"), await write("--settlement-seconds", "9")];
    const later = ["--anchor", "anchor", "--from", String(from)] as const;
    await cli.json(sent, ...schedule, first.file, ...later, "--yes");
    const file = join(cli.directory, "ruleset-call.json");
    const exported = await cli.run(...schedule, second.file, ...later, "--export", file, "--sender", "governor");
    expect(exported.code, exported.err).toBe(0);
    expect(readFileSync(file, "utf8")).toContain(second.hash.slice(2));
    expect(await rulesetOf(from)).toEqual([first.hash, from]);
    await cli.json(sent, ...schedule, second.file, ...later, "--yes");
    expect(await rulesetOf(from)).toEqual([second.hash, from]);
    expect(await rulesetOf(from - 1)).toEqual(active);
  });

  it("given what no operator could report by, or is no ruleset, it sends nothing and says why", async () => {
    const refused = async (file: string, ...more: readonly string[]) =>
      cli.refused("oracle", "ruleset", "schedule", file, "--anchor", "anchor", "--yes", ...more);
    const nowhere = await write("--vault", `0x${"0b".repeat(20)}`);
    expect(await refused(nowhere.file)).toMatchObject({ error: "RulesetUnfit", code: 1 });
    const late = await write("--settlement-seconds", "287");
    expect(await refused(late.file)).toMatchObject({ error: "RulesetUnfit", code: 1 });
    expect(await refused(join(cli.directory, "none.json"))).toMatchObject({ error: "RulesetUnreadable", code: 2 });
    const other = join(cli.directory, "other.json");
    writeFileSync(other, JSON.stringify({ kind: "mandate.oracle-ruleset/1" }));
    expect(await refused(other)).toMatchObject({ error: "RulesetInvalid", code: 2 });
    const { file } = await write("--settlement-seconds", "286");
    expect(await refused(file, "--from", "1")).toMatchObject({ error: "HeartbeatOracleInvalidActivation", code: 1 });
    expect(await refused(file, "--as", "agent")).toMatchObject({ error: "AccessManagedUnauthorized", code: 1 });
    expect(await refused(file, "--anchor", "seatTwo")).toMatchObject({
      error: "HeartbeatOracleAnchorNotLive",
      code: 1,
    });
  });
});
