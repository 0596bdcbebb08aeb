import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exampleDefinition } from "../../../test/support/score-definition.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import { EvidenceStore } from "../evidence/evidence-store.ts";
import type { DefinitionFindings } from "../scoring/evaluate-epoch.ts";
import { detect } from "./detect.ts";

const rule = { over: 3, factor: "2000000000000000000", from: "10" };
const watched = {
  ...exampleDefinition,
  watch: [
    { name: "calls-jump", detects: "burst", metric: "service/calls", ...rule },
    { name: "calls-alone", detects: "divergence", metric: "service/calls", against: "delivery/commits", ...rule },
  ],
};
const definition = documentHash(watched);
const findings: DefinitionFindings[] = [
  { definition, findings: [{ kind: "spread", subject: "service/calls", reason: "found" }] },
];

let root: string;
let evidence: EvidenceStore;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "mandate-detect-"));
  evidence = new EvidenceStore(join(root, "evidence"));
  writeFileSync(join(root, `${definition}.json`), JSON.stringify(watched));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const detected = () => detect({ data: root, documents: root });

/** An accepted epoch, as an operator keeps it. */
function keep(epoch: number, values: Readonly<Record<string, bigint>>, own: DefinitionFindings[] = []): void {
  const digest = documentHash(`report ${epoch}`);
  const root = documentHash(`root ${epoch}`);
  const manifest = { inclusion: [], configuration: root, evidence: root, ...(own.length > 0 ? { findings: own } : {}) };
  const report = {
    configuration: 1,
    epoch,
    root,
    threshold: 1n,
    leafCount: 0,
    scored: 0,
    surviving: 0,
    manifest: root,
  };
  evidence.saveRecord({ digest, report, manifest, leaves: [] });
  evidence.saveAgreed(epoch, { digest, definitions: [{ definition, values }] });
  evidence.saveAccepted({
    index: epoch,
    epoch,
    root,
    threshold: 1n,
    nextThreshold: 1n,
    leafCount: 0,
    acceptedAt: epoch,
    manifest: root,
    digest,
    signers: 1n,
    transaction: root,
  });
}

const both = (calls: bigint, commits: bigint) => ({ "service/calls": calls, "delivery/commits": commits });

describe("detect", () => {
  it("given an operator that has kept nothing, it has nothing to say", async () => {
    expect(await detected()).toEqual({ epochs: [], signed: [], advice: [] });
  });

  it("given a jump that the other metric shows as well, it is a burst and no divergence", async () => {
    for (const epoch of [1, 2, 3]) keep(epoch, both(10n, 4n));
    keep(10, both(100n, 40n), findings);
    expect(await detected()).toEqual({
      epochs: [1, 2, 3, 10],
      signed: [{ epoch: 10, findings }],
      advice: [{ epoch: 10, definition, kind: "burst", subject: "calls-jump" }],
    });
  });

  it("given a rise that the other metric does not show, it is a divergence", async () => {
    for (const epoch of [1, 2, 3]) keep(epoch, both([10n, 20n, 10n][epoch - 1] ?? 0n, 4n));
    keep(4, both(40n, 4n));
    expect((await detected()).advice).toEqual([{ epoch: 4, definition, kind: "divergence", subject: "calls-alone" }]);
  });

  it("given an epoch without one of the values, it is no fall, and measures nothing", async () => {
    for (const epoch of [1, 2, 3]) keep(epoch, both(10n, 4n));
    keep(4, { "delivery/commits": 4n });
    keep(5, both(20n, 8n));
    expect((await detected()).advice).toEqual([]);
  });

  it("given values of a report that was not the accepted one, they are not in its history", async () => {
    keep(1, both(10n, 4n));
    evidence.saveAgreed(1, { digest: documentHash("another"), definitions: [] });
    expect((await detected()).epochs).toEqual([]);
  });
});
