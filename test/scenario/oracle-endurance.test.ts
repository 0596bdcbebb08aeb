import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { heartbeatOracleAbi } from "../../src/chain/abi.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { signedMessageSchema, type MessageOf, type OperatorMessage } from "../../src/oracle/agreement/message.ts";
import { viewScheduleOf } from "../../src/oracle/agreement/view-schedule.ts";
import type { Participation } from "../../src/oracle/participation/participation.ts";
import { checkRecord } from "../../scripts/soak/check-record.ts";
import { killEachEpoch } from "../../scripts/soak/kill-each-epoch.ts";
import { soakSteps } from "../../scripts/soak/soak.ts";
import { startSoakStage, type SoakStage } from "../../scripts/soak/soak-stage.ts";
import { eventually, operatorNames, type OperatorName } from "../support/oracle-network.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const EPOCHS = 5;
/** Of the steps of a start and an epoch, each so-many-th: `npm run soak:oracle -- --every 1` takes all. */
const EVERY = 17;

function participationOf(...args: readonly string[]): Promise<{ code: number; text: string }> {
  return new Promise((resolve) =>
    execFile(process.execPath, [main, "oracle", "participation", ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), text: stdout + stderr }),
    ),
  );
}

describe("four operators, of which one is killed in every epoch", () => {
  let stage: SoakStage;
  let first: number;

  beforeAll(async () => {
    stage = await startSoakStage({ reportDeadlineSeconds: 24 });
    first = await stage.network.runningEpoch();
  });
  afterAll(() => stage.stop());

  it("iOP-001, iOP-010: given kill -9 at a drawn moment, when it starts again, every epoch is accepted and nothing contradicts", async () => {
    const { signal } = new AbortController();
    const outcomes = await killEachEpoch(stage, { epochs: EPOCHS, seed: 7, signal, onEpoch: () => {} });
    expect(outcomes.filter((each) => !each.accepted)).toEqual([]);
    expect(outcomes).toHaveLength(EPOCHS);
    expect(await checkRecord(stage.network, stage.logs, first)).toEqual([]);
    // The check itself can fail: the epoch before the first has no report.
    expect(await checkRecord(stage.network, stage.logs, first - 1)).toEqual([
      `epoch ${first - 1} has no accepted report`,
    ]);
    expect(await checkRecord(stage.network, [["an operator contradicted itself"]], first)).toHaveLength(1);
  });

  it("given these epochs, the record of participation says what chain and evidence hold, to an operator and to anybody", async () => {
    const { network } = stage;
    const oracle = network.deployment.contracts.HeartbeatOracle;
    const logs = await network.client.getContractEvents({
      address: oracle,
      abi: heartbeatOracleAbi,
      eventName: "ReportAccepted",
      fromBlock: 0n,
      strict: true,
    });
    const seats = operatorNames.map((name) => devAccount(name).address.toLowerCase()).sort();
    const signed = seats.map(
      (_, seat) => logs.filter(({ args }) => ((args.signers >> BigInt(seat)) & 1n) === 1n).length,
    );

    const config = join(network.directory, "operatorTwo.json");
    const own = await participationOf("--config", config, "--json");
    expect(own.code).toBe(0);
    const found = JSON.parse(own.text) as Participation;
    expect(found).toMatchObject({ from: first, to: first + EPOCHS - 1, accepted: EPOCHS, skipped: 0 });
    expect(found.operators.map((each) => [each.operator, each.signed, each.due])).toEqual(
      seats.map((operator, seat) => [operator, signed[seat], EPOCHS]),
    );
    expect(found.submitters.reduce((sum, each) => sum + each.reports, 0)).toBe(EPOCHS);
    // In an inclusion set are at least 2f + 1 of four; each read one source, which said something else to each: the lowest is the median of none.
    const held = found.operators.map(({ agreement }) => agreement);
    expect(held.every((each) => each !== null && each.epochs > 0 && each.readings === each.included)).toBe(true);
    // Who is killed between the two shows what it committed to when it is back.
    expect(held.every((each) => each !== null && each.committedInTime + each.committedLate >= each.revealed)).toBe(
      true,
    );
    expect(held.every((each) => each !== null && each.revealed >= each.included)).toBe(true);
    const [epochs = 0] = held.map((each) => each?.epochs ?? 0);
    const included = held.reduce((sum, each) => sum + (each?.included ?? 0), 0);
    expect(included).toBeGreaterThanOrEqual(3 * epochs);
    expect(held.reduce((sum, each) => sum + (each?.deviating ?? 0), 0)).toBe(included - epochs); // all but the median itself

    const place = ["--rpc-url", network.chain.rpcUrl, "--oracle", oracle];
    const anybody = await participationOf(...place, "--from", String(first + 1), "--to", String(first + 1), "--json");
    expect(JSON.parse(anybody.text)).toMatchObject({
      accepted: 1,
      skipped: 0,
      operators: [{ agreement: null }, {}, {}, {}],
    });
    const text = await participationOf("--config", config);
    expect(text.text).toContain(
      `Epochs ${first} to ${first + EPOCHS - 1}: ${EPOCHS} reports accepted, 0 epochs without`,
    );
    expect(text.text).toContain("By this operator's evidence:");
    expect((await participationOf(...place, "--to", "1")).text).toBe("No report of the epochs 1 to 1 was accepted.\n");
  });

  it.each([
    ["an endpoint without an oracle", ["--rpc-url", "http://127.0.0.1:1"], "OracleNotNamed", 2],
    ["a range without an epoch", ["--config", "none.yaml", "--from", "3", "--to", "2"], "EpochRangeEmpty", 2],
    [
      "an endpoint that does not answer",
      ["--rpc-url", "http://127.0.0.1:1", "--oracle", `0x${"11".repeat(20)}`],
      "ChainUnreachable",
      3,
    ],
  ])("given %s, it says so in its exit code", async (_, args, code, exit) => {
    const failed = await participationOf(...args, "--json");
    expect(failed.code).toBe(exit);
    expect(failed.text).toContain(`"code":"${code}"`);
  });

  it("given a block after the deployment, it refuses: the record would not be complete", async () => {
    const { network } = stage;
    const { HeartbeatOracle } = network.deployment.contracts;
    const block = await network.client.getBlockNumber();
    const place = ["--rpc-url", network.chain.rpcUrl, "--oracle", HeartbeatOracle, "--from-block", String(block)];
    expect((await participationOf(...place, "--json")).text).toContain('"code":"JournalMismatch"');
  });
});

describe("an operator that is killed before its steps", () => {
  it("iOP-001, iOP-003, iOP-010, iOP-015: given kill -9 before steps of a start and of an epoch, when it starts again, it finishes an epoch again, and nothing contradicts", async () => {
    const { signal } = new AbortController();
    const result = await soakSteps({ signal, say: () => {} }, { every: EVERY });
    expect(result.problems).toEqual([]);
    // How many of these epochs it finishes in time depends on how fast a process starts here; the last one, without a kill, it finished.
    expect(result.outcomes.some(({ epoch, accepted }) => epoch > 0 && accepted)).toBe(true);
    expect(result.outcomes.some(({ epoch }) => epoch === 0)).toBe(true); // while it started
    expect(result.outcomes.filter(({ epoch }) => epoch > 0).length).toBeGreaterThanOrEqual(3);
  });
});

describe("an operator that is killed between the end of hearing and its reveal", () => {
  const [killed, ...others] = operatorNames.slice(1); // one is away: nobody reveals before it is time
  let stage: SoakStage;

  beforeAll(async () => {
    stage = await startSoakStage({ reportDeadlineSeconds: 42, running: operatorNames.slice(1) });
  });
  afterAll(() => stage.stop());

  it("iOP-032: given that it starts again, it reveals with all that it had heard in time", async () => {
    const { network, operators } = stage;
    const epoch = await network.runningEpoch();
    const opensAt = await network.endOf(epoch);
    const { commitSeconds } = viewScheduleOf({ opensAt, reportDeadlineSeconds: 42, operators: 4, faults: 1 });
    const heldBy = async <Kind extends OperatorMessage["kind"]>(name: OperatorName, kind: Kind) => {
      const response = await fetch(new URL(`/v1/agreement/${epoch}`, operators.get(name)?.url));
      const { messages } = z.object({ messages: z.array(signedMessageSchema) }).parse(await response.json());
      return messages.flatMap(({ message }) => (message.kind === kind ? [message as MessageOf<Kind>] : []));
    };
    if (killed === undefined || others[0] === undefined) throw new Error("no operators");

    await network.jumpTo(opensAt);
    await eventually("it has heard all that run", async () =>
      (await heldBy(killed, "commitment")).length === 3 ? true : undefined,
    );
    await network.jumpTo(opensAt + commitSeconds);
    const evidence = join(network.directory, killed, "evidence", String(epoch), "messages.ndjson");
    await eventually("it hears nobody any more", () =>
      readFileSync(evidence, "utf8").includes("hearing-ended") ? true : undefined,
    );
    expect(await heldBy(killed, "observation")).toEqual([]);
    await operators.get(killed)?.end("SIGKILL");
    await stage.start(killed);
    const self = devAccount(killed).address.toLowerCase();
    const reveal = await eventually("it reveals", async () =>
      (await heldBy(others[0] ?? killed, "observation")).find(({ operator }) => operator === self),
    );
    const running = operatorNames.slice(1).map((name) => devAccount(name).address.toLowerCase());
    expect(reveal.heard.map(({ operator }) => operator)).toEqual(running.sort());
    await eventually("the report is accepted", async () => ((await network.lastEpoch()) === epoch ? true : undefined));
  });
});
