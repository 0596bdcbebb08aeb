import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { beforeEach, describe, expect, it } from "vitest";
import type { Intent } from "../../chain/outbox/intent.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { temporaryDirectory } from "../../../test/support/temporary-directory.ts";
import { createOperatorMetrics } from "../node/operator-metrics.ts";
import { suspendData, type DoubleSigning } from "./double-signing.ts";
import { evidenceDirectory } from "./evidence-directory.ts";
import { Suspender } from "./suspender.ts";

const oracle: Hex = `0x${"0c".repeat(20)}`;
const [liar, accomplice] = [`0x${"01".repeat(20)}`, `0x${"02".repeat(20)}`] as const;
const calendar = { genesis: 100, epochSeconds: 1_000, reportDeadlineSeconds: 500 };
/** End of the eighth epoch after the seventh. */
const EXPIRES = 100 + 15 * 1_000;

const evidenceOf = (operator: Hex, epoch = 7): DoubleSigning => {
  const report = {
    ...{ configuration: 1, epoch, threshold: 5n, leafCount: 2, scored: 1, surviving: 1 },
    root: documentHash("root"),
    manifest: documentHash("manifest"),
  };
  const other = { ...report, root: documentHash("another root") };
  return {
    operator,
    seat: 0,
    report,
    signature: `0x${"11".repeat(64)}`,
    other,
    otherSignature: `0x${"22".repeat(64)}`,
  };
};

describe("Suspender", () => {
  let directory: string;
  let sent: Intent[];
  let metrics: ReturnType<typeof createOperatorMetrics>;

  const start = (submits = true): Suspender =>
    new Suspender({
      store: evidenceDirectory(directory),
      oracle,
      calendar,
      submits,
      metrics,
      outbox: {
        enqueue: (intent) => sent.push(intent),
        status: (id) => (sent.some((each) => each.id === id) ? {} : undefined),
      },
      logger: pino({ level: "silent" }),
    });
  const count = async (result: string): Promise<number> =>
    (await metrics.suspensions.get()).values.find(({ labels }) => labels.result === result)?.value ?? 0;

  beforeEach(() => {
    directory = join(temporaryDirectory("mandate-suspender"), "double-signing");
    sent = [];
    metrics = createOperatorMetrics();
  });

  it("given evidence, it hands the call over from its turn on, once, while it is evidence", async () => {
    const suspender = start();
    suspender.note(evidenceOf(liar), 1_000);
    suspender.settle(999);
    expect(sent).toEqual([]);
    suspender.settle(1_000);
    suspender.settle(1_001);
    const id = `suspend:${oracle}:7:${liar}`;
    const data = suspendData(evidenceOf(liar));
    expect(sent).toEqual([{ id, to: oracle, data, value: 0n, validUntilSeconds: EXPIRES }]);
    expect(await count("submitted")).toBe(1);
  });

  it("given a restart before its turn, it still hands the call over; after it, not again", () => {
    start().note(evidenceOf(liar), 1_000);
    start().settle(1_000);
    expect(sent).toHaveLength(1);
    start().settle(2_000);
    expect(sent).toHaveLength(1);
  });

  it("given a turn when it is no evidence any more, it hands over nothing; a second before, it does", () => {
    const suspender = start();
    suspender.note(evidenceOf(liar), EXPIRES - 1);
    suspender.note(evidenceOf(accomplice), EXPIRES);
    suspender.settle(EXPIRES - 1);
    suspender.settle(EXPIRES);
    expect(sent.map(({ id }) => id)).toEqual([`suspend:${oracle}:7:${liar}`]);
  });

  it("given the same again, the first turn stays; other operators and epochs are evidence of their own", () => {
    const suspender = start();
    suspender.note(evidenceOf(liar), 1_000);
    suspender.note(evidenceOf(liar), 0);
    suspender.settle(0);
    expect(sent).toEqual([]);
    suspender.note(evidenceOf(accomplice), 0);
    suspender.note(evidenceOf(liar, 6), 0);
    suspender.settle(0);
    expect(sent.map(({ id }) => id)).toEqual([`suspend:${oracle}:7:${accomplice}`, `suspend:${oracle}:6:${liar}`]);
    expect(suspender.evidence.map(({ report }) => report.epoch)).toEqual([6, 7, 7]);
  });

  it("given a dry run, it keeps the evidence and hands over nothing", async () => {
    const suspender = start(false);
    suspender.note(evidenceOf(liar), 0);
    suspender.settle(0);
    suspender.settle(1);
    expect(sent).toEqual([]);
    expect(await count("withheld")).toBe(1);
    expect(suspender.evidence).toEqual([evidenceOf(liar)]);
    start(true).settle(0); // `submit: true` from now on
    expect(sent).toHaveLength(1);
  });

  it.each(["{", "{}"])("given a damaged file (%s), it does not start, and says which file", (text) => {
    mkdirSync(directory);
    writeFileSync(join(directory, "7-0x01.json"), text);
    expect(() => start()).toThrow(
      expect.objectContaining({ code: "DoubleSigningUnreadable", data: { path: join(directory, "7-0x01.json") } }),
    );
  });

  it("given a file that a crash left half written, it goes on", () => {
    mkdirSync(directory);
    writeFileSync(join(directory, "7-0x01.json.partial"), "{");
    expect(start().evidence).toEqual([]);
  });
});
