import type { Hex } from "../../core/hex.ts";

/** Whole numbers of any size as decimal text: rows are kept as JSON. */
export type Decimal = string;

/** A milestone that is not settled yet. */
export interface OpenMilestone {
  readonly amount: Decimal;
  /** What was paid of it in parts. */
  readonly paid: Decimal;
  readonly deadline: number;
  readonly status: "pending" | "proved" | "settled";
  /** First second in which a proved one can be paid, and the last before which it can be overturned. */
  readonly payableFrom: number;
  readonly provedAt: number;
  /** Whether the plan asks for a co-signature. */
  readonly coSignature: boolean;
  /** Digest of the proof; null where nothing is proved. */
  readonly proof: Hex | null;
  /** Digests of the proofs that anchors co-signed; the one that stands need not be among them. */
  readonly coSigned: readonly Hex[];
}

/**
 * What may wait for somebody, by kind and id. Times are seconds on the chain's clock, addresses in lower case. What has
 * ended has no row: nothing can wait for anybody there.
 */
export interface Entities {
  readonly anchor: {
    readonly status: "proposed" | "accepted";
    /** 0 before acceptance. */
    readonly liveUntil: number;
    /** Enrolment, acceptance or last check-in. */
    readonly since: number;
    readonly substitute: Hex | null;
  };
  readonly task: {
    readonly anchor: Hex;
    readonly deadline: number;
    readonly openedAt: number;
    /** 0 where it serves no team. */
    readonly team: number;
  };
  readonly grant: {
    readonly task: number;
    readonly grantee: Hex;
    readonly target: Hex;
    readonly selector: Hex;
    readonly notBefore: number;
    readonly notAfter: number;
  };
  readonly project: {
    readonly vault: Hex;
    readonly status: "proposed" | "active" | "reclaimed" | "cancelled";
    readonly asset: Hex;
    readonly payee: Hex;
    readonly opener: Hex;
    readonly anchor: Hex;
    /** Place of the team that delivers; zero where none is named. */
    readonly team: Hex;
    readonly oracle: Hex;
    readonly renewalWindow: number;
    readonly acceptBy: number;
    readonly openedAt: number;
    readonly payeeAccepted: boolean;
    readonly anchorAccepted: boolean;
    readonly paidThrough: number;
    readonly milestones: readonly OpenMilestone[];
  };
  /** Money that could not be pushed to its payee. */
  readonly claim: {
    readonly vault: Hex;
    readonly payee: Hex;
    readonly asset: Hex;
    readonly amount: Decimal;
    readonly since: number;
    readonly anchor: Hex;
  };
  /** The latest report of an oracle, and the end of its last trip: 0 where it never tripped, the reset where it was reset. */
  readonly oracle: {
    readonly report: number;
    readonly acceptedAt: number;
    readonly trippedUntil: number;
    /** It is a calendar, by whose periods people review enclaves. */
    readonly reviewed?: true;
  };
  /** The trip of an asset or an oracle that nobody has reset, by its address. An oracle's is over by itself. */
  readonly trip: {
    readonly kind: "asset" | "oracle";
    readonly trippedAt: number;
    readonly until: number;
    readonly cause: Hex;
    /** The human who answers for it, or the guardian. */
    readonly anchor: Hex;
  };
  /** Who may trip assets and oracles. */
  readonly guardian: { readonly since: number };
  readonly team: {
    readonly place: Hex;
    readonly anchor: Hex;
    readonly open: boolean;
    /** Every path that the team has had, the present one last: an escalation keeps the one of its opening. */
    readonly paths: readonly (readonly number[])[];
    /** Absent where it has none. */
    readonly members?: readonly Hex[];
  };
  /** Pending or approved. */
  readonly escalation: {
    readonly status: "pending" | "approved";
    readonly team: number;
    readonly caller: Hex;
    readonly target: Hex;
    readonly selector: Hex;
    readonly task: number;
    /** As `IAuthorityLimits.Boundary` counts them. */
    readonly boundary: number;
    readonly limit: Decimal;
    readonly actual: Decimal;
    readonly openedAt: number;
    readonly deadline: number;
    readonly pathVersion: number;
    /** 0 while pending. */
    readonly approvedAt: number;
    readonly usableUntil: number;
    readonly resolver: Hex | null;
  };
  /** Of a score: open, or lapsed with its bond not returned. */
  readonly challenge: {
    readonly project: Hex;
    readonly challenger: Hex;
    readonly epoch: number;
    /** 0 where the plan names none that there is. */
    readonly team: number;
    /** Whose path is climbed: the team's, or the root's. */
    readonly pathTeam: number;
    readonly pathVersion: number;
    readonly planAnchor: Hex;
    readonly openedAt: number;
    readonly deadline: number;
  };
  /** A value of the constitution that waits, by parameter and team (0: the office's own). */
  readonly change: {
    readonly parameter: Hex;
    readonly team: number;
    readonly value: Decimal;
    readonly proposedAt: number;
    readonly enactableFrom: number;
    readonly expiresAt: number;
    readonly required: number;
    /** As the contract counts them: the root office's counts as all that are required. */
    readonly consents: number;
    readonly consentedBy: readonly number[];
    /** Number of the newest team that has a say: those opened later have none. */
    readonly electorate: number;
    readonly by: Hex;
  };
  /** Something that people hear of once it happened, though nothing can be done about it in time. */
  readonly happening: {
    readonly event: string;
    readonly at: number;
    readonly title: string;
    readonly text: string;
    readonly addresses: readonly Hex[];
    readonly teams: readonly number[];
  };
}

export type EntityName = keyof Entities;

/** A row as it is after an event; null where it has ended. */
export type Change = {
  readonly [E in EntityName]: { readonly entity: E; readonly id: string; readonly row: Entities[E] | null };
}[EntityName];

/** What folds and rules read. */
export interface State {
  get<E extends EntityName>(entity: E, id: string): Entities[E] | undefined;
  all<E extends EntityName>(entity: E): Iterable<readonly [id: string, row: Entities[E]]>;
}
