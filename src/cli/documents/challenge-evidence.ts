import { z } from "zod";
import type { Hex } from "../../core/hex.ts";

/**
 * What a challenge's evidence is, as the document of which the chain keeps the hash. It names who brings it: whoever copies the hash out of a
 * transaction that waits, and challenges first, challenges with a document that speaks for somebody else.
 */
export interface ChallengeEvidence {
  readonly kind: "mandate.challenge/1";
  readonly challenger: Hex;
  readonly project: Hex;
  readonly epoch: number;
  readonly evidence: unknown;
}

const evidenceSchema = z.looseObject({
  kind: z.literal("mandate.challenge/1"),
  challenger: z.string(),
  project: z.string(),
  epoch: z.number(),
});

export function challengeEvidence(brought: Omit<ChallengeEvidence, "kind">): ChallengeEvidence {
  const { challenger, project, epoch, evidence } = brought;
  const [by, about] = [challenger.toLowerCase() as Hex, project.toLowerCase() as Hex];
  return { kind: "mandate.challenge/1", challenger: by, project: about, epoch, evidence };
}

/** Why a document is no evidence of the challenge that names its hash; undefined where it is. Pure. */
export function evidenceProblem(
  document: unknown,
  { challenger, project, epoch }: Omit<ChallengeEvidence, "kind" | "evidence">,
): string | undefined {
  const { data } = evidenceSchema.safeParse(document);
  if (data === undefined) return "it does not say who brings it, and on what";
  if (data.challenger !== challenger.toLowerCase())
    return `it was written by ${data.challenger}, not by the challenger`;
  if (data.project !== project.toLowerCase()) return `it is about the project ${data.project}`;
  return data.epoch === epoch ? undefined : `it is about epoch ${data.epoch}`;
}
