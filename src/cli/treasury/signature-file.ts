import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { addressOf, type Session } from "../../sdk/session.ts";

const bytes = z.templateLiteral(["0x", z.string().regex(/^([0-9a-fA-F]{2})+$/)]);
const word = z.templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]{64}$/)]);
const address = z.templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]{40}$/)]);
const place = { chainId: z.int(), vault: address, signer: address, signature: bytes };

/** A party's acceptance of a plan, signed by whoever has no coin for gas and relayed by anybody. */
export const acceptanceFile = z.strictObject({
  kind: z.literal("mandate.acceptance/1"),
  ...place,
  project: word,
  party: z.enum(["payee", "anchor"]),
});

/** An attestor's signature below the proof of a milestone; a quorum of such files releases it. */
export const attestationFile = z.strictObject({
  kind: z.literal("mandate.attestation/1"),
  ...place,
  claim: z.strictObject({
    project: word,
    milestone: z.int().min(0),
    evidence: word,
    deadline: z.int(),
    /** Base units that are due of the milestone so far; without it, all of it. */
    part: z
      .string()
      .regex(/^[1-9]\d{0,37}$/)
      .transform(BigInt)
      .optional(),
  }),
});

export type AcceptanceFile = z.infer<typeof acceptanceFile>;
export type AttestationFile = z.infer<typeof attestationFile>;

/** @throws {MandateError} `SignatureFileInvalid`, or `SignatureElsewhere` where it was made for another chain or vault. */
export function readSignatureFile<T extends { chainId: number; vault: Hex }>(
  session: Session,
  path: string,
  schema: z.ZodType<T>,
): T {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new MandateError("SignatureFileInvalid", `cannot read ${path} as JSON`, {
      kind: "input",
      data: { path },
      cause,
    });
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success) {
    throw new MandateError("SignatureFileInvalid", `${path}: ${z.prettifyError(parsed.error)}`, {
      kind: "input",
      data: { path },
    });
  }
  const { chainId, vault } = parsed.data;
  const here = addressOf(session, "BudgetVault");
  if (chainId === session.deployment.chainId && vault.toLowerCase() === here.toLowerCase()) return parsed.data;
  throw new MandateError("SignatureElsewhere", `${path} was signed for the vault ${vault} on chain ${chainId}`, {
    kind: "input",
    data: { path, chainId, vault },
    remedy: "Have it signed again, with the deployment that it is for.",
  });
}

export function writeSignatureFile(path: string, file: AcceptanceFile | AttestationFile): void {
  try {
    const content = JSON.stringify(file, (_key, value: unknown) => (typeof value === "bigint" ? `${value}` : value), 2);
    writeFileSync(path, `${content}\n`);
  } catch (cause) {
    throw new MandateError("FileUnwritable", `cannot write ${path}`, { kind: "environment", data: { path }, cause });
  }
}
