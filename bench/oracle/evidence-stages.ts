import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import type { Hex } from "../../src/core/hex.ts";
import { bundleDigest } from "../../src/oracle/bundle/bundle.ts";
import { writeBundleDirectory } from "../../src/oracle/bundle/bundle-directory.ts";
import { sealBundle } from "../../src/oracle/bundle/bundle-seal.ts";
import { openBundlePath } from "../../src/oracle/bundle/bundle-source.ts";
import { composeBundle } from "../../src/oracle/bundle/compose-bundle.ts";
import { ProjectList } from "../../src/oracle/epochs/project-list.ts";
import { openBundle } from "../../src/oracle/replay/open-bundle.ts";
import { replayOutcome } from "../../src/oracle/replay/replay-outcome.ts";
import { evaluateEpoch } from "../../src/oracle/scoring/evaluate-epoch.ts";
import { scoringCodeDigest } from "../../src/oracle/scoring/golden-epoch.ts";
import { currentScoring } from "../../src/oracle/scoring/scorings.ts";
import { reportDigest } from "../../src/oracle/signing/operator-signer.ts";
import { inSlices } from "../../src/oracle/steps/steps.ts";
import { loadKeccakHasher } from "../../src/oracle/tree/keccak-hasher.ts";
import { benchEpoch, benchSalt } from "./epoch.ts";
import { timed } from "./timed.ts";

const keccak = await loadKeccakHasher();
const account = privateKeyToAccount(`0x${"01".repeat(32)}`);
const operator: Hex = `0x${account.address.slice(2).toLowerCase()}`;
const place = { chainId: 1, verifyingContract: `0x${"0c".repeat(20)}` } as const;

export interface EvidenceResult extends Record<string, number> {
  readonly seconds: number;
  readonly bytes: number;
}

/** Seals an epoch as an operator does when it is over, and, where `isReplayed`, computes it again from what was written, which is what is timed then. */
export async function evidence(projects: number, definitions: number, isReplayed: boolean): Promise<EvidenceResult> {
  const directory = mkdtempSync(join(tmpdir(), "mandate-bench-"));
  try {
    const path = join(directory, "bundle");
    const sealed = await seal(path, projects, definitions);
    if (!isReplayed) return sealed;
    const { result, ...times } = await timed(async () => {
      const opened = await openBundle(await openBundlePath(path), 1, keccak);
      return { opened, outcome: replayOutcome(opened, currentScoring, keccak) };
    });
    const { checks } = result.outcome;
    if (checks.some(({ status }) => status !== "ok")) throw new Error("the bundle is not what was computed");
    return { ...times, bytes: result.opened.bytes };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function seal(path: string, projectCount: number, definitionCount: number): Promise<EvidenceResult> {
  const { included, definitions, documents, projects, ...rest } = benchEpoch(
    projectCount,
    definitionCount,
    "ascending",
  );
  const facts = { ...rest.facts, projects: ProjectList.of(projects) };
  const evaluated = evaluateEpoch(facts, included, { definitions, heldOut: new Map() }, keccak);
  if (!evaluated.ok) throw new TypeError("the epoch has all its definitions");
  const { report, manifest, tree } = evaluated;
  const [first] = included;
  if (first === undefined) throw new TypeError("the epoch has observations");
  const operators = [...included.map((each) => each.operator), operator];
  const held = {
    ...{ place, operator, accepted: undefined, captures: new Map<string, string>() },
    opening: {
      window: { epoch: facts.epoch, startSeconds: 0, endSeconds: 600 },
      reportDeadlineSeconds: 300,
      block: first.observation.block,
      set: { configuration: 1, faults: facts.faults, quorum: 3, operators, seats: operators, names: operators },
      ruleset: {
        kind: "mandate.oracle-ruleset/1" as const,
        vaults: [place.verifyingContract],
        settlement: { block: "finalized" as const, seconds: 0 },
        scoring: scoringCodeDigest(keccak),
      },
      facts,
      rules: currentScoring.versions,
    },
    messages: included.map(({ operator: by, observation }) => ({
      message: {
        kind: "observation" as const,
        epoch: facts.epoch,
        operator: by,
        observation,
        salt: benchSalt,
        heard: [],
      },
      envelope: `0x${by.slice(2, 4).repeat(65)}` as const,
    })),
    record: {
      digest: reportDigest(place, report),
      report,
      manifest: { ...manifest, inclusion: [...manifest.inclusion], findings: undefined },
      leaves: tree.packed,
    },
    document: (hash: Hex) => documents.get(hash),
  };
  const { result, ...times } = await timed(async () => {
    const { text, bundle, parts } = await inSlices(composeBundle(held, keccak));
    await writeBundleDirectory(path, { text, seal: await sealBundle(account, bundle, bundleDigest(text)), parts });
    return bundle;
  });
  return { ...times, bytes: result.parts.reduce((sum, each) => sum + each.bytes, 0) };
}
