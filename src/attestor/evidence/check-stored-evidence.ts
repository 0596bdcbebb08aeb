import { z } from "zod";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { checkEvidence, type Repositories } from "./check-evidence.ts";
import { evidenceSchema, notMet, type EvidenceVerdict } from "./evidence.ts";
import type { FileHashSpecification, Specification } from "./specification.ts";

export interface StoredEvidenceCheck {
  readonly specification: Specification;
  /** Hash under which the manifest lies in the store, and which is signed. */
  readonly hash: Hex;
  readonly manifest: unknown;
  /** Whether bytes with this hash are stored for the milestone. */
  readonly has: (hash: Hex) => Promise<boolean>;
  readonly repositories: Repositories;
}

const commitSchema = z.looseObject({ kind: z.literal("git-tag"), commit: z.string() });

async function checkFiles({ files }: FileHashSpecification, has: StoredEvidenceCheck["has"]): Promise<EvidenceVerdict> {
  for (const { name, keccak256 } of files) {
    if (!(await has(keccak256))) return notMet(`${name} is missing: nothing with the hash ${keccak256} is stored`);
  }
  return { met: true, manifest: { kind: "file-hash", files } };
}

async function checkManifest(check: StoredEvidenceCheck): Promise<EvidenceVerdict> {
  const { specification, manifest, has, repositories } = check;
  if (specification.kind === "file-hash") return checkFiles(specification, has);
  const commit = commitSchema.safeParse(manifest).data?.commit;
  const evidence = evidenceSchema.safeParse(commit === undefined ? manifest : { kind: "git-tag", commit });
  return evidence.success
    ? checkEvidence(specification, evidence.data, repositories)
    : notMet(`the stored document is no evidence: ${z.prettifyError(evidence.error)}`);
}

/**
 * Whether stored evidence meets `specification`. The manifest that comes out of the check has to be the stored one: what is signed
 * is the hash that the requester named, and everybody who may read the store can read what it stands for.
 */
export async function checkStoredEvidence(check: StoredEvidenceCheck): Promise<EvidenceVerdict> {
  const verdict = await checkManifest(check);
  if (!verdict.met) return verdict;
  const actual = documentHash(verdict.manifest);
  if (actual !== check.hash)
    return notMet(`the manifest of what was checked has the hash ${actual}, not ${check.hash}`);
  return verdict;
}
