import {
  attestationRefusalSchema,
  attestationSchema,
  type AttestationAnswer,
} from "../../../src/core/api/attestations.ts";
import { combineSignatures } from "../../../src/core/attestation/combine-signatures.ts";
import type { AttestorSetAnswer } from "../../../src/core/api/projects.ts";
import { messageOf } from "../../../src/core/errors/mandate-error.ts";
import type { Hex } from "../../../src/core/hex.ts";

/** What an attestor is asked to confirm. */
export interface AttestationRequest {
  readonly project: Hex;
  readonly milestone: number;
  readonly evidence: unknown;
  /** First second in which the proof is no longer accepted. */
  readonly deadline: number;
}

/** An attestor that did not sign, in its own words. */
export interface AttestationRefusal {
  readonly url: string;
  readonly message: string;
}

export type CollectedAttestations =
  | {
      readonly complete: true;
      readonly evidence: Hex;
      readonly attestors: bigint;
      readonly signatures: readonly Hex[];
    }
  | {
      readonly complete: false;
      readonly collected: number;
      readonly required: number;
      readonly refusals: readonly AttestationRefusal[];
    };

const answerTimeoutMs = 20_000;

async function ask(url: string, request: AttestationRequest): Promise<AttestationAnswer | AttestationRefusal> {
  try {
    const response = await fetch(new URL("/v1/attestations", url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
    const body: unknown = await response.json();
    const signed = attestationSchema.safeParse(body);
    if (signed.success) return signed.data;
    const refused = attestationRefusalSchema.safeParse(body);
    return { url, message: refused.success ? refused.data.error.message : "gave an answer that cannot be read" };
  } catch (error) {
    return { url, message: `does not answer: ${messageOf(error)}` };
  }
}

/** Signatures over the same evidence, the evidence that most attestors confirm. */
function agreeing(answers: readonly AttestationAnswer[]): readonly AttestationAnswer[] {
  const groups = Map.groupBy(answers, ({ evidence }) => evidence);
  return [...groups.values()].toSorted((a, b) => b.length - a.length)[0] ?? [];
}

/** Asks every attestor at once, and brings together what the vault takes. */
export async function collectAttestations(
  urls: readonly string[],
  set: AttestorSetAnswer,
  request: AttestationRequest,
): Promise<CollectedAttestations> {
  const answers = await Promise.all(urls.map((url) => ask(url, request)));
  const agreed = agreeing(answers.filter((each) => "signature" in each));
  const combined = combineSignatures(set.seats, set.threshold, agreed);
  const [first] = agreed;
  if (!combined.complete || first === undefined) {
    const refusals = answers.filter((each) => "url" in each);
    return { complete: false, collected: agreed.length, required: set.threshold, refusals };
  }
  return { complete: true, evidence: first.evidence, attestors: combined.attestors, signatures: combined.signatures };
}
