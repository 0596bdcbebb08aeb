import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  accounts,
  document,
  epoch,
  keccak,
  opening,
  operators,
  place,
  sampleEvidence,
  withTexts,
} from "../../../test/support/evidence-bundle.ts";
import type { AcceptedReport } from "../epochs/oracle-chain.ts";
import { EvidenceStore } from "../evidence/evidence-store.ts";
import { openBundle } from "../replay/open-bundle.ts";
import { atOnce } from "../steps/steps.ts";
import { composeBundle, type HeldEvidence } from "./compose-bundle.ts";
import { openBundlePath } from "./bundle-source.ts";
import { EpochSealer, type EpochSealerOptions } from "./epoch-sealer.ts";
import { pruneEvidence } from "./prune-evidence.ts";

/** Epoch 7 ends at 1,600. */
const calendar = { genesis: -2_600, epochSeconds: 600, reportDeadlineSeconds: 300 };
const deadline = 1_900;

let directory: string;
let evidence: EvidenceStore;
let held: HeldEvidence;
let log: string[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "mandate-sealer-"));
  evidence = new EvidenceStore(directory);
  held = await sampleEvidence();
  log = [];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function keep({ record, messages, captures }: HeldEvidence = held): Promise<void> {
  evidence.saveOpening(opening);
  const journal = evidence.openJournal(epoch, (error) => {
    throw error;
  });
  for (const each of messages) journal.append(each);
  await journal.close();
  evidence.saveCaptures(epoch, captures as never);
  if (record !== undefined) evidence.saveRecord(record);
}

function sealer(changes: Partial<EpochSealerOptions> = {}): EpochSealer {
  const [account] = accounts;
  if (account === undefined) throw new Error("no account");
  return new EpochSealer({
    chain: { acceptedReport: () => Promise.resolve(undefined) },
    calendar,
    place,
    account,
    evidence,
    library: { document: (hash) => held.document(hash) },
    keccak,
    redact: (text) => text.replaceAll("marker-secret", "[secret]"),
    keepEpochs: undefined,
    logger: pino({}, { write: (line: string) => void log.push(line) }),
    ...changes,
  });
}

const sealed = async () => openBundle(await openBundlePath(evidence.bundlePath(epoch)), epoch, keccak);

function acceptedReport(changes: Partial<AcceptedReport> = {}): AcceptedReport {
  const report = held.record?.report;
  if (report === undefined) throw new Error("no report");
  const { root, threshold, leafCount, manifest } = report;
  return {
    ...{ index: 1, epoch, root, threshold, nextThreshold: threshold, leafCount, acceptedAt: 1_700, manifest },
    ...{ digest: held.record?.digest ?? "0x", signers: 7n, transaction: root },
    ...changes,
  };
}

describe("an operator that seals its evidence", () => {
  it("iOP-013: given an epoch whose deadline has not passed, it waits; at the deadline it seals, once", async () => {
    await keep();
    const one = sealer();
    await one.settle({ chainSeconds: deadline - 1, lastEpoch: 0 });
    expect(evidence.isSealed(epoch)).toBe(false);
    await one.settle({ chainSeconds: deadline, lastEpoch: 0 });
    const { bundle, digest } = await sealed();
    expect(bundle).toMatchObject({
      operator: operators[0],
      epoch,
      accepted: null,
      report: { digest: held.record?.digest },
    });
    expect(readdirSync(join(directory, String(epoch))).sort()).toEqual([
      "bundle",
      `leaves-${held.record?.report.root}.bin`,
      "opening.json",
      `projects-${opening.block.hash}.bin`,
      "report.json",
      "signatures.ndjson",
    ]);
    const signatures = held.messages.filter(({ message }) => message.kind === "signature");
    expect(evidence.signatures(epoch)).toEqual(signatures); // later ones are held against them
    evidence.saveCaptures(epoch, new Map());
    await sealer().settle({ chainSeconds: deadline + 600, lastEpoch: 0 });
    expect((await sealed()).digest).toBe(digest);
  });

  it("given an accepted report, the bundle says what the chain says of it", async () => {
    await keep();
    const accepted = acceptedReport();
    await sealer({ chain: { acceptedReport: () => Promise.resolve(accepted) } }).settle({
      chainSeconds: deadline,
      lastEpoch: epoch,
    });
    expect((await sealed()).bundle.accepted).toEqual(accepted);
  });

  it("given messages by which operators signed together, the bundle is the one without them", async () => {
    const [first] = held.messages;
    const [operator] = operators;
    if (first === undefined || operator === undefined) throw new Error("no messages");
    const nonces = { r1: `0x02${"11".repeat(32)}`, r2: `0x03${"22".repeat(32)}` } as const;
    const digest = held.record?.digest ?? "0x";
    const message = { kind: "nonces", epoch, operator, digest, attempt: 0, ...nonces } as const;
    const messages = [...held.messages, { message, envelope: `0x${"33".repeat(65)}` as const }];
    expect(withTexts(atOnce(composeBundle({ ...held, messages }, keccak)))).toEqual(
      withTexts(atOnce(composeBundle(held, keccak))),
    );
    await keep({ ...held, messages });
    await sealer().settle({ chainSeconds: deadline, lastEpoch: 0 });
    expect(evidence.messages(epoch)).toEqual([]); // sealed, and dropped
    expect((await sealed()).votes.map((each) => each.message.kind)).not.toContain("nonces");
  });

  it("given logs that are behind, or leaves that are still looked for, it waits", async () => {
    await keep({ ...held, record: undefined });
    const logs: AcceptedReport[] = [];
    const waiting = sealer({ chain: { acceptedReport: () => Promise.resolve(logs[0]) } });
    await waiting.settle({ chainSeconds: deadline, lastEpoch: epoch });
    expect(evidence.isSealed(epoch)).toBe(false);
    logs.push(acceptedReport());
    await waiting.settle({ chainSeconds: deadline, lastEpoch: epoch + 3 });
    expect(evidence.isSealed(epoch)).toBe(false);
    if (held.record !== undefined) evidence.saveRecord(held.record);
    await waiting.settle({ chainSeconds: deadline, lastEpoch: epoch + 3 });
    expect((await sealed()).bundle.report?.digest).toBe(held.record?.digest);
  });

  it("given leaves that nobody had for three epochs, it seals without a report", async () => {
    await keep({ ...held, record: undefined });
    const accepted = acceptedReport();
    await sealer({ chain: { acceptedReport: () => Promise.resolve(accepted) } }).settle({
      chainSeconds: deadline,
      lastEpoch: epoch + 4,
    });
    expect((await sealed()).bundle).toMatchObject({
      report: null,
      leaves: null,
      accepted: { digest: accepted.digest },
    });
  });

  it("iOP-011: given a capture with a secret in it, it seals without the capture, and says so", async () => {
    const [hash = ""] = held.captures.keys();
    await keep({ ...held, captures: new Map([...held.captures, [hash, "marker-secret"]]) });
    await sealer().settle({ chainSeconds: deadline, lastEpoch: 0 });
    expect((await sealed()).bundle.captures).toHaveLength(held.captures.size - 1);
    expect(log.join()).toContain("a capture has a secret in it");
    expect(log.join()).not.toContain("marker-secret");
  });

  it("given evidence that cannot be read, it says so, seals the rest, and tries again when another epoch is over", async () => {
    await keep();
    mkdirSync(join(directory, "6"));
    writeFileSync(join(directory, "6", "opening.json"), "{}");
    const one = sealer();
    await one.settle({ chainSeconds: deadline, lastEpoch: 0 });
    expect(evidence.isSealed(epoch)).toBe(true);
    const failures = (): number => log.filter((line) => line.includes("cannot be sealed")).length;
    expect(failures()).toBe(1);
    await one.settle({ chainSeconds: deadline + 599, lastEpoch: 0 });
    expect(failures()).toBe(1);
    await one.settle({ chainSeconds: deadline + 600, lastEpoch: 0 });
    expect(failures()).toBe(2);
  });

  it("given a crash in the middle of writing, the next attempt writes the whole", async () => {
    await keep();
    mkdirSync(join(`${evidence.bundlePath(epoch)}.partial`, "parts"), { recursive: true });
    writeFileSync(join(`${evidence.bundlePath(epoch)}.partial`, "bundle.json"), "half");
    await sealer().settle({ chainSeconds: deadline, lastEpoch: 0 });
    expect((await sealed()).bundle.epoch).toBe(epoch);
    expect(existsSync(`${evidence.bundlePath(epoch)}.partial`)).toBe(false);
  });

  it("given a document that the library has, the bundle has its canonical text under the plan's hash", async () => {
    await keep();
    await sealer().settle({ chainSeconds: deadline, lastEpoch: 0 });
    const [hash = "0x"] = (await sealed()).bundle.definitions;
    const text = readFileSync(join(evidence.bundlePath(epoch), "parts", hash), "utf8");
    expect(JSON.parse(text)).toEqual(document);
  });
});

describe("pruneEvidence", () => {
  it("iOP-016, aOR-005: given epochs to keep, older bundles go, and the leaves of the last 128 accepted reports stay", () => {
    const dropped = { bundles: [] as number[], epochs: [] as number[] };
    const store = {
      epochs: () => Array.from({ length: 200 }, (_, index) => index + 1),
      accepted: (each: number) => (each % 10 === 0 ? undefined : acceptedReport({ epoch: each })), // one of ten was skipped
      dropBundle: (each: number) => void dropped.bundles.push(each),
      drop: (each: number) => void dropped.epochs.push(each),
    };
    pruneEvidence(store, { lastEpoch: 200, keepEpochs: 5 });
    const kept = [196, 197, 198, 199, 200];
    const provable = Array.from({ length: 200 }, (_, index) => 200 - index)
      .filter((each) => each % 10 !== 0)
      .slice(0, 128);
    expect(provable.at(-1)).toBe(58);
    expect(dropped.bundles).toEqual(provable.filter((each) => !kept.includes(each)));
    expect(dropped.epochs.sort((a, b) => a - b)).toEqual(
      store.epochs().filter((each) => !kept.includes(each) && !provable.includes(each)),
    );
  });

  it("given a sealer that keeps one epoch, the bundle before it is gone, and its leaves are still there", async () => {
    await keep();
    evidence.saveAccepted(acceptedReport());
    const one = sealer({ keepEpochs: 1, chain: { acceptedReport: () => Promise.resolve(acceptedReport()) } });
    await one.settle({ chainSeconds: deadline, lastEpoch: epoch });
    expect(evidence.isSealed(epoch)).toBe(true);
    await one.settle({ chainSeconds: deadline + 600, lastEpoch: epoch });
    expect(evidence.isSealed(epoch)).toBe(false);
    expect(evidence.record(epoch)?.leaves).toHaveLength(3);
    expect(evidence.hasOpened(epoch)).toBe(false);
  });
});
