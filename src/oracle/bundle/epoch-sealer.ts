import type { LocalAccount } from "viem";
import type { Logger } from "pino";
import { messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import type { SigningPlace } from "../../core/signing/typed-data.ts";
import { closedEpoch, epochWindow, type EpochCalendar } from "../epochs/epoch-clock.ts";
import type { AcceptedReport, OracleChain, OraclePosition } from "../epochs/oracle-chain.ts";
import type { EvidenceStore } from "../evidence/evidence-store.ts";
import type { DefinitionLibrary } from "../scoring/definition-library.ts";
import { inSlices } from "../steps/steps.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";
import { writeBundleDirectory } from "./bundle-directory.ts";
import { bundleDigest } from "./bundle.ts";
import { sealBundle } from "./bundle-seal.ts";
import { composeBundle } from "./compose-bundle.ts";
import { pruneEvidence } from "./prune-evidence.ts";

/** Accepted reports for which the leaves of one that was missed are waited for: peers serve them meanwhile. */
const EPOCHS_WAITED = 3;

export interface EpochSealerOptions {
  readonly chain: Pick<OracleChain, "acceptedReport">;
  readonly calendar: EpochCalendar;
  readonly place: SigningPlace;
  /** The operator's signing key. */
  readonly account: LocalAccount;
  readonly evidence: EvidenceStore;
  readonly library: Pick<DefinitionLibrary, "document">;
  readonly keccak: KeccakHasher;
  /** Takes the operator's secrets out of a text. */
  readonly redact: (text: string) => string;
  readonly keepEpochs: number | undefined;
  readonly logger: Logger;
}

/**
 * Seals the evidence of each epoch in which this operator took part, once, when nothing more can be accepted for it. A seal that was
 * served is on the disk and is never made again, so that one operator shows one digest of an epoch.
 */
export class EpochSealer {
  readonly #options: EpochSealerOptions;
  /** Epochs to this one have been looked through. */
  #sweptThrough = 0;
  readonly #unsealed = new Set<number>();
  /** What failed is tried again when another epoch is over. */
  readonly #failed = new Set<number>();

  constructor(options: EpochSealerOptions) {
    this.#options = options;
  }

  /** Seals what is over. Evidence that cannot be sealed keeps nobody from reporting. */
  async settle({ chainSeconds, lastEpoch }: Pick<OraclePosition, "chainSeconds" | "lastEpoch">): Promise<void> {
    const { calendar, evidence, logger, keepEpochs } = this.#options;
    const closed = closedEpoch(calendar, chainSeconds);
    const { endSeconds } = epochWindow(calendar, closed);
    const over = chainSeconds >= endSeconds + calendar.reportDeadlineSeconds ? closed : closed - 1;
    const isSweep = over > this.#sweptThrough;
    if (isSweep) this.#sweep(over);
    for (const epoch of this.#unsealed) {
      try {
        if (await this.#seal(epoch, lastEpoch)) this.#unsealed.delete(epoch);
      } catch (err) {
        this.#unsealed.delete(epoch);
        this.#failed.add(epoch);
        logger.error({ err, epoch }, `the evidence cannot be sealed: ${messageOf(err)}`);
      }
    }
    if (isSweep && keepEpochs !== undefined) pruneEvidence(evidence, { lastEpoch: over, keepEpochs });
  }

  /** Finds what a process before this one left unsealed, and what is over since the last sweep. */
  #sweep(over: number): void {
    const { evidence } = this.#options;
    for (const epoch of this.#failed) this.#unsealed.add(epoch);
    this.#failed.clear();
    for (const epoch of evidence.epochs()) {
      const isNew = epoch > this.#sweptThrough && epoch <= over;
      if (isNew && evidence.hasOpened(epoch) && !evidence.isSealed(epoch)) this.#unsealed.add(epoch);
    }
    this.#sweptThrough = over;
  }

  /** Whether it is sealed; not yet where leaves of an accepted report are still looked for. */
  async #seal(epoch: number, lastEpoch: number): Promise<boolean> {
    const { chain, place, account, evidence, library, keccak, redact, logger } = this.#options;
    const opening = evidence.opening(epoch);
    if (opening === undefined) return true;
    const accepted = lastEpoch < epoch ? undefined : await chain.acceptedReport(epoch);
    if (accepted === undefined && lastEpoch === epoch) return false; // the endpoint's logs are behind its state
    const [head, leaves] = [evidence.head(epoch), evidence.leaves(epoch)];
    const record = head === undefined || leaves === undefined ? undefined : { ...head, leaves };
    if (isAwaited(accepted, record?.digest) && lastEpoch <= epoch + EPOCHS_WAITED) return false;
    const operator: Hex = `0x${account.address.slice(2).toLowerCase()}`;
    const captures = [...evidence.captures(epoch)].filter(([hash, text]) => {
      const isClean = redact(text) === text;
      if (!isClean)
        logger.error({ epoch, capture: hash }, "a capture has a secret in it and is left out of the bundle");
      return isClean;
    });
    const held = {
      ...{ place, operator, opening, record, accepted, captures: new Map(captures) },
      messages: evidence.messages(epoch),
      document: (hash: Hex) => library.document(hash),
    };
    const { text, bundle, parts } = await inSlices(composeBundle(held, keccak));
    const digest = bundleDigest(text);
    const seal = await sealBundle(account, bundle, digest);
    await writeBundleDirectory(evidence.bundlePath(epoch), { text, seal, parts });
    evidence.dropSealed(epoch);
    logger.info({ epoch, bundle: digest, parts: parts.size, report: bundle.report !== null }, "the evidence is sealed");
    return true;
  }
}

function isAwaited(accepted: AcceptedReport | undefined, held: Hex | undefined): boolean {
  return accepted !== undefined && accepted.digest !== held;
}
