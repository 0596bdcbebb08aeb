import type { Hex } from "../../core/hex.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import {
  isCosigning,
  type AgreementMessage,
  type CosigningMessage,
  type MessageOf,
  type OperatorMessage,
} from "../agreement/message.ts";
import { revealHash } from "../observations/reveal.ts";

/** What must never happen, with the invariant that forbids it. */
export type SafetyProblem =
  /** iOP-001: an honest operator made two statements in one slot. */
  | "contradiction"
  /** iOP-002: honest operators signed different reports. */
  | "two-reports"
  /** Two digests were committed by a quorum each. */
  | "two-commit-quorums"
  /** iOP-004: an honest operator signed a report that is not on its disk. */
  | "report-not-kept"
  /** iOP-027: one pair of an honest operator's nonces answered two sessions. */
  | "nonces-reused"
  /** iOP-028: an honest operator gave a share for a report that it did not sign alone, or to fewer than a quorum. */
  | "groundless-share"
  /** iOR-010: what an operator that tells the truth said cost it its seat. */
  | "honest-suspended"
  /** iOR-002: the contract accepted two reports. */
  | "two-accepted"
  /** The accepted report was signed by no honest operator. */
  | "accepted-unsigned";

/** Looks at every statement as it is signed, whoever hears it, and at what the contract accepts. One for each epoch. */
export class SafetyWatch {
  readonly #isHonest: (operator: Hex) => boolean;
  readonly #quorum: number;
  readonly #seats: readonly Hex[];
  readonly #holds: (operator: Hex, digest: Hex) => boolean;
  readonly #report: (problem: SafetyProblem, detail: string) => void;
  readonly #slots = new Map<string, Hex>();
  readonly #commits = new Map<string, Set<Hex>>();
  /** Committed digests, with the view in which they first were. */
  readonly #committed = new Map<Hex, number>();
  readonly #signed = new Set<Hex>();
  /** Sessions that somebody named, by hash. */
  readonly #sessions = new Map<Hex, MessageOf<"session">>();
  readonly #answered: Map<string, Hex>;
  readonly #accepted = new Set<Hex>();

  constructor(terms: {
    /** Whether an operator tells the truth in the epoch. */
    readonly isHonest: (operator: Hex) => boolean;
    /** The quorum by the rule of the protocol, whatever the operators are told. */
    readonly quorum: number;
    /** Who signs in which seat. */
    readonly seats: readonly Hex[];
    /** Sessions that pairs of nonces answered, in all epochs: no pair may answer in two of them either. */
    readonly answered: Map<string, Hex>;
    /** Whether an operator's disk holds a report. */
    readonly holds: (operator: Hex, digest: Hex) => boolean;
    readonly report: (problem: SafetyProblem, detail: string) => void;
  }) {
    this.#isHonest = terms.isHonest;
    this.#quorum = terms.quorum;
    this.#seats = terms.seats;
    this.#answered = terms.answered;
    this.#holds = terms.holds;
    this.#report = terms.report;
  }

  signed(operator: Hex, message: OperatorMessage): void {
    if (isCosigning(message)) this.#cosigned(operator, message);
    else this.#agreed(operator, message);
  }

  #agreed(operator: Hex, message: AgreementMessage): void {
    if (message.kind === "commit") this.#countCommit(operator, message.view, message.digest);
    if (!this.#isHonest(operator)) return;
    const digest = digestOf(message);
    const slot = `${operator} ${message.kind} ${placeOf(message)}`;
    const known = this.#slots.get(slot);
    this.#slots.set(slot, known ?? digest);
    if (known !== undefined && known !== digest) this.#report("contradiction", `${slot}: ${known}, then ${digest}`);
    if (message.kind !== "signature") return;
    if (!this.#holds(operator, digest)) this.#report("report-not-kept", `${operator} signed ${digest}`);
    this.#addNew(this.#signed, digest, "two-reports");
  }

  /** The contract took an operator's seat for what it signed in the epoch. */
  suspended(operator: Hex): void {
    if (this.#isHonest(operator)) this.#report("honest-suspended", operator);
  }

  accepted(digest: Hex): void {
    if (!this.#signed.has(digest)) this.#report("accepted-unsigned", digest);
    this.#addNew(this.#accepted, digest, "two-accepted");
  }

  /** The view in which a quorum first committed a digest. */
  viewOf(digest: Hex): number | undefined {
    return this.#committed.get(digest);
  }

  #cosigned(operator: Hex, message: CosigningMessage): void {
    if (message.kind === "session") this.#sessions.set(documentHash(message), message);
    if (message.kind !== "share" || !this.#isHonest(operator)) return;
    const { session: hash, digest } = message;
    const session = this.#sessions.get(hash);
    const nonces = session?.signers.find(({ seat }) => this.#seats[seat] === operator);
    const isGrounded = session?.digest === digest && session.signers.length >= this.#quorum && nonces !== undefined;
    const own = this.#slots.get(`${operator} signature 0`);
    if (!isGrounded || own !== digest) {
      this.#report("groundless-share", `${operator} in ${hash}: ${digest}, where it signed ${own ?? "nothing"}`);
    }
    if (nonces === undefined) return;
    const pair = `${operator} ${nonces.r1} ${nonces.r2}`;
    const known = this.#answered.get(pair);
    this.#answered.set(pair, known ?? hash);
    if (known !== undefined && known !== hash) this.#report("nonces-reused", `${pair}: ${known}, then ${hash}`);
  }

  #countCommit(operator: Hex, view: number, digest: Hex): void {
    const key = `${view} ${digest}`;
    const operators = this.#commits.get(key) ?? new Set<Hex>();
    this.#commits.set(key, operators.add(operator));
    if (operators.size < this.#quorum || this.#committed.has(digest)) return;
    this.#committed.set(digest, view);
    if (this.#committed.size === 2) this.#report("two-commit-quorums", [...this.#committed.keys()].join(" and "));
  }

  #addNew(digests: Set<Hex>, digest: Hex, problem: SafetyProblem): void {
    if (digests.has(digest)) return;
    digests.add(digest);
    if (digests.size === 2) this.#report(problem, [...digests].join(" and "));
  }
}

function digestOf(message: AgreementMessage): Hex {
  if (message.kind === "commitment") return message.commitment;
  return message.kind === "observation" ? revealHash(message) : message.digest;
}

/** Observations of two closing blocks do not contradict each other: a report includes those of one. */
function placeOf(message: AgreementMessage): Hex | number {
  if (message.kind === "commitment") return message.block;
  if (message.kind === "observation") return message.observation.block.hash;
  return "view" in message ? message.view : 0;
}
