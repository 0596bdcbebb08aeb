import type { Logger } from "pino";
import { messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { closedEpoch } from "../epochs/epoch-clock.ts";
import type { BlockReference, NamedRuleset, OracleChain, OraclePosition } from "../epochs/oracle-chain.ts";
import type { OperatorMetrics } from "../node/operator-metrics.ts";
import { findRuleset, type FollowedRuleset, type FoundRuleset, type RulesetMeans } from "./find-ruleset.ts";

/** Greater than every epoch: its ruleset is the one that was named last. */
export const LAST_EPOCH = 2 ** 32 - 1;

/** Chain time between looks at what runs and what is scheduled, within an epoch. */
const LOOK_SECONDS = 600;

/** A ruleset that the chain names, and what keeps this operator from following it; without a hash where it names none. */
export interface RulesetStatus {
  readonly hash: Hex | null;
  readonly fromEpoch: number | null;
  readonly problem: string | null;
}

/** Rulesets of now and of later, as an operator shows them. */
export interface RulesetsStatus {
  readonly running: RulesetStatus | null;
  readonly scheduled: RulesetStatus | null;
}

export interface RulesetWatchOptions {
  readonly chain: Pick<OracleChain, "ruleset">;
  readonly means: RulesetMeans;
  readonly metrics: Pick<OperatorMetrics, "rulesetProblem">;
  readonly logger: Logger;
}

/**
 * By which rules an operator takes part: those that the chain names for an epoch, or it does not take part. It looks ahead as well, so that
 * whoever runs it learns in time what it will not be able to follow, and has the document before it is needed.
 */
export class RulesetWatch {
  readonly #options: RulesetWatchOptions;
  #status: RulesetsStatus = { running: null, scheduled: null };
  #lookedAt: { readonly epoch: number; readonly seconds: number } | undefined;
  /** What was said of an epoch that is due. */
  #said = "";
  /** Whose document peers are asked for. */
  #asking: Hex | undefined;
  /** Whose document no peer had. */
  #askedInVain: Hex | undefined;

  constructor(options: RulesetWatchOptions) {
    this.#options = options;
  }

  get status(): RulesetsStatus {
    return this.#status;
  }

  /** The ruleset of an epoch that is due; undefined where this operator cannot follow it, which it says once. */
  async of(epoch: number, at: BlockReference): Promise<FollowedRuleset | undefined> {
    const { chain, means, metrics, logger } = this.#options;
    const named = await chain.ruleset(epoch, at);
    const found = await findRuleset(named, { ...means, findDocument: () => Promise.resolve(undefined) });
    if (!found.ok && found.reason === "document-missing" && named !== undefined) {
      const isFirst = this.#askedInVain !== named.hash;
      this.#askPeers(named.hash);
      if (isFirst) return undefined; // it may be here at the next look
    }
    metrics.rulesetProblem.set({ of: "due" }, found.ok ? 0 : 1);
    if (found.ok) return found.followed;
    const saying = `${epoch} ${found.reason}`;
    if (this.#said !== saying) logger.error({ epoch, ...found }, `takes no part in epoch ${epoch}: ${found.detail}`);
    this.#said = saying;
    return undefined;
  }

  /** Asks for a document beside everything else: peers that do not answer must not hold up what is to be sent. */
  #askPeers(hash: Hex): void {
    if (this.#asking !== undefined) return;
    const { means, logger } = this.#options;
    this.#asking = hash;
    means.documents
      .find(hash, means.findDocument)
      .then((found) => (this.#askedInVain = found === undefined ? hash : undefined))
      .catch((err: unknown) => logger.error({ err, hash }, messageOf(err)))
      .finally(() => (this.#asking = undefined));
  }

  /** Looks at the rulesets of the running epoch and of later ones, once an epoch, and again where epochs are long. */
  async look({ block, chainSeconds }: Pick<OraclePosition, "block" | "chainSeconds">): Promise<void> {
    const { chain, means, metrics, logger } = this.#options;
    const running = closedEpoch(means.calendar, chainSeconds) + 1;
    const last = this.#lookedAt;
    if (last?.epoch === running && chainSeconds < last.seconds + LOOK_SECONDS) return;
    const [now, newest] = await Promise.all([chain.ruleset(running, block), chain.ruleset(LAST_EPOCH, block)]);
    const later = newest !== undefined && newest.fromEpoch > running ? newest : undefined;
    const ofNow = await findRuleset(now, means);
    const ofLater = later && (await findRuleset(later, means));
    metrics.rulesetProblem.set({ of: "running" }, ofNow.ok ? 0 : 1);
    metrics.rulesetProblem.set({ of: "scheduled" }, ofLater === undefined || ofLater.ok ? 0 : 1);
    if (!ofNow.ok) {
      logger.error({ epoch: running, ...ofNow }, `will take no part in epoch ${running}: ${ofNow.detail}`);
    }
    if (later !== undefined && ofLater?.ok === false) {
      const { fromEpoch } = later;
      logger.warn({ fromEpoch, ...ofLater }, `will take no part from epoch ${fromEpoch} on: ${ofLater.detail}`);
    }
    this.#status = { running: statusOf(now, ofNow), scheduled: later && ofLater ? statusOf(later, ofLater) : null };
    this.#lookedAt = { epoch: running, seconds: chainSeconds };
  }
}

function statusOf(named: NamedRuleset | undefined, found: FoundRuleset): RulesetStatus {
  return {
    ...(named ?? { hash: null, fromEpoch: null }),
    problem: found.ok ? null : `${found.detail}. ${found.remedy}`,
  };
}
