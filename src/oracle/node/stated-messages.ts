import { z } from "zod";
import { agreementMessageSchema, type AgreementMessage } from "../agreement/message.ts";
import { observationSchema, type Observation } from "../observations/observation.ts";
import { wordSchema } from "../hex-schema.ts";
import type { Hex } from "../../core/hex.ts";
import type { Statement } from "../signing/statement-database.ts";

/** What this operator committed to, and opens later: kept with the statement, so that a restart opens the same. */
export interface CommittedObservation {
  readonly observation: Observation;
  readonly salt: Hex;
  /** How many other closing blocks it had committed to in the epoch before. */
  readonly view: number;
}

const secretSchema = z.strictObject({
  message: agreementMessageSchema,
  observation: observationSchema,
  salt: wordSchema,
});

export interface StatedMessages {
  /** What was said, and can be said again; of a commitment and an observation only what is about this closing block. */
  readonly messages: readonly AgreementMessage[];
  readonly committed: CommittedObservation | undefined;
  /** Closing blocks that the operator observed in the epoch, this one or others. */
  readonly observed: number;
}

/**
 * What an operator said in an epoch, from its signing database. What was imported, or said by former rules, cannot be said again: it only keeps its
 * slot.
 */
export function statedMessages(
  statements: readonly Statement[],
  isAboutThis: (observation: Observation) => boolean,
): StatedMessages {
  const messages: AgreementMessage[] = [];
  let committed: CommittedObservation | undefined;
  let observed = 0;
  for (const { kind, view, content } of statements) {
    if (kind === "commitment" || kind === "observation") observed = Math.max(observed, view + 1);
    if (kind === "commitment") {
      const secret = secretSchema.safeParse(content);
      if (!secret.success || !isAboutThis(secret.data.observation)) continue;
      const { message, observation, salt } = secret.data;
      messages.push(message);
      committed = { observation, salt, view };
    } else if (kind !== "report") {
      const message = agreementMessageSchema.safeParse(content);
      if (!message.success) continue;
      if (message.data.kind === "observation" && !isAboutThis(message.data.observation)) continue;
      messages.push(message.data);
    }
  }
  return { messages, committed, observed };
}
