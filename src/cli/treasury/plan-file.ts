import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { stringToHex, zeroHash } from "viem";
import { z } from "zod";
import { documentHash } from "../../core/documents/document-hash.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { hexOf, type Hex } from "../../core/hex.ts";
import { amountOf, assetOf } from "../../sdk/asset.ts";
import { poolId } from "../../sdk/pool.ts";
import type { Plan } from "../../sdk/project.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { addressOrName } from "../chain/signer.ts";
import { durationSeconds } from "../values/duration.ts";

const bytes32 = z.templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]{64}$/)]);
const party = z.string().transform((text) => addressOrName(text));
const duration = z.string().transform((text) => durationSeconds(text));
/** A hash, or the document itself. */
const document = z.union([bytes32, z.record(z.string(), z.json()).transform((value) => documentHash(value))]);

/** A plan as people write it: amounts in the asset's unit, times counted from now. */
export const planFileSchema = z.strictObject({
  pool: z.string(),
  reclaimTo: z.string().optional(),
  asset: z.string(),
  payee: party,
  anchor: party,
  team: z.string().optional(),
  /** By what it is measured: reports of the heartbeat oracle, or reviews by its anchor, which makes it an enclave. */
  measuredBy: z.enum(["heartbeat", "review"]).default("heartbeat"),
  /** Required where it is measured by the heartbeat. */
  scoreDefinition: document.optional(),
  leaseReports: z.number().int().optional(),
  initialReports: z.number().int().optional(),
  maxMissing: z.number().int().default(2),
  renewalWindow: duration,
  acceptWithin: duration,
  milestones: z.array(
    z.strictObject({
      amount: z.string(),
      deadlineIn: duration,
      challengeWindow: duration.default(0),
      specification: document,
      attestorSet: bytes32,
      attestorSetVersion: z.number().int().default(1),
      /** Whether an anchor co-signs the payment; needs a challenge window. */
      coSignature: z.boolean().default(false),
    }),
  ),
});

export type PlanFile = z.input<typeof planFileSchema>;

/** @throws {MandateError} `PlanFileInvalid`. */
export function readPlanFile(path: string): PlanFile {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as PlanFile; // checked by planFrom
  } catch (cause) {
    throw new MandateError("PlanFileInvalid", `cannot read the plan ${path} as JSON`, {
      kind: "input",
      data: { path },
      cause,
    });
  }
}

/**
 * The immutable terms of a project from what a person wrote, times counted from the latest block.
 * @throws {MandateError} `PlanFileInvalid`, `AssetUnknown`, `AmountInvalid`.
 */
export async function planFrom(session: Session, file: PlanFile, opener: Hex): Promise<Plan> {
  const parsed = planFileSchema.safeParse(file);
  if (!parsed.success) {
    throw new MandateError("PlanFileInvalid", `not a plan: ${z.prettifyError(parsed.error)}`, {
      kind: "input",
      cause: parsed.error,
    });
  }
  const terms = parsed.data;
  const isReviewed = terms.measuredBy === "review";
  if (!isReviewed && terms.scoreDefinition === undefined) {
    throw new MandateError("PlanFileInvalid", "a plan that the heartbeat measures needs a scoreDefinition", {
      kind: "input",
      remedy: 'Name one, or say "measuredBy": "review" for an enclave that its anchor reviews.',
    });
  }
  const reports = isReviewed ? 1 : 2;
  const asset = await assetOf(session, terms.asset);
  const { timestamp } = await session.client.getBlock();
  const after = (seconds: number): number => Number(timestamp) + seconds;
  const idOf = (name: string): Hex => (/^0x[0-9a-fA-F]{64}$/.test(name) ? (name as Hex) : poolId(session, name));
  return {
    version: 1,
    project: zeroHash,
    pool: idOf(terms.pool),
    reclaimTo: idOf(terms.reclaimTo ?? terms.pool),
    asset: asset.address,
    payee: terms.payee,
    opener,
    anchor: terms.anchor,
    team: terms.team === undefined ? zeroHash : stringToHex(terms.team, { size: 32 }),
    oracle: addressOf(session, isReviewed ? "ReviewCalendar" : "HeartbeatOracle"),
    scoreDefinition: terms.scoreDefinition ?? documentHash({ measuredBy: "review" }),
    leaseReports: terms.leaseReports ?? reports,
    initialReports: terms.initialReports ?? reports,
    maxMissing: terms.maxMissing,
    renewalWindow: terms.renewalWindow,
    acceptBy: after(terms.acceptWithin),
    salt: hexOf(randomBytes(32)),
    milestones: terms.milestones.map((milestone) => ({
      amount: amountOf(asset, milestone.amount),
      deadline: after(milestone.deadlineIn),
      challengeWindow: milestone.challengeWindow,
      specification: milestone.specification,
      attestorSet: milestone.attestorSet,
      attestorSetVersion: milestone.attestorSetVersion,
      coSignature: milestone.coSignature,
    })),
  };
}
