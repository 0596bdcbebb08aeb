import { readFileSync } from "node:fs";
import type { LocalAccount } from "viem";
import { z } from "zod";
import type { Plan } from "../../chain/plan/newest-plan.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import type { Session } from "../../sdk/session.ts";
import { signerOf } from "../chain/signer.ts";

/** A side's part of an agreement: a signature is taken as it is, an account signs here, and nothing means that it calls itself. */
export async function agreed(
  session: Session,
  party: string | undefined,
  sign: (account: LocalAccount) => Promise<Hex>,
): Promise<Hex> {
  if (party === undefined) return "0x";
  if (/^0x([0-9a-fA-F]{2}){65,}$/.test(party)) return party as Hex;
  return sign(signerOf(party, session.deployment.chainId));
}

const bytes32 = z.templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]{64}$/)]);
const address = z.templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]{40}$/)]);
const count = z.number().int().min(0);
/** Base units of the plan's asset, as decimal text: JSON has no whole numbers of this size. */
const amount = z
  .string()
  .regex(/^\d{1,39}$/)
  .transform(BigInt);

const wholePlanSchema = z.strictObject({
  version: count,
  project: bytes32,
  pool: bytes32,
  reclaimTo: bytes32,
  asset: address,
  payee: address,
  opener: address,
  anchor: address,
  team: bytes32,
  oracle: address,
  scoreDefinition: bytes32,
  leaseReports: count,
  initialReports: count,
  maxMissing: count,
  renewalWindow: count,
  acceptBy: count,
  salt: bytes32,
  milestones: z.array(
    z.strictObject({
      amount,
      deadline: count,
      challengeWindow: count,
      specification: bytes32,
      attestorSet: bytes32,
      attestorSetVersion: count,
      coSignature: z.boolean(),
    }),
  ),
});

/**
 * A whole plan as `mandate project plan` writes it, so that all sides sign the very same one.
 * @throws {MandateError} `PlanFileInvalid`.
 */
export function readWholePlan(path: string): Plan {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new MandateError("PlanFileInvalid", `cannot read the plan ${path} as JSON`, {
      kind: "input",
      data: { path },
      cause,
    });
  }
  const parsed = wholePlanSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new MandateError("PlanFileInvalid", `not a whole plan: ${z.prettifyError(parsed.error)}`, {
    kind: "input",
    cause: parsed.error,
  });
}
