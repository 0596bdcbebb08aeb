import { size } from "viem";
import { z } from "zod";
import { signatureReaderOf } from "../chain/signature/signature-reader.ts";
import { verifySignature } from "../chain/signature/verify-signature.ts";
import type { ChainClient } from "../chain/client.ts";
import { MandateError, messageOf } from "../core/errors/mandate-error.ts";
import type { Hex } from "../core/hex.ts";
import type { AttestationRequest } from "./attestation/attest.ts";
import { readMilestoneFacts, type MilestoneFacts } from "./chain/milestone-facts.ts";
import { proofDigest, type ProofClaim } from "./signing/proof-message.ts";

const hex = z
  .string()
  .regex(/^0x([0-9a-fA-F]{2})*$/)
  .transform((text) => text.toLowerCase() as Hex);
const answerSchema = z.object({ signer: hex, evidence: hex, signature: hex });
const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

const ACCOUNT_SIGNATURE_BYTES = 65;

/** An attestor that gave no usable signature, and why. */
export interface Refusal {
  readonly url: string;
  readonly code: string;
  readonly message: string;
}

export type CollectedProof =
  | {
      readonly complete: true;
      readonly claim: ProofClaim;
      /** Bitmap of the seats that signed, seat 0 in the lowest bit. */
      readonly attestors: bigint;
      /** In ascending seat order, as `BudgetVault.release` takes them. */
      readonly signatures: readonly Hex[];
      readonly refusals: readonly Refusal[];
    }
  | { readonly complete: false; readonly have: number; readonly need: number; readonly refusals: readonly Refusal[] };

export interface CollectOptions {
  readonly client: ChainClient;
  readonly vault: Hex;
  readonly fromBlock?: bigint;
  readonly attestorUrls: readonly string[];
  readonly request: AttestationRequest;
  /** Wait for each attestor. Default 15,000. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

interface Signed {
  readonly seat: number;
  readonly evidence: Hex;
  readonly signature: Hex;
}

async function ask(options: CollectOptions, url: string, facts: MilestoneFacts): Promise<Signed | Refusal> {
  const { request, client, vault, fetch: send = fetch, timeoutMs = 15_000 } = options;
  const refusal = (code: string, message: string): Refusal => ({ url, code, message });
  let answer: unknown;
  try {
    const response = await send(new URL("/v1/attestations", url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(timeoutMs),
    });
    answer = await response.json();
  } catch (error) {
    return refusal("unreachable", messageOf(error));
  }
  const refused = errorSchema.safeParse(answer);
  if (refused.success) return refusal(refused.data.error.code, refused.data.error.message);
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) return refusal("invalid-answer", z.prettifyError(parsed.error));
  const { signer, evidence, signature } = parsed.data;
  const seat = facts.attestors.indexOf(signer);
  if (seat === -1 || (facts.revoked >> BigInt(seat)) & 1n) return refusal("no-live-seat", `${signer} has no live seat`);
  const place = { chainId: client.chain.id, verifyingContract: vault };
  const { project, milestone, deadline } = request;
  const digest = proofDigest(place, facts, { project, milestone, deadline, evidence });
  // One false signature among them would make the vault refuse the whole.
  const verdict = await verifySignature(signatureReaderOf(client), { signer, digest, signature });
  if (!verdict.valid) return refusal("invalid-signature", verdict.reason);
  // The vault recovers accounts from 65 bytes alone, though 64 say as much.
  if (verdict.kind === "eoa" && size(signature) !== ACCOUNT_SIGNATURE_BYTES) {
    return refusal("invalid-signature", `${size(signature)} bytes, not ${ACCOUNT_SIGNATURE_BYTES}`);
  }
  return { seat, evidence, signature };
}

/** The largest group that signed the same evidence, one signature a seat, in seat order. */
function largestGroup(signed: readonly Signed[]): Signed[] {
  const groups = new Map<Hex, Map<number, Signed>>();
  for (const each of signed) {
    const group = groups.get(each.evidence) ?? new Map<number, Signed>();
    groups.set(each.evidence, group.set(each.seat, each));
  }
  const [largest] = [...groups.values()].sort((a, b) => b.size - a.size);
  return [...(largest?.values() ?? [])].sort((a, b) => a.seat - b.seat);
}

/**
 * Asks every attestor for its signature and brings together what `BudgetVault.release` takes; k signatures, not more.
 * @throws {MandateError} `MilestoneUnknown` where the chain has no such milestone.
 */
export async function collectProof(options: CollectOptions): Promise<CollectedProof> {
  const { client, vault, request, fromBlock = 0n } = options;
  const outcome = await readMilestoneFacts(client, { vault, fromBlock, ...request });
  if (!outcome.found) {
    throw new MandateError(
      "MilestoneUnknown",
      `${request.project} has no milestone ${request.milestone}: ${outcome.reason}`,
      {
        kind: "refused",
        data: { project: request.project, milestone: request.milestone, reason: outcome.reason },
      },
    );
  }
  const { facts } = outcome;
  const answers = await Promise.all(options.attestorUrls.map((url) => ask(options, url, facts)));
  const refusals = answers.filter((each) => "url" in each);
  const group = largestGroup(answers.filter((each) => "seat" in each));
  const chosen = group.slice(0, facts.threshold);
  const [first] = chosen;
  if (first === undefined || chosen.length < facts.threshold) {
    return { complete: false, have: chosen.length, need: facts.threshold, refusals };
  }
  const { project, milestone, deadline } = request;
  return {
    complete: true,
    claim: { project, milestone, evidence: first.evidence, deadline },
    attestors: chosen.reduce((bitmap, { seat }) => bitmap | (1n << BigInt(seat)), 0n),
    signatures: chosen.map(({ signature }) => signature),
    refusals,
  };
}
