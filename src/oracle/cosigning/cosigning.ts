import type { OperatorKey } from "../../chain/signature/aggregate-signature.ts";
import type { Hex } from "../../core/hex.ts";
import { COSIGNING_ATTEMPTS, type CosigningMessage, type MessageOf } from "../agreement/message.ts";
import type { OperatorSet } from "../epochs/oracle-chain.ts";
import { attemptAfter, type CosigningSchedule } from "./cosigning-schedule.ts";
import { contractGroup, type CosigningGroup } from "./cosigning-group.ts";
import { NoncePair } from "./nonce-pair.ts";
import { Session, type AggregateSignature, type SessionProblem } from "./session.ts";
import type { SetKeys } from "./set-keys.ts";

/** Why this operator gives no share in a session. */
export type ShareRefusal = SessionProblem | "foreign-digest" | "not-signed-alone" | "foreign-nonces" | "nonces-spent";

export type CosigningEvent =
  | { readonly type: "refused"; readonly attempt: number; readonly coordinator: Hex; readonly reason: ShareRefusal }
  | { readonly type: "bad-share"; readonly attempt: number; readonly operator: Hex }
  | { readonly type: "attempt-failed"; readonly attempt: number }
  | { readonly type: "finished"; readonly attempt: number; readonly signers: bigint };

export interface CosigningContext {
  readonly epoch: number;
  readonly self: Hex;
  readonly set: OperatorSet;
  /** Who coordinates attempt k: `order[k mod n]`. */
  readonly order: readonly Hex[];
  readonly schedule: CosigningSchedule;
  /** This operator's cosigning key. */
  readonly key: { readonly secret: bigint; readonly point: OperatorKey };
  /** Where it is not the contract's. */
  readonly group?: CosigningGroup | undefined;
  /** Whether the signing database holds this digest as the report that this operator signed for the epoch. */
  readonly hasSigned: (digest: Hex) => boolean;
  /** Sends a message to everybody. Must not wait, nor call back. */
  readonly say: (message: CosigningMessage) => void;
  readonly onEvent: (event: CosigningEvent) => void;
}

interface Attempt {
  /** First message of each operator; later ones are not kept. */
  readonly nonces: Map<Hex, MessageOf<"nonces">>;
  readonly shares: Map<Hex, MessageOf<"share">>;
  description: MessageOf<"session"> | undefined;
  /** Undefined until its description was looked at, null where that names no session. */
  session: Session | null | undefined;
  /** Shares that were verified, by seat, and seats whose share is wrong. */
  readonly verified: Map<number, Hex>;
  readonly wrong: Set<number>;
  /** This operator's nonces while they have answered nothing. */
  pair: NoncePair | undefined;
}

interface Running {
  readonly digest: Hex;
  readonly keys: SetKeys;
  readonly first: number;
  readonly startedAt: number;
}

/**
 * Operators sign together, once each has signed the report alone. No clock, no network: messages are authenticated before they come here.
 *
 *   nonces(attempt) ── all, or after a wait a quorum ─▶ session(attempt) ── each of its signers ─▶ share ── all ─▶ aggregate
 *
 * Nothing here is waited for by the agreement or needed for a report: an attempt fails where one of its signers is silent, and the next one
 * has another coordinator and fresh nonces. What must never happen is that one pair of nonces answers two challenges: a pair is taken out
 * of its attempt, in one step without waiting, before its share is computed; it is in memory only, so that after a restart there is none.
 */
export class Cosigning {
  readonly #context: CosigningContext;
  readonly #group: CosigningGroup;
  readonly #attempts: readonly Attempt[];
  /** Operators that gave a wrong share, or named what is no session. */
  readonly #blamed = new Set<Hex>();
  #running: Running | undefined;
  #chainSeconds = 0;
  #failed = 0;
  #aggregate: AggregateSignature | undefined;

  constructor(context: CosigningContext) {
    this.#context = context;
    this.#group = context.group ?? contractGroup;
    this.#attempts = Array.from({ length: COSIGNING_ATTEMPTS }, () => ({
      nonces: new Map(),
      shares: new Map(),
      description: undefined,
      session: undefined,
      verified: new Map(),
      wrong: new Set(),
      pair: undefined,
    }));
  }

  /** What all of a session's signers signed together. */
  get aggregate(): AggregateSignature | undefined {
    return this.#aggregate;
  }

  /** Operators that are left out of what this operator coordinates. */
  get blamed(): ReadonlySet<Hex> {
    return this.#blamed;
  }

  /**
   * Whether the signature may still come in this attempt: it is the first one or has just begun, a quorum has offered nonces, or a session is
   * named.
   */
  get isHopeful(): boolean {
    if (this.#running === undefined || this.#aggregate !== undefined) return false;
    const at = this.#current(this.#running);
    if (at === undefined) return false;
    if (at.index === this.#running.first || at.elapsed < this.#wait) return true;
    const isNamed = this.#attempts[at.index]?.session instanceof Session;
    return isNamed || this.#offers(this.#running, at.index).size >= this.#context.set.quorum;
  }

  /**
   * Begins when this operator has signed the report with this digest alone. Where others are further, it joins their attempt: of so many one
   * is honest.
   * @returns Whether this operator can take part: its key stands at its seat in the set's table.
   */
  begin(digest: Hex, keys: SetKeys, chainSeconds: number): boolean {
    const { set, self, key } = this.#context;
    const own = keys.keys[set.seats.indexOf(self)];
    if (own?.x !== key.point.x || own.y !== key.point.y) return false;
    this.#chainSeconds = Math.max(this.#chainSeconds, chainSeconds);
    const first = this.#attempts.findLastIndex(({ nonces }) => nonces.size > set.faults);
    this.#running ??= { digest, keys, first: Math.max(first, 0), startedAt: this.#chainSeconds };
    this.#failed = Math.max(this.#failed, this.#running.first);
    this.#advance();
    return true;
  }

  /** Tells the time of the chain, which never runs back here. */
  advanceTo(chainSeconds: number): void {
    this.#chainSeconds = Math.max(this.#chainSeconds, chainSeconds);
    this.#advance();
  }

  /** Takes an authenticated message, a peer's or an earlier one of this operator. Whether it is worth keeping and relaying. */
  receive(message: CosigningMessage): boolean {
    const attempt = this.#attempts[message.attempt];
    if (attempt === undefined || message.epoch !== this.#context.epoch) return false;
    if (!this.#context.set.operators.includes(message.operator)) return false;
    if (message.kind === "session") {
      if (attempt.description !== undefined || this.#coordinator(message.attempt) !== message.operator) return false;
      attempt.description = message;
    } else {
      const slots: Map<Hex, CosigningMessage> = message.kind === "nonces" ? attempt.nonces : attempt.shares;
      if (slots.has(message.operator)) return false;
      slots.set(message.operator, message);
    }
    this.#advance();
    return true;
  }

  get #wait(): number {
    return this.#context.schedule.waitSeconds;
  }

  #coordinator(attempt: number): Hex | undefined {
    const { order } = this.#context;
    return order[attempt % order.length];
  }

  #current({ first, startedAt }: Running): { readonly index: number; readonly elapsed: number } | undefined {
    const elapsed = this.#chainSeconds - startedAt;
    const { schedule } = this.#context;
    const index = attemptAfter(schedule, first, elapsed);
    return index === undefined ? undefined : { index, elapsed: elapsed % schedule.attemptSeconds };
  }

  #advance(): void {
    const running = this.#running;
    if (running === undefined || this.#aggregate !== undefined) return;
    const at = this.#current(running);
    this.#countFailures(at?.index ?? COSIGNING_ATTEMPTS);
    if (at !== undefined) {
      this.#offer(running, at.index);
      this.#coordinate(running, at.index, at.elapsed >= this.#wait);
    }
    for (const [index, attempt] of this.#attempts.entries()) {
      this.#open(running, index, attempt);
      this.#collect(index, attempt);
    }
  }

  #countFailures(through: number): void {
    for (; this.#failed < through; this.#failed += 1) {
      this.#context.onEvent({ type: "attempt-failed", attempt: this.#failed });
    }
  }

  /** Offers fresh nonces, unless this operator did in this attempt, be it before a restart. */
  #offer({ digest }: Running, index: number): void {
    const { self, epoch, say } = this.#context;
    const attempt = this.#attempts[index];
    if (attempt === undefined || attempt.nonces.has(self)) return;
    const pair = new NoncePair(this.#group);
    const message = { kind: "nonces", epoch, operator: self, digest, attempt: index, ...pair.points } as const;
    attempt.pair = pair;
    attempt.nonces.set(self, message);
    say(message);
  }

  /** Nonces that a session can be made of. */
  #offers({ digest }: Running, index: number): ReadonlyMap<Hex, MessageOf<"nonces">> {
    const attempt = this.#attempts[index];
    const offered = [...(attempt?.nonces ?? [])].filter(
      ([operator, message]) =>
        message.digest === digest &&
        !this.#blamed.has(operator) &&
        (operator !== this.#context.self || attempt?.pair !== undefined) &&
        this.#group.parse(message.r1) !== undefined &&
        this.#group.parse(message.r2) !== undefined,
    );
    return new Map(offered);
  }

  #coordinate(running: Running, index: number, hasWaited: boolean): void {
    const { self, epoch, set, say } = this.#context;
    const attempt = this.#attempts[index];
    if (attempt === undefined || attempt.description !== undefined || this.#coordinator(index) !== self) return;
    const offers = this.#offers(running, index);
    if (offers.size < set.quorum) return;
    if (!hasWaited && offers.size < set.operators.length - this.#blamed.size) return;
    const silent = this.#silentBefore(index);
    const reliable = new Map([...offers].filter(([operator]) => !silent.has(operator)));
    const named = reliable.size >= set.quorum ? reliable : offers;
    const signers = set.seats.flatMap((operator, seat) => {
      const nonces = named.get(operator);
      return nonces === undefined ? [] : [{ seat, r1: nonces.r1, r2: nonces.r2 }];
    });
    const { digest } = running;
    const description: MessageOf<"session"> = {
      kind: "session",
      epoch,
      operator: self,
      digest,
      attempt: index,
      signers,
    };
    if (!Session.open(description, set, running.keys, this.#group).ok) return; // keys of just these cancel each other out
    attempt.description = description;
    say(description);
  }

  /** Operators that an earlier session named and that gave no share in it. */
  #silentBefore(index: number): ReadonlySet<Hex> {
    const silent = new Set<Hex>();
    for (const { session, verified } of this.#attempts.slice(0, index)) {
      for (const seat of session?.seats ?? []) {
        const operator = this.#context.set.seats[seat];
        if (operator !== undefined && !verified.has(seat)) silent.add(operator);
      }
    }
    return silent;
  }

  /** Looks at a description once, and gives a share where everything in it is as it must be. */
  #open(running: Running, index: number, attempt: Attempt): void {
    const { description } = attempt;
    if (description === undefined || attempt.session !== undefined) return;
    const { set, self, key, onEvent, say } = this.#context;
    const { operator: coordinator, digest } = description;
    const refuse = (reason: ShareRefusal): void => onEvent({ type: "refused", attempt: index, coordinator, reason });
    const opened: ReturnType<typeof Session.open> | undefined =
      digest === running.digest ? Session.open(description, set, running.keys, this.#group) : undefined;
    if (!opened?.ok) {
      attempt.session = null;
      this.#blamed.add(coordinator); // it signed a description that nobody honest makes
      refuse(opened === undefined ? "foreign-digest" : opened.problem);
      return;
    }
    const { session } = opened;
    attempt.session = session;
    const seat = set.seats.indexOf(self);
    if (!session.seats.includes(seat)) return;
    const refusal = this.#refusal(attempt, description, seat);
    if (refusal !== undefined) {
      refuse(refusal);
      return;
    }
    const { pair } = attempt;
    attempt.pair = undefined; // before anything else is done with it
    if (pair === undefined) return;
    const share = session.share(pair, key.secret);
    const { epoch } = description;
    const message = {
      kind: "share",
      epoch,
      operator: self,
      digest,
      attempt: index,
      session: session.hash,
      share,
    } as const;
    attempt.shares.set(self, message);
    say(message);
  }

  /**
   * What others offered need not be what is named for them: whoever names something else spoils the attempt and no more, because
   * everybody's nonces are bound by the challenge.
   */
  #refusal({ pair }: Attempt, { digest, signers }: MessageOf<"session">, seat: number): ShareRefusal | undefined {
    if (!this.#context.hasSigned(digest)) return "not-signed-alone";
    if (pair === undefined) return "nonces-spent";
    const named = signers.find((each) => each.seat === seat);
    return named?.r1 === pair.points.r1 && named.r2 === pair.points.r2 ? undefined : "foreign-nonces";
  }

  #collect(index: number, { session, shares, verified, wrong }: Attempt): void {
    if (session === undefined || session === null || this.#aggregate !== undefined) return;
    const { set, onEvent } = this.#context;
    for (const seat of session.seats) {
      const operator = set.seats[seat];
      const message = operator === undefined ? undefined : shares.get(operator);
      if (operator === undefined || message?.session !== session.hash) continue;
      if (verified.has(seat) || wrong.has(seat)) continue;
      if (session.isShareOf(seat, message.share)) {
        verified.set(seat, message.share);
        continue;
      }
      wrong.add(seat);
      this.#blamed.add(operator);
      onEvent({ type: "bad-share", attempt: index, operator });
    }
    if (verified.size < session.seats.length) return;
    this.#aggregate = session.combine([...verified.values()]);
    if (this.#aggregate === undefined) return;
    for (const attempt of this.#attempts) attempt.pair = undefined;
    onEvent({ type: "finished", attempt: index, signers: session.signers });
  }
}
