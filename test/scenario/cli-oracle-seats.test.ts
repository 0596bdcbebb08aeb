import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { devAccount, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import { documentHash } from "../../src/core/documents/document-hash.ts";
import type { Hex } from "../../src/core/hex.ts";
import { heartbeatOracleAbi } from "../../src/chain/abi.ts";
import { operatorSetOf } from "../../src/oracle/epochs/oracle-chain.ts";
import { describeSeats } from "../../src/oracle/operations/seat-signers.ts";
import { toJson } from "../../src/oracle/evidence/epoch-record.ts";
import { ecdsaSigner, reportDigest } from "../../src/oracle/signing/operator-signer.ts";
import { mandateOn, type MandateCli } from "../support/mandate-cli.ts";
import { nameDelegate } from "../support/operator-keys.ts";
import { startSystemOnAnvil, type SystemOnAnvil } from "../support/system-on-anvil.ts";

const sent = z.looseObject({ sent: z.literal(true), operators: z.array(z.string()), fromEpoch: z.number() });
const names = ["operatorOne", "operatorTwo", "operatorThree", "operatorFour"] as const;
const EPOCH_SECONDS = 600;

interface Seats {
  readonly configuration: number;
  readonly fromEpoch: number;
  readonly faults: number;
  readonly quorum: number;
  readonly vacant: bigint;
  readonly operators: readonly Hex[];
}

let system: SystemOnAnvil;
let cli: MandateCli;

const addressOf = (name: DevAccountName): Hex => devAccount(name).address;
const ascending = (accounts: readonly DevAccountName[]): readonly Hex[] =>
  accounts.map(addressOf).sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
const running = async (): Promise<number> =>
  Number(await system.read("HeartbeatOracle", "epochAt", [await system.now()]));
const setOf = async (epoch: number): Promise<Seats> =>
  (await system.read("HeartbeatOracle", "operatorSet", [epoch])) as Seats;

async function nextEpoch(): Promise<void> {
  await system.travelTo((await system.now()) + EPOCH_SECONDS);
}

beforeAll(async () => {
  system = await startSystemOnAnvil(EPOCH_SECONDS, 300);
  cli = mandateOn(system);
  const identity = ["--name", "A", "--role", "r", "--organization", "o", "--json"];
  const published = await cli.run("anchor", "identity", "publish", "anchor", ...identity);
  const { identity: hash } = z.looseObject({ identity: z.string() }).parse(JSON.parse(published.out));
  for (const args of [
    ["enrol", "anchor", "--identity", hash],
    ["accept", "--anchor", "anchor"],
  ]) {
    expect(await cli.run("anchor", ...args)).toMatchObject({ code: 0 });
  }
  const set = [ascending(names), (await running()) + 1, addressOf("anchor")];
  await system.send("governor", "HeartbeatOracle", "scheduleOperatorSet", set);
  await nextEpoch();
});
afterAll(async () => {
  cli.remove();
  await system.stop();
});

describe("mandate oracle join, leave, reinstate", () => {
  it("given an operator without a seat, the office sees what a seat changes, and gives it one from the next epoch on", async () => {
    const tried = await cli.run("oracle", "join", "relayer", "--dry-run");
    expect(tried.code, tried.err).toBe(0);
    expect(tried.out + tried.err).toMatch(/operators +4 now, 5 then/);
    expect(tried.out + tried.err).toMatch(/may be away or lie +1 now, 1 then/);
    expect(tried.out + tried.err).toMatch(/key to sign together +none yet/);
    expect((await setOf((await running()) + 1)).operators).toHaveLength(4);

    const file = join(cli.directory, "join.json");
    expect((await cli.run("oracle", "join", "relayer", "--export", file, "--sender", "governor")).code).toBe(0);
    expect(readFileSync(file, "utf8")).toContain(system.address("HeartbeatOracle"));
    expect((await setOf((await running()) + 1)).operators).toHaveLength(4);

    const epoch = await running();
    const joined = await cli.json(sent, "oracle", "join", "relayer", "--yes");
    expect(joined.fromEpoch).toBe(epoch + 1);
    expect((await setOf(epoch)).operators).toEqual(ascending(names));
    expect((await setOf(epoch + 1)).operators).toEqual(ascending([...names, "relayer"]));
  });

  it("given a set that is scheduled, the next change is made to it, in its epoch, and not beside it", async () => {
    const later = (await running()) + 5;
    await cli.json(sent, "oracle", "join", "agent", "--from", String(later), "--yes");
    const left = await cli.json(sent, "oracle", "leave", "relayer", "--yes");
    expect(left.fromEpoch).toBe(later);
    expect((await setOf(later)).operators).toEqual(ascending([...names, "agent"]));
    await system.travelTo((await system.now()) + 5 * EPOCH_SECONDS);
  });

  it("given a suspended operator, it gets its seat back by two decisions, and by none of them alone", async () => {
    const set = await setOf(await running());
    const seat = set.operators.indexOf(addressOf("operatorTwo"));
    const place = { chainId: system.chainId, verifyingContract: system.address("HeartbeatOracle") };
    const signer = ecdsaSigner(devAccount("operatorTwo"), place);
    const report = {
      ...{ configuration: set.configuration, epoch: await running(), threshold: 1n, leafCount: 0 },
      ...{ scored: 0, surviving: 0, root: documentHash("root"), manifest: documentHash("manifest") },
    };
    const other = { ...report, root: documentHash("another root") };
    const sign = (each: typeof report) => signer.signReport(reportDigest(place, each), each);
    const args = [report, other, seat, await sign(report), await sign(other)];
    await system.send("relayer", "HeartbeatOracle", "suspend", args);
    await nextEpoch();
    expect((await setOf(await running())).vacant).toBe(1n << BigInt(seat));

    const refused = await cli.refused("oracle", "join", "operatorTwo", "--yes");
    expect(refused).toMatchObject({ code: 1, error: "HeartbeatOracleSuspended" });
    const reinstated = z.looseObject({ sent: z.literal(true) });
    await cli.json(reinstated, "oracle", "reinstate", "operatorTwo", "--anchor", "anchor", "--yes");
    expect((await setOf((await running()) + 1)).vacant).toBe(1n << BigInt(seat));
    await cli.json(sent, "oracle", "join", "operatorTwo", "--yes");
    const back = await setOf((await running()) + 1);
    expect([back.vacant, back.operators]).toEqual([0n, ascending([...names, "agent"])]);
  });

  it.each([
    ["OperatorSeated", 1, ["join", "operatorOne"]],
    ["OperatorNotSeated", 1, ["leave", "seatOne"]],
    ["HeartbeatOracleNotSuspended", 1, ["reinstate", "operatorOne", "--anchor", "anchor"]],
    ["HeartbeatOracleAnchorNotLive", 1, ["join", "seatOne", "--anchor", "seatTwo"]],
    ["HeartbeatOracleInvalidActivation", 1, ["join", "seatOne", "--from", "1"]],
    ["AccessManagedUnauthorized", 1, ["join", "seatOne", "--as", "agent"]],
  ])("given what the chain would refuse, it ends with %s", async (error, code, args) => {
    expect(await cli.refused("oracle", ...args, "--yes")).toMatchObject({ error, code });
  });

  it("given a contract as the name, it is refused until it has named a key, and a set that has it all the same is told", async () => {
    const wallet = await system.deploy("mocks/ERC1271WalletMock.sol", "ERC1271WalletMock", [addressOf("seatOne")]);
    const refused = await cli.refused("oracle", "join", wallet, "--yes");
    expect(refused).toMatchObject({ code: 1, error: "OperatorWithoutKey", data: { operator: wallet } });

    const contract = { address: system.address("HeartbeatOracle"), abi: heartbeatOracleAbi } as const;
    const told = async (epoch: number) => {
      const set = await system.client.readContract({ ...contract, functionName: "operatorSet", args: [epoch] });
      return describeSeats(system.client, operatorSetOf(set));
    };
    const next = (await running()) + 1;
    const { operators } = await setOf(next);
    expect(await told(next)).toEqual([true, expect.stringMatching(/^5 of 5 seats of set \d+ can sign, quorum 4$/)]);
    const withWallet = [[...operators, wallet], next, addressOf("anchor")];
    await system.send("governor", "HeartbeatOracle", "scheduleOperatorSet", withWallet);
    const [isWhole, detail] = await told(next);
    expect(isWhole).toBe(false);
    expect(detail).toContain(`5 of 6 seats`);
    expect(detail).toContain(`${wallet.toLowerCase()} is a contract and has named no key`);
    await system.send("governor", "HeartbeatOracle", "scheduleOperatorSet", [operators, next, addressOf("anchor")]);

    const delegate = privateKeyToAccount(`0x${"d3".repeat(32)}`);
    await nameDelegate(system, { ...devAccount("seatOne"), address: wallet }, delegate, 0n);
    const tried = await cli.run("oracle", "join", wallet, "--dry-run");
    expect(tried.out + tried.err).toContain(delegate.address);
    await cli.json(sent, "oracle", "join", wallet, "--yes");
    expect(await told(next)).toEqual([true, expect.stringMatching(/^6 of 6 seats/)]);
    await cli.json(sent, "oracle", "leave", wallet, "--yes");
  });

  it("given an account that acts by another's code, it has its key and may be seated", async () => {
    await system.rpc("anvil_setCode", addressOf("seatTwo"), `0xef0100${"11".repeat(20)}`);
    expect((await cli.run("oracle", "join", "seatTwo", "--dry-run")).code).toBe(0);
    await system.rpc("anvil_setCode", addressOf("seatTwo"), "0x");
  });

  it("given a set of four, none of them can leave: a set tolerates a liar", async () => {
    await nextEpoch();
    await cli.json(sent, "oracle", "leave", "agent", "--yes");
    expect(await cli.refused("oracle", "leave", "operatorOne", "--yes")).toMatchObject({
      code: 1,
      error: "HeartbeatOracleInvalidSet",
    });
  });

  it("given evidence by a delegate's signatures, the operator is suspended by its own address", async () => {
    await nextEpoch();
    const delegate = privateKeyToAccount(`0x${"d2".repeat(32)}`);
    await nameDelegate(system, devAccount("operatorThree"), delegate, 0n);
    await system.send("relayer", "HeartbeatOracle", "rotate", [addressOf("operatorThree")]);
    await nextEpoch();
    const epoch = await running();
    const set = await setOf(epoch);
    const seat = set.operators.indexOf(addressOf("operatorThree"));
    const place = { chainId: system.chainId, verifyingContract: system.address("HeartbeatOracle") };
    const signer = ecdsaSigner(delegate, place);
    const report = {
      ...{ configuration: set.configuration, epoch, root: documentHash("root"), threshold: 1n, leafCount: 0 },
      ...{ scored: 0, surviving: 0, manifest: documentHash("manifest") },
    };
    const other = { ...report, root: documentHash("another root") };
    const sign = (each: typeof report) => signer.signReport(reportDigest(place, each), each);
    const [signature, otherSignature] = [await sign(report), await sign(other)];
    const file = join(cli.directory, "evidence.json");
    const evidence = { operator: signer.operator, seat, report, signature, other, otherSignature };
    writeFileSync(file, toJson({ doubleSignings: [evidence] }));
    const against = ["--evidence", file, "--yes"] as const;
    expect(await cli.refused("oracle", "suspend", "operatorOne", ...against)).toMatchObject({
      error: "DoubleSigningMissing",
    });
    const told = z.looseObject({ sent: z.literal(true), operator: z.string() });
    const suspended = await cli.json(told, "oracle", "suspend", "operatorThree", ...against);
    expect(suspended.operator).toBe(addressOf("operatorThree").toLowerCase());
    expect((await setOf(epoch + 1)).vacant).toBe(1n << BigInt(seat));
  });
});
