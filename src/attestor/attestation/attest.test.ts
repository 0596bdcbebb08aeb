import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { documentHash } from "../../core/documents/document-hash.ts";
import { keccak256Text } from "../../core/keccak.ts";
import type { Hex } from "../../core/hex.ts";
import { verifySignature } from "../../chain/signature/verify-signature.ts";
import type { MilestoneFacts } from "../chain/milestone-facts.ts";
import { contractSigner, eoaSigner } from "../signers/account-signer.ts";
import type { MilestoneSigner } from "../signers/milestone-signer.ts";
import { p256Signer } from "../signers/p256-signer.ts";
import { openSigningDatabase, type SigningDatabase } from "../signing/signing-database.ts";
import { proofDigest } from "../signing/proof-message.ts";
import { attest, type AttestorParts } from "./attest.ts";

const address = (digit: string): Hex => `0x${digit.repeat(40)}`;
const word = (digit: string): Hex => `0x${digit.repeat(64)}`;
const place = { chainId: 31337, verifyingContract: address("a") };
const specification = { kind: "json-assertions", assertions: [{ pointer: "/done", equals: true }] };
const evidence = { kind: "json-assertions" as const, document: { done: true } };
const now = 1_000_000;

const eoa = eoaSigner(keccak256Text("a test key"));
const p256 = p256Signer(address("7"), keccak256Text("another test key"));
const contract = contractSigner(address("c"), keccak256Text("a third test key"));

const milestone = {
  amount: 500n,
  deadline: now + 100,
  challengeWindow: 0,
  specification: documentHash(specification),
  attestorSet: word("5"),
  attestorSetVersion: 1,
  coSignature: false,
};
const plan = { version: 1, payee: address("b"), asset: address("d"), milestones: [milestone] };

/** Facts as the chain reader gives them; a plan's other terms play no part after its id was checked. */
function factsWith(change: Partial<MilestoneFacts> = {}): MilestoneFacts {
  return {
    plan: plan as unknown as MilestoneFacts["plan"],
    milestone,
    active: true,
    pending: true,
    paid: 0n,
    overturned: 0,
    attestors: [eoa.signer, contract.signer, p256.signer],
    revoked: 0n,
    threshold: 2,
    now: BigInt(now),
    blockNumber: 7n,
    ...change,
  };
}

let directory: string;
let database: SigningDatabase;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "attest-"));
  database = openSigningDatabase(join(directory, "signing.sqlite"));
});
afterEach(() => {
  database.close();
  rmSync(directory, { recursive: true, force: true });
});

function parts(facts: MilestoneFacts, signer: MilestoneSigner = eoa): AttestorParts {
  return {
    place,
    signer,
    readFacts: async () => ({ found: true, facts }),
    loadDocument: async (hash) =>
      hash === documentHash(specification)
        ? { found: true, document: specification }
        : { found: false, reason: "missing" },
    loadStored: async () => ({ found: false, reason: "missing" }),
    repositories: {},
    database,
    longestProofSeconds: 1_000,
  };
}
const request = { project: word("1"), milestone: 0, evidence, deadline: now + 50 };

describe("attest", () => {
  it.each([eoa, p256])(
    "given evidence that meets the specification, a key of kind $kind signs the proof",
    async (signer) => {
      const outcome = await attest(parts(factsWith(), signer), request);
      expect(outcome).toMatchObject({ signed: true, attestation: { signer: signer.signer, kind: signer.kind } });
      if (!outcome.signed) return;
      const { attestation } = outcome;
      expect(attestation.evidence).toBe(documentHash({ kind: "json-assertions", document: { done: true } }));
      const claim = { project: word("1"), milestone: 0, evidence: attestation.evidence, deadline: now + 50 };
      expect(attestation.digest).toBe(proofDigest(place, factsWith(), claim));
      // a verifier that says yes to everything: the keys are checked without it, too
      const chain = { code: async () => "0x" as const, call: async () => `0x024ad318${"0".repeat(56)}` as const };
      expect(await verifySignature(chain, attestation)).toEqual({ valid: true, kind: signer.kind });
      expect(await verifySignature(chain, { ...attestation, digest: word("f") })).toMatchObject({ valid: false });
    },
  );

  it("given an ERC-1271 contract, its seat is the contract's, and its owner's key signs", async () => {
    const outcome = await attest(parts(factsWith(), contract), request);
    expect(outcome).toMatchObject({ signed: true, attestation: { signer: address("c"), seat: 1 } });
  });

  it("given a signed milestone, when other evidence comes, it refuses; when the proof was overturned, it signs", async () => {
    const other = { ...request, evidence: { ...evidence, document: { done: true, more: 1 } } };
    expect((await attest(parts(factsWith()), request)).signed).toBe(true);
    expect(await attest(parts(factsWith()), other)).toMatchObject({ signed: false, reason: "evidence-conflict" });
    expect((await attest(parts(factsWith()), { ...request, deadline: now + 60 })).signed).toBe(true);
    expect((await attest(parts(factsWith({ overturned: 1 })), other)).signed).toBe(true);
  });

  it.each([
    ["project-not-active", { active: false }, {}],
    ["milestone-not-pending", { pending: false }, {}],
    ["milestone-deadline-passed", { now: BigInt(milestone.deadline) }, { deadline: milestone.deadline + 1 }],
    ["proof-deadline", {}, { deadline: now }],
    ["proof-deadline", {}, { deadline: now + 1_001 }],
    ["not-a-member", { attestors: [contract.signer] }, {}],
    ["seat-revoked", { revoked: 1n }, {}],
    ["specification-unavailable", { milestone: { ...milestone, specification: word("8") } }, {}],
    ["evidence-not-met", {}, { evidence: { ...evidence, document: { done: false } } }],
  ])("given %s, it refuses and claims nothing", async (reason, change, asked) => {
    const outcome = await attest(parts(factsWith(change)), { ...request, ...asked });
    expect(outcome).toMatchObject({ signed: false, reason });
    const { project, milestone: index } = request;
    const vault = place.verifyingContract;
    const slot = { chainId: place.chainId, vault, project, milestone: index, planVersion: 1, round: 0 };
    expect(database.claim(slot, word("e"), "")).toBe(word("e"));
  });

  it.each([now + 1, now + 1_000])("given a deadline at its bound (%i), it signs", async (deadline) => {
    expect((await attest(parts(factsWith()), { ...request, deadline })).signed).toBe(true);
  });
});
