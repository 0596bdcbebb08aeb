import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import type { Hex } from "../../core/hex.ts";
import type { SignedMessage } from "../agreement/message.ts";
import type { AcceptedReport } from "../epochs/oracle-chain.ts";
import {
  acceptedReportSchema,
  agreedValuesSchema,
  epochRecordSchema,
  toJson,
  type AgreedValues,
  type EpochRecord,
} from "./epoch-record.ts";
import { writeDurably } from "./write-durably.ts";

/** What an operator keeps of each epoch, one directory an epoch, as plain JSON that anyone can check without this program. */
export class EvidenceStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The texts that this operator's values were read from, by hash. */
  saveCaptures(epoch: number, captures: ReadonlyMap<Hex, string>): void {
    this.#save(epoch, "captures", Object.fromEntries(captures));
  }

  /** The report and every leaf: kept before the operator signs, because it signs only what it can prove later. */
  saveRecord(record: EpochRecord): void {
    this.#save(record.report.epoch, "report", record);
  }

  /** The agreed values behind the report, from which a history is made. */
  saveAgreed(epoch: number, agreed: AgreedValues): void {
    this.#save(epoch, "agreed", agreed);
  }

  saveAccepted(accepted: AcceptedReport): void {
    this.#save(accepted.epoch, "accepted", accepted);
  }

  /** All signed messages of the agreement: observations, votes, signatures, and contradictions among them. */
  saveMessages(epoch: number, messages: readonly SignedMessage[]): void {
    this.#save(epoch, "messages", messages);
  }

  record(epoch: number): EpochRecord | undefined {
    return this.#load(epoch, "report", epochRecordSchema);
  }

  accepted(epoch: number): AcceptedReport | undefined {
    return this.#load(epoch, "accepted", acceptedReportSchema);
  }

  /** Undefined where this operator fetched the report's leaves from a peer: then it has not computed them. */
  agreed(epoch: number): AgreedValues | undefined {
    return this.#load(epoch, "agreed", agreedValuesSchema);
  }

  /** Epochs of which something is kept, ascending. */
  epochs(): readonly number[] {
    if (!existsSync(this.#directory)) return [];
    return readdirSync(this.#directory)
      .filter((name) => /^[1-9]\d*$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  }

  #path(epoch: number, name: string): string {
    return join(this.#directory, String(epoch), `${name}.json`);
  }

  #save(epoch: number, name: string, value: unknown): void {
    writeDurably(this.#path(epoch, name), toJson(value));
  }

  #load<Schema extends z.ZodType>(epoch: number, name: string, schema: Schema): z.infer<Schema> | undefined {
    let text: string;
    try {
      text = readFileSync(this.#path(epoch, name), "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
    return schema.parse(JSON.parse(text));
  }
}
