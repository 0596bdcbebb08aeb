import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { documentHash } from "../../core/documents/document-hash.ts";
import { DocumentDirectory } from "../documents/document-directory.ts";
import { scoringCodeDigest } from "../scoring/golden-epoch.ts";
import { currentScoring } from "../scoring/scorings.ts";
import { loadKeccakHasher } from "../tree/keccak-hasher.ts";
import { findRuleset, type RulesetMeans } from "./find-ruleset.ts";
import { rulesetHash, type Ruleset } from "./ruleset.ts";

const scoring = scoringCodeDigest(await loadKeccakHasher());
const ruleset: Ruleset = {
  kind: "mandate.oracle-ruleset/1",
  vaults: [`0x${"0d".repeat(20)}`],
  settlement: { block: "finalized", seconds: 46 },
  scoring,
};
let directory: string;
let means: RulesetMeans;

const named = (document: unknown) => ({ hash: documentHash(document), fromEpoch: 5 });
function put(document: unknown) {
  writeFileSync(join(directory, `${documentHash(document)}.json`), JSON.stringify(document));
  return named(document);
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mandate-rulesets-"));
  means = {
    documents: new DocumentDirectory(directory),
    findDocument: () => Promise.resolve(undefined),
    scorings: new Map([[scoring, currentScoring]]),
    calendar: { genesis: 0, epochSeconds: 600, reportDeadlineSeconds: 60 },
  };
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("findRuleset", () => {
  it("given a document of its own that it can follow, it follows it, by the scoring that it names", async () => {
    const found = await findRuleset(put(ruleset), means);
    const followed = { hash: rulesetHash(ruleset), fromEpoch: 5, ruleset, scoring: currentScoring };
    expect(found).toEqual({ ok: true, followed });
  });

  it("given a document that a peer has, it follows it, and keeps it", async () => {
    const found = await findRuleset(named(ruleset), { ...means, findDocument: () => Promise.resolve(ruleset) });
    expect(found).toMatchObject({ ok: true });
    expect(readdirSync(directory)).toEqual([`${rulesetHash(ruleset)}.json`]);
    expect(await findRuleset(named(ruleset), means)).toMatchObject({ ok: true });
  });

  it("given a peer that has another document under that hash, it does not believe it", async () => {
    const other = { ...ruleset, vaults: [`0x${"0e".repeat(20)}`] };
    const found = await findRuleset(named(ruleset), { ...means, findDocument: () => Promise.resolve(other) });
    expect(found).toMatchObject({ ok: false, reason: "document-missing" });
    expect(readdirSync(directory)).toEqual([]);
  });

  it("given no ruleset on the chain, it has nothing of its own to fall back on", async () => {
    put(ruleset);
    expect(await findRuleset(undefined, means)).toMatchObject({ ok: false, reason: "none-named" });
  });

  it.each([
    ["no ruleset", "document-invalid", { kind: "something else" }, /office/],
    [
      "a settlement that leaves 13 seconds",
      "settlement-too-long",
      { settlement: { block: "safe", seconds: 47 } },
      /office/,
    ],
    ["another scoring", "scoring-unknown", { scoring: documentHash("another program") }, /Upgrade .* epoch from 5 on/],
  ])("given %s, it refuses as %s, and says what to do", async (_, reason, changes, remedy) => {
    const found = await findRuleset(put({ ...ruleset, ...changes }), means);
    expect(found).toMatchObject({ ok: false, reason, remedy: expect.stringMatching(remedy) as string });
  });
});
