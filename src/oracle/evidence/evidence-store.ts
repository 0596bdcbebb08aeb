import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Hex } from "../../core/hex.ts";
import type { Leaf } from "../../core/merkle/leaf.ts";
import type { SignedMessage } from "../agreement/message.ts";
import type { AcceptedReport } from "../epochs/oracle-chain.ts";
import { parseProjects, projectFilePieces } from "../epochs/project-file.ts";
import { leafFilePieces, parseLeaves } from "../tree/leaf-file.ts";
import { packLeaves, PackedLeaves } from "../tree/packed-leaves.ts";
import {
  epochOpeningSchema,
  openingWithoutProjectsSchema,
  type EpochOpening,
  type EpochTerms,
} from "./epoch-opening.ts";
import {
  acceptedReportSchema,
  agreedValuesSchema,
  epochHeadSchema,
  epochRecordSchema,
  toJson,
  type AgreedValues,
  type EpochHead,
  type EpochRecord,
} from "./epoch-record.ts";
import { MessageJournal, parseJournal } from "./message-journal.ts";
import { writeDurably } from "./write-durably.ts";

/** Leaves stand in it where a release wrote it that had no file of leaves. */
const reportSchema = z.union([epochRecordSchema, epochHeadSchema]);
/** Projects stand in it where a release wrote it that had no file of projects. */
const openingSchema = z.union([epochOpeningSchema, openingWithoutProjectsSchema]);
const capturesSchema = z.record(z.string(), z.string());

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

  /**
   * The report and every leaf: kept before the operator signs, because it signs only what it can prove later. The leaves are written
   * first, under the name of their root, so that a crash never leaves a report beside the leaves of another.
   */
  saveRecord({ digest, report, manifest, leaves }: EpochHead & { readonly leaves: Iterable<Leaf> }): void {
    const name = leavesName(report.root);
    const packed = leaves instanceof PackedLeaves ? leaves : packLeaves(leaves);
    writeDurably(join(this.#epochPath(report.epoch), name), leafFilePieces(packed));
    this.#save(report.epoch, "report", { digest, report, manifest });
    this.#dropOthers(report.epoch, "leaves-", name);
  }

  /** The agreed values behind the report, from which a history is made. */
  saveAgreed(epoch: number, agreed: AgreedValues): void {
    this.#save(epoch, "agreed", agreed);
  }

  saveAccepted(accepted: AcceptedReport): void {
    this.#save(accepted.epoch, "accepted", accepted);
  }

  /** The projects are written first, under the hash of the block that they were read after, so that a crash never leaves those of another. */
  saveOpening(opening: EpochOpening): void {
    const { window, block } = opening;
    const { projects, ...facts } = opening.facts;
    const name = projectsName(block.hash);
    writeDurably(join(this.#epochPath(window.epoch), name), projectFilePieces(projects));
    this.#save(window.epoch, "opening", { ...opening, facts });
    this.#dropOthers(window.epoch, "projects-", name);
  }

  /** All signed messages of the agreement: observations, votes, signatures, and contradictions among them. */
  openJournal(epoch: number, onFailure: (error: Error) => void): MessageJournal {
    return new MessageJournal(this.#journalPath(epoch), onFailure);
  }

  /** @throws {MandateError} `ProjectsMalformed` where the file of projects is damaged. */
  opening(epoch: number): EpochOpening | undefined {
    const kept = this.#load(epoch, "opening", openingSchema);
    if (kept === undefined) return undefined;
    if ("projects" in kept.facts) return { ...kept, facts: kept.facts };
    const bytes = bytesIfThere(join(this.#epochPath(epoch), projectsName(kept.block.hash)));
    return bytes === undefined ? undefined : { ...kept, facts: { ...kept.facts, projects: parseProjects(bytes) } };
  }

  /** The opening without its projects, of which there can be many. */
  terms(epoch: number): EpochTerms | undefined {
    return this.#load(epoch, "opening", openingSchema);
  }

  messages(epoch: number): readonly SignedMessage[] {
    return parseJournal(readIfThere(this.#journalPath(epoch)) ?? "");
  }

  /** Signatures of reports that came in the epoch or after it; also when the epoch is sealed. */
  signatures(epoch: number): readonly SignedMessage[] {
    const texts = [this.#journalPath(epoch), this.#signaturesPath(epoch)].map((path) => readIfThere(path) ?? "");
    const lines = texts.join("\n").split("\n");
    const signed = parseJournal(lines.filter((line) => line.includes('"kind":"signature"')).join("\n")); // most lines are others, and long
    const signatures = signed.filter(({ message }) => message.kind === "signature");
    return [...new Map(signatures.map((each) => [each.envelope, each])).values()];
  }

  saveSignatures(epoch: number, signatures: readonly SignedMessage[]): void {
    writeDurably(this.#signaturesPath(epoch), signatures.map((each) => `${JSON.stringify(each)}\n`).join(""));
  }

  captures(epoch: number): ReadonlyMap<string, string> {
    return new Map(Object.entries(this.#load(epoch, "captures", capturesSchema) ?? {}));
  }

  /** With every leaf as an object: {@link head} and {@link leaves} do with a tenth of the memory. */
  record(epoch: number): EpochRecord | undefined {
    const head = this.head(epoch);
    const leaves = this.leaves(epoch);
    return head === undefined || leaves === undefined ? undefined : { ...head, leaves: [...leaves] };
  }

  /** The record without its leaves. */
  head(epoch: number): EpochHead | undefined {
    const kept = this.#load(epoch, "report", reportSchema);
    if (kept === undefined) return undefined;
    const { digest, report, manifest } = kept;
    return { digest, report, manifest };
  }

  /** @throws {MandateError} `LeavesMalformed` where the file is damaged. */
  leaves(epoch: number): PackedLeaves | undefined {
    const kept = this.#load(epoch, "report", reportSchema);
    if (kept === undefined) return undefined;
    if ("leaves" in kept) return packLeaves(kept.leaves, kept.leaves.length);
    const bytes = bytesIfThere(join(this.#epochPath(epoch), leavesName(kept.report.root)));
    return bytes === undefined ? undefined : parseLeaves(bytes);
  }

  accepted(epoch: number): AcceptedReport | undefined {
    return this.#load(epoch, "accepted", acceptedReportSchema);
  }

  /** Undefined where this operator fetched the report's leaves from a peer: then it has not computed them. */
  agreed(epoch: number): AgreedValues | undefined {
    return this.#load(epoch, "agreed", agreedValuesSchema);
  }

  /** Every epoch of which something is kept, ascending. */
  epochs(): readonly number[] {
    return namesIn(this.#directory)
      .filter((name) => /^[1-9]\d{0,9}$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  }

  /** Directory of the epoch's sealed bundle. */
  bundlePath(epoch: number): string {
    return join(this.#epochPath(epoch), "bundle");
  }

  isSealed(epoch: number): boolean {
    return namesIn(this.#epochPath(epoch)).includes("bundle");
  }

  /** Whether this operator took part in the epoch, or at least began to. */
  hasOpened(epoch: number): boolean {
    return namesIn(this.#epochPath(epoch)).includes("opening.json");
  }

  /** What stands in the bundle as well is not kept twice, but for signatures: later ones are held against them. */
  dropSealed(epoch: number): void {
    this.saveSignatures(epoch, this.signatures(epoch));
    for (const path of [this.#path(epoch, "captures"), this.#journalPath(epoch)]) rmSync(path, { force: true });
  }

  dropBundle(epoch: number): void {
    rmSync(this.bundlePath(epoch), { recursive: true, force: true });
    rmSync(this.#path(epoch, "opening"), { force: true }); // or it would be sealed again, from nothing
    this.#dropOthers(epoch, "projects-");
  }

  /** Everything of an epoch, its leaves as well. */
  drop(epoch: number): void {
    rmSync(this.#epochPath(epoch), { recursive: true, force: true });
  }

  /** Removes the epoch's files whose names begin so, but for one. */
  #dropOthers(epoch: number, prefix: string, kept?: string): void {
    const others = namesIn(this.#epochPath(epoch)).filter((each) => each.startsWith(prefix) && each !== kept);
    for (const other of others) rmSync(join(this.#epochPath(epoch), other), { force: true });
  }

  #epochPath(epoch: number): string {
    return join(this.#directory, String(epoch));
  }

  #path(epoch: number, name: string): string {
    return join(this.#epochPath(epoch), `${name}.json`);
  }

  #journalPath(epoch: number): string {
    return join(this.#epochPath(epoch), "messages.ndjson");
  }

  #signaturesPath(epoch: number): string {
    return join(this.#epochPath(epoch), "signatures.ndjson");
  }

  #save(epoch: number, name: string, value: unknown): void {
    writeDurably(this.#path(epoch, name), toJson(value));
  }

  #load<Schema extends z.ZodType>(epoch: number, name: string, schema: Schema): z.infer<Schema> | undefined {
    const text = readIfThere(this.#path(epoch, name));
    return text === undefined ? undefined : schema.parse(JSON.parse(text));
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function leavesName(root: Hex): string {
  return `leaves-${root}.bin`;
}

function projectsName(block: Hex): string {
  return `projects-${block}.bin`;
}

function readIfThere(path: string): string | undefined {
  return bytesIfThere(path)?.toString("utf8");
}

function bytesIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
