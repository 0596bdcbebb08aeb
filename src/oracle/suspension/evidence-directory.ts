import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { writeDurably } from "../evidence/write-durably.ts";
import { toJson } from "../evidence/epoch-record.ts";
import { doubleSigningSchema } from "./double-signing.ts";

const keptSchema = z.strictObject({ dueSeconds: z.int().nonnegative(), evidence: doubleSigningSchema });

/** Evidence, with the chain time of this operator's turn to bring it before the contract. */
export type KeptEvidence = z.infer<typeof keptSchema>;

/** Where evidence outlives a restart. It is never deleted: it is a few hundred bytes, and proves why an operator lost its seat. */
export interface EvidenceOfDoubleSigning {
  /** All of it, by name. */
  all(): ReadonlyMap<string, KeptEvidence>;
  /** It is on the disk when this returns. */
  save(name: string, kept: KeptEvidence): void;
}

/** Evidence as files in a directory, one each; {@link EvidenceOfDoubleSigning.all} throws `DoubleSigningUnreadable` where one is damaged. */
export function evidenceDirectory(directory: string): EvidenceOfDoubleSigning {
  return {
    all: () => new Map(namesIn(directory).map((name) => [name, read(join(directory, name))])),
    save: (name, kept) => writeDurably(join(directory, name), toJson(kept)),
  };
}

function read(path: string): KeptEvidence {
  try {
    return keptSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new MandateError("DoubleSigningUnreadable", `the evidence in ${path} is damaged`, {
      kind: "environment",
      data: { path },
      remedy: "Move the file away; the operator goes on without it.",
      cause,
    });
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith(".json"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
