import type { Hex } from "../../core/hex.ts";

/** Whole numbers inside documents, which JSON cannot hold exactly, as decimal text. */
export type Decimal = string;

export interface PoolRow {
  readonly vault: Hex;
  readonly name: Hex;
  readonly steward: Hex;
  readonly anchor: Hex;
  readonly openedAt: number;
  readonly balances: Readonly<Record<Hex, Decimal>>;
}

/** The plan as the vault recorded it; numbers of more than 48 bits as decimal text. */
export interface PlanDocument {
  readonly version: number;
  readonly project: Hex;
  readonly pool: Hex;
  readonly reclaimTo: Hex;
  readonly asset: Hex;
  readonly payee: Hex;
  readonly opener: Hex;
  readonly anchor: Hex;
  readonly team: Hex;
  readonly oracle: Hex;
  readonly scoreDefinition: Hex;
  readonly leaseReports: number;
  readonly initialReports: number;
  readonly maxMissing: number;
  readonly renewalWindow: number;
  readonly acceptBy: number;
  readonly salt: Hex;
  readonly milestones: readonly MilestoneTerms[];
}

export interface MilestoneTerms {
  readonly amount: Decimal;
  readonly deadline: number;
  readonly challengeWindow: number;
  readonly specification: Hex;
  readonly attestorSet: Hex;
  readonly attestorSetVersion: number;
  readonly coSignature: boolean;
}

/** Where a milestone stands; its terms are the plan's. */
export interface MilestoneProgress {
  readonly status: "pending" | "proved" | "paid" | "reclaimed";
  readonly proof: {
    readonly evidence: Hex;
    readonly attestors: Decimal;
    readonly payableFrom: number;
    readonly transaction: Hex;
  } | null;
  readonly payment: { readonly outcome: "paid" | "held" | "claimable"; readonly transaction: Hex } | null;
}

export interface ProjectRow {
  readonly vault: Hex;
  readonly status: "proposed" | "active" | "closed" | "reclaimed";
  readonly plan: PlanDocument;
  readonly payeeAccepted: boolean;
  readonly anchorAccepted: boolean;
  readonly fundedFrom: Hex | null;
  readonly paidThrough: number;
  readonly lastProvedReport: number;
  readonly score: bigint | null;
  readonly missing: number;
  readonly milestones: readonly MilestoneProgress[];
  readonly openedAt: number;
}

export interface BranchRow {
  readonly pool: Hex;
  readonly steward: Hex;
  readonly budget: Decimal;
  readonly strategy: Hex;
  readonly swept: Decimal;
}

/** Rows of the indexer's tables, without their `id`. Numbers are safe integers, bigints any size. */
export interface Entities {
  readonly contract: { readonly kind: Hex; readonly codeHash: Hex; readonly registeredAt: number };
  readonly asset: { readonly allowed: boolean };
  readonly pool: PoolRow;
  readonly project: ProjectRow;
  readonly claim: { readonly amount: bigint };
  readonly attestorSet: {
    readonly threshold: number;
    readonly owner: Hex;
    readonly attestors: readonly Hex[];
    readonly revoked: readonly number[];
  };
  readonly operatorSet: { readonly fromEpoch: number; readonly operators: readonly Hex[] };
  readonly report: {
    readonly oracle: Hex;
    readonly index: number;
    readonly epoch: number;
    readonly root: Hex;
    readonly configuration: number;
    readonly threshold: bigint;
    readonly nextThreshold: bigint;
    readonly leafCount: number;
    readonly scored: number;
    readonly surviving: number;
    readonly acceptedAt: number;
    readonly manifest: Hex;
    readonly digest: Hex;
    readonly signers: bigint;
    readonly transactionHash: Hex;
  };
  readonly fork: {
    readonly status: "open" | "merged" | "archived";
    readonly parentPool: Hex;
    readonly asset: Hex;
    readonly deadline: number;
    readonly anchor: Hex;
    readonly winner: number | null;
    readonly branches: readonly BranchRow[];
    readonly proposal: string | null;
    readonly openedAt: number;
  };
  readonly proposal: {
    readonly proposer: Hex;
    readonly voteStart: number;
    readonly voteEnd: number;
    readonly executed: boolean;
    readonly votes: readonly Decimal[];
  };
  readonly member: { readonly seats: bigint };
  readonly anchor: {
    readonly status: "enrolled" | "accepted" | "removed";
    readonly identity: Hex;
    readonly liveUntil: number;
  };
  readonly task: {
    readonly status: "open" | "completed" | "failed";
    readonly opener: Hex;
    readonly anchor: Hex;
    readonly deadline: number;
    readonly purpose: Hex;
    readonly openedAt: number;
    readonly endedAt: number | null;
  };
  readonly taskGrant: {
    readonly task: number;
    readonly grantee: Hex;
    readonly target: Hex;
    readonly selector: Hex;
    readonly notBefore: number;
    readonly notAfter: number;
    readonly uses: number;
    readonly granter: Hex;
    readonly ended: "ended" | "used-up" | null;
  };
}

export type EntityName = keyof Entities;

/** Names a row. */
export interface RowRef<E extends EntityName = EntityName> {
  readonly entity: E;
  readonly id: string;
}

/** A row as it is after an event. Rows are never deleted: what ended stays visible. */
export type Change = {
  readonly [E in EntityName]: { readonly entity: E; readonly id: string; readonly row: Entities[E] };
}[EntityName];

/** What a fold reads. */
export interface Rows {
  /** The row, or undefined where there is none. */
  get<E extends EntityName>(entity: E, id: string): Entities[E] | undefined;
}
