import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { beforeEach, describe, expect, it } from "vitest";
import {
  accounts,
  epoch,
  opening,
  operators,
  place,
  sampleEvidence,
  sign,
} from "../../../test/support/evidence-bundle.ts";
import { temporaryDirectory } from "../../../test/support/temporary-directory.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { SignedMessage } from "../agreement/message.ts";
import { proposerOrder } from "../agreement/proposer-order.ts";
import { epochScheduleOf } from "../agreement/view-schedule.ts";
import { EvidenceStore } from "../evidence/evidence-store.ts";
import { createOperatorMetrics } from "../node/operator-metrics.ts";
import type { PeerAnswer } from "../peers/peer-client.ts";
import { reportOf, statedReport } from "../report-schema.ts";
import { ecdsaSigner, reportDigest } from "../signing/operator-signer.ts";
import { verifyDoubleSigning, type DoubleSigning } from "./double-signing.ts";
import { LateSignatures } from "./late-signatures.ts";

/** Epoch 7 ends at 1,600, and the eighth after it at 6,400. */
const calendar = { genesis: -2_600, epochSeconds: 600, reportDeadlineSeconds: 240 };
const EXPIRES = 6_400;
const self = 0;
const { configurationDigest } = opening.facts;
const order = proposerOrder(configurationDigest, epoch, operators);
const { stageSeconds } = epochScheduleOf({
  ...opening,
  endSeconds: opening.window.endSeconds,
  settlement: opening.ruleset.settlement,
});

const { messages: held } = await sampleEvidence();
const [first] = held.flatMap(({ message }) => (message.kind === "signature" ? [message] : []));
if (first?.report === undefined) throw new Error("nobody signed");
const report = reportOf(first.report);

/** The operator's signature of another report than the one that was agreed. */
async function signed(seat: number, name: string, about = epoch): Promise<SignedMessage> {
  const [account, operator] = [accounts[seat], operators[seat]];
  if (account === undefined || operator === undefined) throw new Error(`no seat ${seat}`);
  const other = { ...report, epoch: about, root: documentHash(name) };
  const digest = reportDigest(place, other);
  const signature = await ecdsaSigner(account, place).signReport(digest, other);
  return sign(seat, { kind: "signature", epoch: about, operator, digest, report: statedReport(other), signature });
}

const turnOf = (seat: number): number =>
  order.filter((each) => each !== operators[seat]).indexOf(operators[self] ?? "0x");

describe("signatures that come when their epoch is over", () => {
  let directory: string;
  let evidence: EvidenceStore;
  let accused: { readonly evidence: DoubleSigning; readonly dueSeconds: number }[];
  let served: (epoch: number) => PeerAnswer<readonly SignedMessage[]>;
  let asked: number[];
  let log: string[];
  let isDiskFull: boolean;
  let rejected: ReturnType<typeof createOperatorMetrics>["rejectedMessages"];

  const start = (chainSeconds = 1_700): LateSignatures => {
    const metrics = createOperatorMetrics();
    rejected = metrics.rejectedMessages;
    const [account] = accounts;
    if (account === undefined) throw new Error("no account");
    const late = new LateSignatures({
      signer: ecdsaSigner(account, place),
      evidence,
      calendar,
      peers: ["http://one.example", "http://two.example"].map((url) => ({
        url,
        messages: (about: number) => {
          asked.push(about);
          return Promise.resolve(served(about));
        },
      })),
      metrics,
      onDoubleSigning: (found, dueSeconds) => {
        if (isDiskFull) throw new Error("ENOSPC");
        accused.push({ evidence: found, dueSeconds });
      },
      logger: pino({}, { write: (line: string) => void log.push(line) }),
    });
    late.advanceTo(chainSeconds);
    return late;
  };

  beforeEach(async () => {
    directory = temporaryDirectory("mandate-late");
    evidence = new EvidenceStore(directory);
    [accused, asked, log, isDiskFull] = [[], [], [], false];
    served = () => ({ ok: true, value: [] });
    evidence.saveOpening(opening);
    const journal = evidence.openJournal(epoch, (error) => {
      throw error;
    });
    for (const each of held) journal.append(each);
    await journal.close();
  });

  it("iOP-030: given one of who signed in time, it hands over both reports at its turn, and serves both", async () => {
    const late = start();
    const second = await signed(1, "another");
    await late.take(epoch, [second]);
    expect(accused).toMatchObject([
      { evidence: { operator: operators[1], seat: 1, report }, dueSeconds: 1_700 + turnOf(1) * stageSeconds },
    ]);
    for (const each of accused) await verifyDoubleSigning(each.evidence, opening.set, place);
    expect(late.messages(epoch)).toHaveLength(4);
    expect(late.messages(epoch)).toContainEqual(second);
    await late.take(epoch, [second, await signed(1, "a third")]); // two are enough
    expect(accused).toHaveLength(1);
    expect(late.messages(epoch)).toHaveLength(4);
  });

  it.each([
    ["before the epoch is sealed", false],
    ["after", true],
  ])(
    "iOP-030: given two that both come late, and a restart between them, %s, it hands them over",
    async (_, isSealed) => {
      await start().take(epoch, [await signed(3, "one")]);
      expect(accused).toEqual([]);
      if (isSealed) evidence.dropSealed(epoch);
      const late = start();
      expect(late.messages(epoch)).toHaveLength(4);
      await late.take(epoch, [await signed(3, "two")]);
      expect(accused).toMatchObject([{ evidence: { operator: operators[3], seat: 3 } }]);
      expect(start().messages(epoch)).toHaveLength(5);
    },
  );

  it.each([
    ["a second before its epoch is over", 1_599, 0],
    ["when its epoch is over", 1_600, 1],
    ["in the last second in which the contract takes it", EXPIRES - 1, 1],
    ["a second later", EXPIRES, 0],
  ])("given a second signature %s, it hands over %i", async (_, chainSeconds, count) => {
    const late = start(chainSeconds);
    expect(late.messages(epoch)).toHaveLength(3 * count);
    await late.take(epoch, [await signed(1, "another")]);
    expect(accused).toHaveLength(count);
  });

  it("given the time in which two are evidence, it holds nothing of the epoch after it", () => {
    const late = start(EXPIRES - 1);
    expect(late.messages(epoch)).toHaveLength(3);
    late.advanceTo(EXPIRES);
    expect(late.messages(epoch)).toEqual([]);
  });

  it("given what is no other signature of a member in the epoch, it keeps nothing", async () => {
    const late = start();
    const another = await signed(1, "another");
    if (another.message.kind !== "signature") throw new Error("no signature");
    const { operator } = another.message;
    const forged = { ...another, message: { ...another.message, operator: operators[2] ?? "0x" } };
    const stranger = { ...another, message: { ...another.message, operator: place.verifyingContract } };
    const vote = await sign(1, { kind: "prepare", epoch, operator, view: 3, digest: documentHash("vote") });
    await late.take(epoch, [...held, vote, stranger, await signed(1, "another", epoch + 1)]);
    expect((await rejected.get()).values[0]?.value ?? 0).toBe(0);
    await late.take(epoch, [forged]);
    expect((await rejected.get()).values[0]?.value).toBe(1);
    await late.take(epoch - 1, [await signed(1, "another", epoch - 1)]); // it took no part in that one
    expect(accused).toEqual([]);
    expect(late.messages(epoch)).toHaveLength(3);
    expect(late.messages(epoch - 1)).toEqual([]);
  });

  it("given its own second signature, it accuses nobody", async () => {
    await start().take(epoch, [await signed(self, "another")]);
    expect(accused).toEqual([]);
  });

  it("given one that comes twice at the same time, it keeps it once", async () => {
    const late = start();
    const another = await signed(1, "another");
    await Promise.all([late.take(epoch, [another]), late.take(epoch, [another])]);
    expect(accused).toHaveLength(1);
    expect(late.messages(epoch)).toHaveLength(4);
  });

  it("given a disk that is full, it says so, and hands the evidence over when it comes again", async () => {
    const late = start();
    isDiskFull = true;
    const another = await signed(1, "another");
    await late.take(epoch, [another]);
    expect(log.join("")).toContain("a signature is not kept as evidence: ENOSPC");
    isDiskFull = false;
    await late.take(epoch, [another]);
    expect(accused).toHaveLength(1);
  });

  it("given what the round wrote since, it reads it again when it is told to", async () => {
    rmSync(join(directory, String(epoch), "messages.ndjson"));
    const late = start();
    expect(late.messages(epoch)).toEqual([]);
    const lines = held.map((each) => `${JSON.stringify(each)}\n`).join("");
    appendFileSync(join(directory, String(epoch), "messages.ndjson"), lines);
    expect(late.messages(epoch)).toEqual([]);
    late.forget(epoch);
    expect(late.messages(epoch)).toHaveLength(3);
  });

  it("given an opening that is damaged, it says so and goes on", async () => {
    writeFileSync(join(directory, String(epoch), "opening.json"), "{");
    const late = start();
    await late.take(epoch, [await signed(1, "another")]);
    expect(accused).toEqual([]);
    expect(log.join("")).toContain("what is on the disk of this epoch cannot be read");
  });

  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

  it("iOP-030: given two signatures of which peers hold one each, it gathers the epochs before and hands them over", async () => {
    const [one, two] = [await signed(3, "one"), await signed(3, "two")];
    served = (about) => ({ ok: true, value: about === epoch ? [asked.length === 1 ? one : two] : [] });
    const late = start(2_250);
    late.gather(8);
    late.gather(8); // one round of it at a time
    await settled();
    expect(asked).toEqual([7, 7]); // of others nothing is on the disk
    expect(accused).toMatchObject([{ evidence: { operator: operators[3] } }]);
  });

  it("given peers that cannot be reached, or have nothing new, it asks the former no more", async () => {
    evidence.saveOpening({ ...opening, window: { ...opening.window, epoch: 6 } });
    const late = start(2_250);
    served = () => ({ ok: false, reason: "unreachable", detail: "" });
    late.gather(8);
    await settled();
    expect(asked).toEqual([6, 6]);
    served = () => ({ ok: false, reason: "unchanged", detail: "" });
    late.gather(8);
    await settled();
    expect(asked.slice(2)).toEqual([6, 6, 7, 7]);
    expect(accused).toEqual([]);
  });
});
