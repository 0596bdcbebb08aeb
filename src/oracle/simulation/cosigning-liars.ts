import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { COSIGNING_ATTEMPTS, type CosigningMessage, type MessageOf } from "../agreement/message.ts";
import type { CosigningGroup } from "../cosigning/cosigning-group.ts";
import type { CosigningKey } from "../cosigning/cosigning-key.ts";
import { NoncePair } from "../cosigning/nonce-pair.ts";
import { Session } from "../cosigning/session.ts";
import type { SetKeys } from "../cosigning/set-keys.ts";
import type { OperatorSet } from "../epochs/oracle-chain.ts";
import type { EpochFaults } from "./faults.ts";

export interface CosigningLiarsTerms {
  readonly epoch: number;
  readonly faults: EpochFaults;
  readonly set: OperatorSet;
  readonly order: readonly Hex[];
  readonly group: CosigningGroup;
  readonly keyOf: (operator: Hex) => CosigningKey;
  readonly setKeys: SetKeys;
  readonly tell: (message: CosigningMessage, audience: readonly Hex[]) => void;
}

type Nonces = MessageOf<"nonces">;
type Description = MessageOf<"session">;

/** What liars do where others sign together: they offer nonces, and then coordinate and answer as their tactic is. */
export class CosigningLiars {
  readonly #terms: CosigningLiarsTerms;
  /** By attempt and report, what everybody offered; of liars what they showed first. */
  readonly #offers = new Map<string, Map<Hex, Nonces>>();
  readonly #pairs = new Map<Nonces, NoncePair>();
  readonly #named = new Set<string>();
  readonly #answered = new Set<Hex>();

  constructor(terms: CosigningLiarsTerms) {
    this.#terms = terms;
  }

  /** Hears what an honest operator said. */
  hear(message: CosigningMessage): void {
    const { faults } = this.#terms;
    if (faults.liars.length === 0 || faults.tactic === "silence") return;
    if (message.kind === "nonces") this.#offer(message);
    if (message.kind === "session") this.#answer(message);
  }

  get #everybody(): readonly Hex[] {
    const [first, second] = this.#terms.faults.camps;
    return [...first, ...second];
  }

  /** Whatever an honest operator offers for, liars offer for, and coordinate where it is their turn. */
  #offer(message: Nonces): void {
    const { faults, group, set, order } = this.#terms;
    const { attempt, digest } = message;
    const key = `${attempt} ${digest}`;
    const offers = this.#offers.get(key) ?? new Map<Hex, Nonces>();
    this.#offers.set(key, offers.set(message.operator, message));
    for (const liar of faults.liars) {
      if (offers.has(liar)) continue;
      const pair = new NoncePair(group);
      const offer = { ...message, operator: liar, ...pair.points };
      this.#pairs.set(offer, pair);
      offers.set(liar, offer);
      this.#terms.tell(offer, this.#everybody);
    }
    const coordinator = order[attempt % order.length];
    const isTheirs = coordinator !== undefined && faults.liars.includes(coordinator);
    if (!isTheirs || offers.size < set.quorum || this.#named.has(key)) return;
    this.#named.add(key);
    this.#coordinate(coordinator, message, offers);
  }

  #coordinate(coordinator: Hex, { epoch, attempt, digest }: Nonces, offers: ReadonlyMap<Hex, Nonces>): void {
    const { faults, set, tell } = this.#terms;
    const [first, second] = faults.camps;
    const signers = set.seats.flatMap((operator, seat) => {
      const nonces = offers.get(operator);
      return nonces === undefined ? [] : [{ seat, r1: nonces.r1, r2: nonces.r2 }];
    });
    const truth: Description = { kind: "session", epoch, operator: coordinator, digest, attempt, signers };
    if (faults.tactic === "copying" || faults.tactic === "withholding") {
      tell(truth, this.#everybody);
      this.#answer(truth);
    } else if (faults.tactic === "equivocation") {
      // The same nonces of everybody honest in two sessions: each camp hears first of its own, then of the other.
      const other = {
        ...truth,
        signers: signers.map((each) => (this.#isLiar(each.seat) ? { ...each, r1: each.r2 } : each)),
      };
      for (const [camp, description] of [
        [first, truth],
        [second, other],
        [first, other],
        [second, truth],
      ] as const) {
        tell(description, camp);
      }
    } else {
      tell(this.#nonsense(truth), this.#everybody);
    }
  }

  #isLiar(seat: number): boolean {
    const operator = this.#terms.set.seats[seat];
    return operator !== undefined && this.#terms.faults.liars.includes(operator);
  }

  /** A description that is no session, or that names what nobody offered. */
  #nonsense(truth: Description): Description {
    const { signers, attempt } = truth;
    switch (attempt % COSIGNING_ATTEMPTS) {
      case 0:
        return { ...truth, signers: signers.slice(0, this.#terms.set.quorum - 1) };
      case 1:
        return { ...truth, signers: [...signers].reverse() };
      case 2:
        return { ...truth, digest: documentHash("nonsense") };
      default:
        return { ...truth, signers: signers.map((each) => ({ ...each, r1: each.r2 })) };
    }
  }

  /** Who is named gives a share where it withholds nothing: a right one, or one that is wrong. */
  #answer(description: Description): void {
    const { faults, group, set, setKeys, keyOf, tell } = this.#terms;
    const hash = documentHash(description);
    if (faults.tactic === "withholding" || this.#answered.has(hash)) return;
    this.#answered.add(hash);
    const opened = Session.open(description, set, setKeys, group);
    if (!opened.ok) return;
    const { session } = opened;
    const { epoch, attempt, digest } = description;
    const offers = this.#offers.get(`${attempt} ${digest}`);
    for (const seat of session.seats) {
      const operator = set.seats[seat];
      const offer = operator === undefined ? undefined : offers?.get(operator);
      const pair = offer === undefined ? undefined : this.#pairs.get(offer);
      if (operator === undefined || offer === undefined || pair === undefined) continue;
      this.#pairs.delete(offer);
      const right = session.share(pair, keyOf(operator).secret);
      const share = faults.tactic === "copying" ? right : documentHash(["wrong share", operator, right]);
      tell({ kind: "share", epoch, operator, digest, attempt, session: hash, share }, this.#everybody);
    }
  }
}
