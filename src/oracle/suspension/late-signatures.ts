import type { Logger } from "pino";
import { messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { EVIDENCE_EPOCHS } from "../../org/quorum.ts";
import type { SignedMessage } from "../agreement/message.ts";
import { proposerOrder } from "../agreement/proposer-order.ts";
import { epochScheduleOf } from "../agreement/view-schedule.ts";
import { closedEpoch, type EpochCalendar } from "../epochs/epoch-clock.ts";
import type { OperatorSet } from "../epochs/oracle-chain.ts";
import type { EvidenceStore } from "../evidence/evidence-store.ts";
import type { OperatorMetrics } from "../node/operator-metrics.ts";
import type { PeerClient } from "../peers/peer-client.ts";
import type { OperatorSigner } from "../signing/operator-signer.ts";
import { accusationOf, type DoubleSigning } from "./double-signing.ts";

/** Signatures of one operator that are kept of an epoch: two are evidence. */
const KEPT = 2;

export interface LateSignaturesOptions {
  readonly signer: Pick<OperatorSigner, "operator" | "isAuthentic">;
  readonly evidence: Pick<EvidenceStore, "terms" | "signatures" | "saveSignatures">;
  readonly calendar: EpochCalendar;
  readonly peers: readonly Pick<PeerClient, "url" | "messages">[];
  readonly metrics: Pick<OperatorMetrics, "rejectedMessages">;
  /** Keeps evidence, and brings it before the contract from a chain time on. */
  readonly onDoubleSigning: (evidence: DoubleSigning, dueSeconds: number) => void;
  readonly logger: Logger;
}

/** What an operator holds of an epoch whose round it has closed. */
interface ClosedEpoch {
  readonly configurationDigest: Hex;
  readonly set: OperatorSet;
  readonly order: readonly Hex[];
  readonly stageSeconds: number;
  readonly signatures: SignedMessage[];
}

/**
 * Signatures of reports whose epoch is over. Whoever signed two may show the second one late, or each to other operators: as long as the contract takes two
 * as evidence, what comes is held against what is on the disk, is kept there and served, and peers are asked for theirs once an epoch.
 */
export class LateSignatures {
  readonly #options: LateSignaturesOptions;
  readonly #closed = new Map<number, ClosedEpoch>();
  readonly #gathering = new Set<string>();
  #chainSeconds = 0;

  constructor(options: LateSignaturesOptions) {
    this.#options = options;
  }

  /** Tells the time of the chain. */
  advanceTo(chainSeconds: number): void {
    this.#chainSeconds = Math.max(this.#chainSeconds, chainSeconds);
    for (const epoch of this.#closed.keys()) if (!this.#isEvidence(epoch)) this.#closed.delete(epoch);
  }

  /** What was held of an epoch is read again from the disk: its round has begun or was closed. */
  forget(epoch: number): void {
    this.#closed.delete(epoch);
  }

  /** Signatures that are held of an epoch that is over. */
  messages(epoch: number): readonly SignedMessage[] {
    return this.#of(epoch)?.signatures ?? [];
  }

  /** Takes signatures of an epoch that is over; each is believed only by its sender's key. All else is dropped. */
  async take(epoch: number, messages: readonly SignedMessage[]): Promise<void> {
    for (const signed of messages) {
      if (signed.message.kind !== "signature" || signed.message.epoch !== epoch) continue;
      const closed = this.#of(epoch);
      if (closed === undefined) return; // it took no part in it
      if (!isWanted(closed, signed)) continue;
      if (!(await this.#options.signer.isAuthentic(closed.configurationDigest, signed))) {
        this.#options.metrics.rejectedMessages.inc();
        continue;
      }
      if (isWanted(closed, signed)) this.#keep(epoch, closed, signed); // it may have come twice at the same time
    }
  }

  /** Asks every peer for what it holds of the epochs before this one, one epoch after the other; does not wait for it. */
  gather(epoch: number): void {
    for (const peer of this.#options.peers) {
      if (this.#gathering.has(peer.url)) continue;
      this.#gathering.add(peer.url);
      void this.#gatherFrom(peer, epoch)
        .catch((err: unknown) => this.#options.logger.error({ err, peer: peer.url }, messageOf(err)))
        .finally(() => this.#gathering.delete(peer.url));
    }
  }

  async #gatherFrom(peer: Pick<PeerClient, "messages">, before: number): Promise<void> {
    for (let epoch = Math.max(before - EVIDENCE_EPOCHS, 1); epoch < before; epoch += 1) {
      if (this.#of(epoch) === undefined) continue;
      const answer = await peer.messages(epoch);
      if (answer.ok) await this.take(epoch, answer.value);
      else if (answer.reason === "unreachable") return;
    }
  }

  /** By the bounds of `HeartbeatOracle.suspend`: the running epoch is no more than {@link EVIDENCE_EPOCHS} later. */
  #isEvidence(epoch: number): boolean {
    const closed = closedEpoch(this.#options.calendar, this.#chainSeconds);
    return epoch <= closed && closed + 1 - epoch <= EVIDENCE_EPOCHS;
  }

  /** Undefined where two reports of the epoch are no evidence any more, or nothing is on the disk that they could be judged by. */
  #of(epoch: number): ClosedEpoch | undefined {
    if (!this.#isEvidence(epoch)) return undefined;
    const known = this.#closed.get(epoch);
    if (known !== undefined) return known;
    const { evidence, logger } = this.#options;
    try {
      const terms = evidence.terms(epoch);
      if (terms === undefined) return undefined;
      const { window, reportDeadlineSeconds, ruleset, set, facts } = terms;
      const { configurationDigest } = facts;
      const { stageSeconds } = epochScheduleOf({
        ...{ endSeconds: window.endSeconds, settlement: ruleset.settlement, reportDeadlineSeconds, set },
      });
      const order = proposerOrder(configurationDigest, epoch, set.operators);
      const closed = { configurationDigest, set, order, stageSeconds, signatures: [...evidence.signatures(epoch)] };
      this.#closed.set(epoch, closed);
      return closed;
    } catch (err) {
      logger.error({ err, epoch }, `what is on the disk of this epoch cannot be read: ${messageOf(err)}`);
      return undefined;
    }
  }

  /** What cannot be written is not held either, so that it counts when it comes again. */
  #keep(epoch: number, closed: ClosedEpoch, signed: SignedMessage): void {
    const { signer, evidence, onDoubleSigning, logger } = this.#options;
    const { set, order, stageSeconds, signatures } = closed;
    const accusation = accusationOf(signatures, signed, { self: signer.operator, order, set });
    try {
      if (accusation !== undefined)
        onDoubleSigning(accusation.evidence, this.#chainSeconds + accusation.turn * stageSeconds);
      evidence.saveSignatures(epoch, [...signatures, signed]);
      signatures.push(signed);
    } catch (err) {
      logger.error({ err, epoch }, `a signature is not kept as evidence: ${messageOf(err)}`);
    }
  }
}

/** Whether a signature is another one than those of its operator that are held, and there are not two. */
function isWanted({ set, signatures }: ClosedEpoch, { message }: SignedMessage): boolean {
  if (message.kind !== "signature" || !set.operators.includes(message.operator)) return false;
  const digests = signatures.flatMap(({ message: held }) =>
    held.kind === "signature" && held.operator === message.operator ? [held.digest] : [],
  );
  return digests.length < KEPT && !digests.includes(message.digest);
}
