import { canonicalText, documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import type { SigningPlace } from "../../core/signing/typed-data.ts";
import type { FactsOutcome, MilestoneFacts, MilestoneQuery } from "../chain/milestone-facts.ts";
import type { DocumentLookup, LoadDocument } from "../documents/document-directory.ts";
import { loadStoredDocument, type LoadStored } from "../documents/stored-content.ts";
import { checkEvidence, type Repositories } from "../evidence/check-evidence.ts";
import { checkStoredEvidence } from "../evidence/check-stored-evidence.ts";
import type { EvidenceVerdict, SubmittedEvidence } from "../evidence/evidence.ts";
import { specificationSchema, type Specification } from "../evidence/specification.ts";
import type { MilestoneSigner } from "../signers/milestone-signer.ts";
import { proofDigest } from "../signing/proof-message.ts";
import type { SigningDatabase } from "../signing/signing-database.ts";
import { checkMilestone, type RefusalReason } from "./check-milestone.ts";

/** A request for an attestation. */
export interface AttestationRequest {
  readonly project: Hex;
  readonly milestone: number;
  readonly evidence: SubmittedEvidence;
  /** First second in which the proof is no longer accepted. */
  readonly deadline: number;
}

/** A signature, with what was signed. */
export interface Attestation {
  readonly signer: Hex;
  readonly kind: MilestoneSigner["kind"];
  readonly seat: number;
  readonly evidence: Hex;
  readonly deadline: number;
  readonly digest: Hex;
  readonly signature: Hex;
}

export type AttestationOutcome =
  | { readonly signed: true; readonly attestation: Attestation }
  | { readonly signed: false; readonly reason: RefusalReason; readonly detail: string };

export interface AttestorParts {
  readonly place: SigningPlace;
  readonly signer: MilestoneSigner;
  readonly readFacts: (query: Pick<MilestoneQuery, "project" | "milestone">) => Promise<FactsOutcome>;
  readonly loadDocument: LoadDocument;
  /** Contents that evidence stores have for a milestone. */
  readonly loadStored: LoadStored;
  readonly repositories: Repositories;
  readonly database: SigningDatabase;
  readonly longestProofSeconds: number;
}

function refused(reason: RefusalReason, detail: string): AttestationOutcome {
  return { signed: false, reason, detail };
}

/** A document by its hash: the attestor's own where it has it, else one of the milestone's in a store. */
async function findDocument(parts: AttestorParts, request: AttestationRequest, hash: Hex): Promise<DocumentLookup> {
  const own = await parts.loadDocument(hash);
  return own.found || own.reason === "wrong-content" ? own : loadStoredDocument(parts.loadStored, request, hash);
}

function readSpecification(lookup: DocumentLookup, hash: Hex): Specification | AttestationOutcome {
  if (!lookup.found) return refused("specification-unavailable", `the specification ${hash} is ${lookup.reason}`);
  const parsed = specificationSchema.safeParse(lookup.document);
  return parsed.success ? parsed.data : refused("specification-invalid", parsed.error.message);
}

/** Claims the milestone for this evidence before anything is signed, then signs. */
async function signOnce(
  parts: AttestorParts,
  request: AttestationRequest,
  { facts, seat, manifest }: { facts: MilestoneFacts; seat: number; manifest: unknown },
): Promise<AttestationOutcome> {
  const evidence = documentHash(manifest);
  const { chainId, verifyingContract: vault } = parts.place;
  const { project, milestone, deadline } = request;
  const slot = { chainId, vault, project, milestone, planVersion: facts.plan.version, round: facts.overturned };
  // What lies in a store is read there, by those who may: no copy of it is served here.
  const text = request.evidence.kind === "stored" ? "" : canonicalText(manifest);
  const holder = parts.database.claim(slot, evidence, text);
  if (holder !== evidence) return refused("evidence-conflict", `this attestor signed the evidence ${holder} for it`);
  const digest = proofDigest(parts.place, facts, { project, milestone, evidence, deadline });
  const { signer, kind } = parts.signer;
  const signature = await parts.signer.sign(digest);
  return { signed: true, attestation: { signer, kind, seat, evidence, deadline, digest, signature } };
}

/** Checks a milestone's evidence against its specification, and signs its proof where it is met. */
export async function attest(parts: AttestorParts, request: AttestationRequest): Promise<AttestationOutcome> {
  const outcome = await parts.readFacts(request);
  if (!outcome.found) return refused(outcome.reason, `the chain has no such milestone: ${outcome.reason}`);
  const { facts } = outcome;
  const check = checkMilestone(facts, parts.signer.signer, request.deadline, parts.longestProofSeconds);
  if (!check.may) return refused(check.reason, check.detail);

  const { evidence } = request;
  const wanted = facts.milestone.specification;
  const specification = readSpecification(await findDocument(parts, request, wanted), wanted);
  if ("signed" in specification) return specification;
  let verdict: EvidenceVerdict;
  if (evidence.kind === "stored") {
    const manifest = await findDocument(parts, request, evidence.hash);
    if (!manifest.found) return refused("evidence-unavailable", `the evidence ${evidence.hash} is ${manifest.reason}`);
    const has = async (hash: Hex): Promise<boolean> => (await parts.loadStored(request, hash)).found;
    verdict = await checkStoredEvidence({
      specification,
      hash: evidence.hash,
      manifest: manifest.document,
      has,
      ...parts,
    });
  } else {
    verdict = await checkEvidence(specification, evidence, parts.repositories);
  }
  if (!verdict.met) return refused("evidence-not-met", verdict.problem);
  return signOnce(parts, request, { facts, seat: check.seat, manifest: verdict.manifest });
}
