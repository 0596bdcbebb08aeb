import { z } from "zod";
import {
  addressSchema,
  assetSchema,
  blockRefSchema,
  bytes32Schema,
  countSchema,
  integerSchema,
  secondsSchema,
} from "./primitives.ts";

export const branchSchema = z.strictObject({
  branch: countSchema,
  pool: bytes32Schema,
  steward: addressSchema,
  /** Base units moved into the branch's pool at opening. */
  budget: integerSchema,
  strategy: bytes32Schema,
  status: z.enum(["open", "merged", "archived"]),
  /** Votes for it so far. */
  votes: integerSchema,
  /** Base units swept back to the parent pool. */
  swept: integerSchema,
});

export const forkSchema = z.strictObject({
  id: bytes32Schema,
  status: z.enum(["open", "merged", "archived"]),
  parentPool: bytes32Schema,
  asset: assetSchema,
  deadline: secondsSchema,
  anchor: addressSchema,
  /** The merged branch; null unless merged. */
  winner: countSchema.nullable(),
  branches: z.array(branchSchema),
  /** The vote on it; null before it is proposed. */
  proposal: z
    .strictObject({
      id: integerSchema,
      proposer: addressSchema,
      voteStart: secondsSchema,
      voteEnd: secondsSchema,
      executed: z.boolean(),
    })
    .nullable(),
});
export type ForkAnswer = z.infer<typeof forkSchema>;

/** `GET /v1/forks` */
export const forksAnswerSchema = z.strictObject({ at: blockRefSchema, forks: z.array(forkSchema) });
export type ForksAnswer = z.infer<typeof forksAnswerSchema>;
