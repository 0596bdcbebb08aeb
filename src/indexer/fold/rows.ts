import type { Hex } from "../../core/hex.ts";

/** Whole numbers inside documents, which JSON cannot hold exactly, as decimal text. */
export type Decimal = string;

export interface PoolRow {
  readonly vault: Hex;
  readonly name: Hex;
  readonly steward: Hex;
  readonly anchor: Hex;
  readonly openedAt: number;
  readonly closedAt: number | null;
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
    /** Set that signed, as `set/version`: the plan's, or a successor of it. */
    readonly attestorSet: string;
    readonly attestors: Decimal;
    readonly payableFrom: number;
    /** EIP-712 digest that the attestors signed: what a co-signature names. */
    readonly digest: Hex;
    readonly transaction: Hex;
  } | null;
  /** Co-signatures, each over the proof with its digest: that of the proof that stands counts, whatever was co-signed after it. */
  readonly coSigned: readonly { readonly by: Hex; readonly digest: Hex; readonly transaction: Hex }[];
  /** What was paid of it so far, in base units. */
  readonly paid: Decimal;
  /** The last payment. */
  readonly payment: { readonly outcome: "paid" | "held" | "claimable"; readonly transaction: Hex } | null;
}

export interface ProjectRow {
  readonly vault: Hex;
  readonly status: "proposed" | "active" | "closed" | "reclaimed" | "cancelled";
  readonly plan: PlanDocument;
  readonly payeeAccepted: boolean;
  readonly anchorAccepted: boolean;
  readonly fundedFrom: Hex | null;
  readonly paidThrough: number;
  readonly lastProvedReport: number;
  readonly score: bigint | null;
  /** The value that waits in quarantine for the next report to confirm it; null where none does. */
  readonly risenTo: bigint | null;
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

/** Limits of autonomy: impact in units of account with 4 decimals, a bit set of scopes, reversibility in percent. */
export interface ConeRow {
  readonly maxImpact: number;
  readonly scopes: number;
  readonly minReversibility: number;
}

export interface TeamRow {
  readonly place: Hex;
  readonly status: "open" | "closed";
  readonly anchor: Hex;
  readonly tier: number;
  readonly cones: readonly ConeRow[];
  readonly path: readonly number[];
  /** Number of paths that it has had. */
  readonly pathVersion: number;
  /** Bits by `ITeams.Trigger`. */
  readonly triggers: number;
  readonly version: number;
  /** Of the last change. */
  readonly reason: Hex;
  readonly openedAt: number;
  readonly closedAt: number | null;
}

/** The last trip of an asset or an oracle. */
export interface TripRow {
  readonly trippedAt: number;
  /** First second after it; null once anchors have reset it. */
  readonly trippedUntil: number | null;
  readonly cause: Hex;
  /** The human who answers for it, or the guardian. */
  readonly anchor: Hex;
  /** Of the last reset; null where there was none. */
  readonly resetAt: number | null;
}

/** What shows why a report tripped its oracle. */
export interface TrippingReport {
  readonly index: number;
  readonly threshold: Decimal;
  readonly nextThreshold: Decimal;
  readonly leafCount: number;
  /** Of the report before it; 0 before the first. */
  readonly leavesBefore: number;
}

export interface ChallengeRow {
  readonly status: "open" | "upheld" | "rejected" | "withdrawn" | "returned";
  readonly project: Hex;
  readonly challenger: Hex;
  readonly report: number;
  readonly epoch: number;
  readonly definition: Hex;
  /** As `IHeartbeatOracle.Outcome` counts them. */
  readonly outcome: number;
  readonly grade: number;
  readonly score: bigint;
  readonly evidence: Hex;
  /** 0 where the plan names none that there is. */
  readonly team: number;
  readonly pathTeam: number;
  readonly pathVersion: number;
  readonly planAnchor: Hex;
  readonly bond: bigint;
  readonly reward: bigint;
  readonly openedAt: number;
  readonly deadline: number;
  /** Who upheld or rejected; null before. */
  readonly ruler: Hex | null;
  readonly reason: Hex | null;
  readonly lowered: boolean;
  readonly credited: bigint;
  readonly forfeited: bigint;
  readonly endedAt: number | null;
}

export interface EscalationRow {
  readonly status: "pending" | "approved" | "rejected" | "withdrawn" | "executed";
  readonly team: number;
  readonly caller: Hex;
  readonly target: Hex;
  readonly selector: Hex;
  /** The whole call. */
  readonly data: Hex;
  readonly task: number;
  /** As `IAuthorityLimits.Boundary` counts them. */
  readonly boundary: number;
  readonly limitValue: bigint;
  readonly actualValue: bigint;
  readonly pathVersion: number;
  readonly recommendation: Hex;
  readonly context: Hex;
  readonly openedAt: number;
  readonly deadline: number;
  /** Who approved or rejected; null before. */
  readonly resolver: Hex | null;
  readonly reason: Hex | null;
  readonly resolvedAt: number | null;
  readonly usableUntil: number | null;
  readonly executedAt: number | null;
  /** How often this very operation was escalated; the row tells of the last time. */
  readonly openings: number;
}

/** Rows of the indexer's tables, without their `id`. Numbers are safe integers, bigints any size. */
export interface Entities {
  readonly contract: { readonly kind: Hex; readonly codeHash: Hex; readonly registeredAt: number };
  readonly asset: { readonly vault: Hex; readonly allowed: boolean };
  /** An asset that tripped at least once. Whether it is tripped or half open is derived when it is read. */
  readonly assetSafety: TripRow & {
    readonly vault: Hex;
    /** Trips so far, modulo 2^18. */
    readonly trips: number;
  };
  /** What anchors ruled last while money of an asset was missing; a share of 0 where a reset ended it. */
  readonly ruling: {
    readonly vault: Hex;
    readonly trip: number;
    readonly share: bigint;
    readonly cause: Hex;
    readonly since: number;
  };
  readonly oracleSafety: TripRow & { readonly report: TrippingReport | null };
  /** Shares with 18 decimals, where 0 is no limit. */
  readonly vaultLimits: {
    readonly outflowShare: bigint;
    readonly reclaimShare: bigint;
    readonly reclaimWindow: number;
    readonly tripSeconds: number;
    readonly enclaveShare: bigint;
    readonly since: number;
  };
  readonly pool: PoolRow;
  readonly project: ProjectRow;
  readonly claim: { readonly amount: bigint };
  readonly attestorSet: {
    readonly threshold: number;
    readonly owner: Hex;
    readonly attestors: readonly Hex[];
    readonly revoked: readonly number[];
    readonly activeFrom: number;
    /** As `set/version`; null where none was named. */
    readonly successor: string | null;
  };
  /** `operators` are names, in seat order. */
  readonly operatorSet: { readonly fromEpoch: number; readonly operators: readonly Hex[] };
  /** A ruleset that was named for epochs of an oracle. Which one they are measured by depends on the oracle's clock. */
  readonly ruleset: {
    readonly oracle: Hex;
    readonly hash: Hex;
    readonly fromEpoch: number;
    readonly anchor: Hex;
    readonly scheduledAt: number;
    readonly block: number;
    readonly logIndex: number;
  };
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
  /** A period that a review calendar began. */
  readonly reviewPeriod: {
    readonly calendar: Hex;
    readonly index: number;
    readonly period: number;
    readonly begunAt: number;
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
    /** Number of enrolments. */
    readonly term: number;
    /** Who may resolve in its place, as long as that one's enrolment is number `substituteTerm`. */
    readonly substitute: Hex | null;
    readonly substituteTerm: number;
  };
  readonly team: TeamRow;
  readonly teamPath: { readonly path: readonly number[] };
  /** What the authority enforces. */
  readonly teamLimits: ConeRow & { readonly anchor: Hex };
  readonly teamMember: {
    readonly team: number;
    readonly account: Hex;
    readonly since: number;
    readonly until: number | null;
  };
  readonly parameter: {
    readonly stricter: "lower" | "higher";
    readonly kernel: boolean;
    readonly cone: boolean;
    readonly minimum: bigint;
    readonly maximum: bigint;
  };
  /** The current value of the office (team 0) or a team. */
  readonly parameterValue: {
    readonly parameter: Hex;
    readonly team: number;
    readonly value: bigint;
    readonly version: number;
    readonly since: number;
    readonly reason: Hex;
  };
  /** The last change of a value that was announced. */
  readonly parameterChange: {
    readonly parameter: Hex;
    readonly team: number;
    readonly status: "pending" | "enacted" | "cancelled";
    readonly value: bigint;
    readonly proposedAt: number;
    readonly enactableFrom: number;
    readonly expiresAt: number;
    /** Teams that consented. */
    readonly consents: readonly number[];
    /** As the constitution counts them: the root office stands for as many as are required. */
    readonly consented: number;
    readonly required: number;
    readonly reason: Hex;
  };
  /** Bounds and rate are units of account with 4 decimals for 1e18 base units. */
  readonly assetRate: {
    readonly minimumRate: bigint;
    readonly maximumRate: bigint;
    readonly rate: bigint | null;
    readonly validUntil: number;
  };
  readonly scope: { readonly name: Hex };
  readonly catalogAction: {
    readonly target: Hex;
    readonly selector: Hex;
    readonly status: "listed" | "retired";
    readonly version: number;
    readonly signature: string;
    /** As `IAuthorityLimits.ImpactKind` counts them. */
    readonly impact: number;
    readonly fixedImpact: number;
    readonly amountWord: number;
    readonly assetWord: number;
    readonly scope: Hex;
    readonly reversibility: number;
    readonly inverseTarget: Hex;
    readonly inverseSelector: Hex;
    readonly reason: Hex;
    readonly since: number;
  };
  readonly capability: {
    readonly version: number;
    readonly actions: readonly { readonly target: Hex; readonly selector: Hex }[];
    readonly reason: Hex;
    readonly since: number;
  };
  readonly challenge: ChallengeRow;
  readonly escalation: EscalationRow;
  readonly task: {
    readonly status: "open" | "completed" | "failed";
    readonly team: number;
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
    /** Units of account with 4 decimals; 0 where it has no cap of its own. */
    readonly cap: number;
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
