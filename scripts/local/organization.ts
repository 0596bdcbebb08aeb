import { readFileSync } from "node:fs";
import { z } from "zod";
import { addressSchema, bytes32Schema, bytesSchema } from "../../src/core/api/primitives.ts";

/** What the founding of the example organization made, kept beside the chain that it is on. */
export const organizationSchema = z.strictObject({
  pool: bytes32Schema,
  attestorSet: bytes32Schema,
  /** Numbers of the teams by their id, such as "finance". */
  teams: z.record(z.string(), z.number().int().positive()),
  /** The contract wallet that is one of the attestors. */
  wallet: addressSchema,
  /** Signers as ERC-7913 bytes: an account, a contract, a P-256 key. */
  signers: z.strictObject({ account: bytesSchema, contract: bytesSchema, p256: bytesSchema }),
});

export type Organization = z.infer<typeof organizationSchema>;

export function loadOrganization(path: string): Organization {
  return organizationSchema.parse(JSON.parse(readFileSync(path, "utf8")));
}
