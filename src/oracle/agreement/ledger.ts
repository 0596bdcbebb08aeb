import type { Hex } from "../../core/hex.ts";
import type { AgreementMessage, Inclusion, MessageOf } from "./message.ts";
import { ObservationLedger } from "./observation-ledger.ts";

/** Two statements of one operator that exclude each other: evidence against it. */
export interface Conflict {
  readonly operator: Hex;
  readonly kind: AgreementMessage["kind"];
  readonly first: Hex;
  readonly second: Hex;
}

/** `known`: nothing new. `surplus`: beyond the slots that a member has, so that nobody can make others store without bound. */
export type Recorded =
  | { readonly status: "new" }
  | { readonly status: "known" | "surplus" }
  | { readonly status: "conflict"; readonly conflict: Conflict };

/** A quorum that prepared one digest in one view. */
export interface Certificate {
  readonly view: number;
  readonly digest: Hex;
}

/** All statements of an epoch, one slot per member, kind and view; the first one counts. */
export class Ledger {
  readonly observations = new ObservationLedger();
  readonly #proposals = new Map<number, MessageOf<"proposal">>();
  readonly #prepares = new Map<number, Map<Hex, Hex>>();
  readonly #commits = new Map<number, Map<Hex, Hex>>();
  readonly #signatures = new Map<Hex, { digest: Hex; signature: Hex }>();

  record(message: AgreementMessage): Recorded {
    switch (message.kind) {
      case "commitment":
        return this.observations.recordCommitment(message);
      case "observation":
        return this.observations.recordReveal(message);
      case "proposal": {
        const known = this.#proposals.get(message.view);
        if (known === undefined) {
          this.#proposals.set(message.view, message);
          return { status: "new" };
        }
        return compare(message, known.digest, message.digest);
      }
      case "prepare":
        return recordVote(this.#prepares, message);
      case "commit":
        return recordVote(this.#commits, message);
      case "signature": {
        const known = this.#signatures.get(message.operator);
        if (known === undefined) {
          this.#signatures.set(message.operator, { digest: message.digest, signature: message.signature });
          return { status: "new" };
        }
        return compare(message, known.digest, message.digest);
      }
    }
  }

  proposal(view: number): MessageOf<"proposal"> | undefined {
    return this.#proposals.get(view);
  }

  proposals(): Iterable<MessageOf<"proposal">> {
    return this.#proposals.values();
  }

  /** What `operator` prepared or committed in `view`. */
  vote(kind: "prepare" | "commit", view: number, operator: Hex): Hex | undefined {
    return (kind === "prepare" ? this.#prepares : this.#commits).get(view)?.get(operator);
  }

  /**
   * The certificate of the highest view: a quorum of prepares that is held, or one that `self` once saw, which its own commit
   * says. After a restart the commit is still there and the prepares may not be.
   */
  highestCertificate(quorum: number, self: Hex): Certificate | undefined {
    let highest: Certificate | undefined;
    const consider = (view: number, digest: Hex | undefined): void => {
      if (digest !== undefined && (highest === undefined || view > highest.view)) highest = { view, digest };
    };
    for (const [view, votes] of this.#prepares) consider(view, agreedBy(votes.values(), quorum));
    for (const [view, votes] of this.#commits) consider(view, votes.get(self));
    return highest;
  }

  /** The digest that a quorum prepared in this view. */
  preparedIn(view: number, quorum: number): Hex | undefined {
    return agreedBy((this.#prepares.get(view) ?? new Map<Hex, Hex>()).values(), quorum);
  }

  /** The digest that a quorum committed in one view, or that so many operators signed that one of them is honest. */
  decidedDigest(quorum: number, faults: number): Hex | undefined {
    for (const votes of this.#commits.values()) {
      const digest = agreedBy(votes.values(), quorum);
      if (digest !== undefined) return digest;
    }
    return agreedBy(
      [...this.#signatures.values()].map((each) => each.digest),
      faults + 1,
    );
  }

  /** Signatures of `digest` by operator. */
  signaturesOf(digest: Hex): ReadonlyMap<Hex, Hex> {
    return new Map(
      [...this.#signatures].flatMap(([operator, each]) =>
        each.digest === digest ? [[operator, each.signature] as const] : [],
      ),
    );
  }

  /** The highest view in which `operator` said anything. */
  highestViewOf(operator: Hex): number {
    let highest = 0;
    for (const votes of [this.#prepares, this.#commits]) {
      for (const [view, each] of votes) if (each.has(operator)) highest = Math.max(highest, view);
    }
    for (const [view, each] of this.#proposals) if (each.operator === operator) highest = Math.max(highest, view);
    return highest;
  }
}

/** Identity of an inclusion set's content. */
export function inclusionKey(inclusion: Inclusion): string {
  return inclusion.map((each) => `${each.operator}${each.observation}`).join();
}

function recordVote(votes: Map<number, Map<Hex, Hex>>, message: MessageOf<"prepare"> | MessageOf<"commit">): Recorded {
  const inView = votes.get(message.view) ?? new Map<Hex, Hex>();
  votes.set(message.view, inView);
  const known = inView.get(message.operator);
  if (known !== undefined) return compare(message, known, message.digest);
  inView.set(message.operator, message.digest);
  return { status: "new" };
}

function compare(message: AgreementMessage, first: Hex, second: Hex): Recorded {
  if (first === second) return { status: "known" };
  return { status: "conflict", conflict: { operator: message.operator, kind: message.kind, first, second } };
}

/** The one digest that at least `quorum` of `digests` name. Two cannot both, as quorums are majorities or a single decision. */
function agreedBy(digests: Iterable<Hex>, quorum: number): Hex | undefined {
  const counts = new Map<Hex, number>();
  for (const digest of digests) {
    const count = (counts.get(digest) ?? 0) + 1;
    if (count >= quorum) return digest;
    counts.set(digest, count);
  }
  return undefined;
}
