import type { Logger } from "pino";
import type { Hex } from "../../core/hex.ts";
import type { SigningPlace } from "../../core/signing/typed-data.ts";
import type { SignedMessage } from "../agreement/message.ts";
import type { ViewSchedule } from "../agreement/view-schedule.ts";
import type { CosignerDependencies } from "../cosigning/cosigner.ts";
import type { FindDocument } from "../documents/document-directory.ts";
import type { BlockReference, OperatorSet } from "../epochs/oracle-chain.ts";
import type { EvidenceStore } from "../evidence/evidence-store.ts";
import type { MessageJournal } from "../evidence/message-journal.ts";
import type { Ruleset } from "../rulesets/ruleset.ts";
import type { DefinitionLibrary } from "../scoring/definition-library.ts";
import type { EpochFacts } from "../scoring/evaluate-epoch.ts";
import type { Scoring } from "../scoring/scorings.ts";
import type { OperatorSigner } from "../signing/operator-signer.ts";
import type { StatementDatabase } from "../signing/statement-database.ts";
import type { EpochWindow } from "../sources/reading.ts";
import type { ReadSource } from "../sources/read-source.ts";
import type { DoubleSigning } from "../suspension/double-signing.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";
import type { OperatorMetrics } from "./operator-metrics.ts";

/** What an operator needs for every epoch alike. Keys, disk, sources and peers are ports, so that a simulation can bring its own. */
export interface RoundDependencies {
  readonly place: SigningPlace;
  readonly signer: OperatorSigner;
  readonly statements: Pick<StatementDatabase, "claim" | "statements">;
  readonly evidence: Pick<EvidenceStore, "head" | "saveAgreed" | "saveOpening" | "saveCaptures" | "saveRecord"> & {
    openJournal(
      epoch: number,
      onFailure: (error: Error) => void,
    ): Pick<MessageJournal, "messages" | "append" | "marked" | "mark" | "close">;
  };
  readonly library: Pick<DefinitionLibrary, "known" | "load">;
  readonly findDocument: FindDocument;
  readonly readSource: ReadSource;
  /** 32 bytes that nobody can guess. */
  readonly drawSalt: () => Hex;
  readonly keccak: KeccakHasher;
  readonly logger: Logger;
  readonly metrics: OperatorMetrics;
  /** Sends messages to all peers; does not wait for them. */
  readonly publish: (epoch: number, messages: readonly SignedMessage[]) => void;
  /** Keeps evidence, and brings it before the contract from a chain time on. */
  readonly onDoubleSigning: (evidence: DoubleSigning, dueSeconds: number) => void;
  /** Undefined where the operator has no key for signing together. */
  readonly cosigner?: CosignerDependencies | undefined;
}

/** What was read on the chain when the epoch had closed. */
export interface RoundInput {
  readonly window: EpochWindow;
  readonly block: BlockReference;
  readonly set: OperatorSet;
  readonly schedule: ViewSchedule;
  readonly ruleset: Ruleset;
  /** That the ruleset names. */
  readonly scoring: Scoring;
  readonly facts: EpochFacts;
}
