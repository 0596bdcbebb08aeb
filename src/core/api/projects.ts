import { z } from "zod";
import { eventSchema } from "./events.ts";
import {
  addressSchema,
  assetSchema,
  blockRefSchema,
  bytes32Schema,
  bytesSchema,
  countSchema,
  integerSchema,
  secondsSchema,
} from "./primitives.ts";

/**
 * Who proves a milestone: `threshold` of these seats, which revocation never lowers. The set that signed, once it is proved;
 * before, the plan's, or the first of its successors where its live members no longer reach the threshold.
 */
export const attestorSetSchema = z.strictObject({
  id: bytes32Schema,
  version: countSchema,
  threshold: countSchema,
  owner: addressSchema,
  /** Signers as ERC-7913 bytes, in seat order. */
  seats: z.array(z.strictObject({ seat: countSchema, signer: bytesSchema, revoked: z.boolean() })),
});
export type AttestorSetAnswer = z.infer<typeof attestorSetSchema>;

export const milestoneSchema = z.strictObject({
  index: countSchema,
  status: z.enum(["pending", "proved", "paid", "reclaimed"]),
  /** Base units of the project's asset. */
  amount: integerSchema,
  deadline: secondsSchema,
  challengeWindowSeconds: countSchema,
  specification: bytes32Schema,
  coSignature: z.boolean(),
  attestorSet: attestorSetSchema.nullable(),
  /** What was proved; null while nothing is. */
  proof: z
    .strictObject({
      evidence: bytes32Schema,
      /** Seats that signed. */
      seats: z.array(countSchema),
      payableFrom: secondsSchema,
      transaction: bytes32Schema,
    })
    .nullable(),
  /**
   * Who co-signed the payment of what is proved; null where nobody did. A payment that needs one (the plan asks for it, or the
   * asset or the oracle is tripped or stale) waits for it.
   */
  coSigned: z.strictObject({ by: addressSchema, transaction: bytes32Schema }).nullable(),
  /** Base units that were paid of it so far; after a part it is pending with the rest. */
  paid: integerSchema,
  /** How it, or its last part, was paid; null before. `claimable`: the push failed, and the amount waits as the payee's claim. */
  payment: z.strictObject({ outcome: z.enum(["paid", "held", "claimable"]), transaction: bytes32Schema }).nullable(),
});
export type MilestoneAnswer = z.infer<typeof milestoneSchema>;

export const leaseSchema = z.strictObject({
  /** Last report that the project's proofs pay for; of an enclave, the last review period that its reviews do. */
  paidThrough: countSchema,
  /** Latest accepted report of the project's oracle; of an enclave, the latest review period that was begun. */
  latest: countSchema,
  running: z.boolean(),
  reason: z.enum(["paid", "renewal-window", "renewal-window-over", "report-missed"]),
  /** First second without a lease, where that is decided already: within or after the renewal window. */
  until: secondsSchema.nullable(),
  /** 1e18 = 1; null before the first score. */
  score: integerSchema.nullable(),
  /** A score that rose suddenly: it renewed for one report, and is stored once the next report confirms it. Null where none waits for that. */
  risenTo: integerSchema.nullable(),
  /** Reports in a row that renewed on "missing", and how many may. */
  missing: countSchema,
  maxMissing: countSchema,
  leaseReports: countSchema,
  renewalWindowSeconds: countSchema,
});
export type LeaseAnswer = z.infer<typeof leaseSchema>;

export const projectSchema = z.strictObject({
  id: bytes32Schema,
  vault: addressSchema,
  /** `expired`: not funded before `acceptBy`, derived on read. */
  status: z.enum(["proposed", "active", "closed", "reclaimed", "expired", "cancelled"]),
  planVersion: countSchema,
  asset: assetSchema,
  payee: addressSchema,
  opener: addressSchema,
  anchor: addressSchema,
  team: bytes32Schema,
  oracle: addressSchema,
  /** What keeps it alive: proofs from the oracle's reports, or its anchor's review in each period, which makes it an enclave. */
  measuredBy: z.enum(["heartbeat", "review"]),
  scoreDefinition: bytes32Schema,
  pool: bytes32Schema,
  reclaimTo: bytes32Schema,
  acceptBy: secondsSchema,
  payeeAccepted: z.boolean(),
  anchorAccepted: z.boolean(),
  /** Base units: sum of all milestones, and where it is now. A part that was paid counts as paid, the rest where its milestone stands. */
  total: integerSchema,
  committed: integerSchema,
  proved: integerSchema,
  paid: integerSchema,
  reclaimed: integerSchema,
  /** Null before the project is funded. */
  lease: leaseSchema.nullable(),
  milestones: z.array(milestoneSchema),
  openedAt: secondsSchema,
});
export type ProjectAnswer = z.infer<typeof projectSchema>;

/** `GET /v1/projects` */
export const projectsAnswerSchema = z.strictObject({ at: blockRefSchema, projects: z.array(projectSchema) });
export type ProjectsAnswer = z.infer<typeof projectsAnswerSchema>;

/** `GET /v1/projects/:id` */
export const projectAnswerSchema = z.strictObject({
  at: blockRefSchema,
  project: projectSchema,
  /** The whole plan in the version that runs; events tell the ones before. */
  plan: z.record(z.string(), z.json()),
  /** Everything that happened to it, oldest first. */
  events: z.array(eventSchema),
});
export type ProjectDetailAnswer = z.infer<typeof projectAnswerSchema>;
