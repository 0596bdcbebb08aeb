import type { Logger } from "pino";
import { messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import type { CosigningMessage } from "../agreement/message.ts";
import type { ViewSchedule } from "../agreement/view-schedule.ts";
import type { OperatorSet } from "../epochs/oracle-chain.ts";
import type { OperatorMetrics } from "../node/operator-metrics.ts";
import type { CosigningGroup } from "./cosigning-group.ts";
import type { CosigningKey } from "./cosigning-key.ts";
import { cosigningScheduleOf } from "./cosigning-schedule.ts";
import { Cosigning, type CosigningEvent } from "./cosigning.ts";
import type { AggregateSignature } from "./session.ts";
import type { SetKeys } from "./set-keys.ts";

/** What an operator that signs together has for every epoch alike. */
export interface CosignerDependencies {
  readonly key: CosigningKey;
  /** The keys of a set; undefined where it has no sum of keys. */
  readonly readKeys: (set: OperatorSet) => Promise<SetKeys | undefined>;
  /** Where it is not the contract's. */
  readonly group?: CosigningGroup;
}

export interface CosignerInput {
  readonly epoch: number;
  readonly self: Hex;
  readonly set: OperatorSet;
  readonly order: readonly Hex[];
  readonly schedule: ViewSchedule;
  readonly hasSigned: (digest: Hex) => boolean;
  readonly say: (message: CosigningMessage) => void;
  /** What this operator said in the epoch before a restart. */
  readonly said: readonly CosigningMessage[];
  readonly logger: Logger;
  readonly metrics: Pick<OperatorMetrics, "cosigningAttempts" | "badShares">;
}

/** One operator's part in signing one epoch's report together: connects the pure {@link Cosigning} with chain, log and metrics. */
export class Cosigner {
  readonly #dependencies: CosignerDependencies;
  readonly #input: CosignerInput;
  readonly #cosigning: Cosigning;
  #digest: Hex | undefined;
  #keys: SetKeys | "unread" | "reading" | "none" = "unread";
  #chainSeconds = 0;

  constructor(dependencies: CosignerDependencies, input: CosignerInput) {
    this.#dependencies = dependencies;
    this.#input = input;
    this.#cosigning = new Cosigning({
      ...input,
      schedule: cosigningScheduleOf(input.schedule),
      key: dependencies.key,
      group: dependencies.group,
      onEvent: (event) => this.#note(event),
    });
    for (const message of input.said) this.#cosigning.receive(message);
  }

  get aggregate(): AggregateSignature | undefined {
    return this.#cosigning.aggregate;
  }

  /** Whether a common signature may still come. */
  get isHopeful(): boolean {
    const isReading = this.#keys === "unread" || this.#keys === "reading";
    return isReading ? this.#digest !== undefined : this.#cosigning.isHopeful;
  }

  /** This operator has signed the report alone: from now on it signs it with others. */
  begin(digest: Hex, chainSeconds: number): void {
    this.#digest ??= digest;
    this.advanceTo(chainSeconds);
    this.#start();
  }

  receive(message: CosigningMessage): boolean {
    return this.#cosigning.receive(message);
  }

  advanceTo(chainSeconds: number): void {
    this.#chainSeconds = Math.max(this.#chainSeconds, chainSeconds);
    if (this.#keys === "unread") void this.#readKeys();
    this.#cosigning.advanceTo(chainSeconds);
  }

  /** Before there is a report: whoever signs it waits for no reading of the chain. */
  async #readKeys(): Promise<void> {
    const { set, logger } = this.#input;
    this.#keys = "reading";
    try {
      this.#keys = (await this.#dependencies.readKeys(set)) ?? "none";
      if (this.#keys === "none") logger.debug({ configuration: set.configuration }, "the set has no sum of keys");
      this.#start();
    } catch (err) {
      this.#keys = "unread"; // the next look at the chain asks again
      logger.warn({ err }, `the keys of the set cannot be read: ${messageOf(err)}`);
    }
  }

  #start(): void {
    if (this.#digest === undefined || typeof this.#keys === "string") return;
    if (this.#cosigning.begin(this.#digest, this.#keys, this.#chainSeconds)) return;
    const { configuration } = this.#input.set;
    this.#input.logger.warn({ configuration }, "the set has another cosigning key of this operator: it signs alone");
  }

  #note(event: CosigningEvent): void {
    const { logger, metrics } = this.#input;
    switch (event.type) {
      case "refused":
        logger.warn(event, "gives no share in a session");
        return;
      case "bad-share":
        metrics.badShares.inc();
        logger.error(event, "an operator gave a wrong share; it is left out of sessions that this one coordinates");
        return;
      case "attempt-failed":
        metrics.cosigningAttempts.inc({ result: "failed" });
        logger.warn(event, "the operators did not sign together in time");
        return;
      case "finished":
        metrics.cosigningAttempts.inc({ result: "finished" });
        logger.info(event, "the operators signed together");
    }
  }
}
