import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { evidenceRecordSchema, type EvidenceRecord } from "../../core/api/evidence.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { makeDirectory, PARTIAL } from "./write-whole.ts";

/** Where a store keeps what it has. */
export interface StorePlaces {
  /** Contents, each in a file named by its hash. */
  readonly contents: string;
  /** `<project>/<milestone>/<hash>.json`, `<challenge>/challenge/<hash>.json`: what is stored for what. */
  readonly records: string;
}

/** What a store finds on its disk. */
export interface LoadedStore {
  /** Sizes in bytes, by hash. */
  readonly sizes: Map<Hex, number>;
  /** Records by place ({@link placeKey}), then by hash. */
  readonly records: Map<string, Map<Hex, EvidenceRecord>>;
}

/** The milestone that evidence is for. */
export interface MilestonePlace {
  readonly project: Hex;
  /** From 0. */
  readonly milestone: number;
}

/** The challenge that evidence is for. */
export interface ChallengePlace {
  readonly challenge: Hex;
}

export type EvidencePlace = MilestonePlace | ChallengePlace;

/** Where records of a place are, below the directory of records. */
export function placeKey(place: EvidencePlace): string {
  if ("challenge" in place) return `${place.challenge.toLowerCase()}/challenge`;
  return `${place.project.toLowerCase()}/${place.milestone}`;
}

const isHash = (name: string): name is Hex => /^0x[0-9a-f]{64}$/.test(name);

async function namesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory);
  const left = names.filter((name) => name.endsWith(PARTIAL));
  for (const name of left) await rm(join(directory, name)); // of a write that a crash ended
  return names.filter((name) => !name.endsWith(PARTIAL)).sort();
}

async function readRecord(path: string, hash: string): Promise<EvidenceRecord> {
  try {
    const record = evidenceRecordSchema.parse(JSON.parse(await readFile(path, "utf8")));
    if (record.hash !== hash) throw new TypeError(`it is about ${record.hash}`);
    return record;
  } catch (cause) {
    throw new MandateError("EvidenceRecordInvalid", `${path} is no record of evidence`, {
      kind: "environment",
      data: { path },
      remedy: "Restore the file from a copy, or remove it: the evidence has to be uploaded again then.",
      cause,
    });
  }
}

/**
 * Reads what a store has, after removing what an interrupted write left.
 * @throws {MandateError} `EvidenceRecordInvalid`: nothing is served on a guess.
 */
export async function loadStore(places: StorePlaces): Promise<LoadedStore> {
  await makeDirectory(places.contents);
  await makeDirectory(places.records);
  const sizes = new Map<Hex, number>();
  for (const name of await namesIn(places.contents)) {
    if (isHash(name)) sizes.set(name, (await stat(join(places.contents, name))).size);
  }
  const records: LoadedStore["records"] = new Map();
  for (const subject of (await namesIn(places.records)).filter(isHash)) {
    for (const part of await namesIn(join(places.records, subject))) {
      const directory = join(places.records, subject, part);
      const found = new Map<Hex, EvidenceRecord>();
      for (const name of await namesIn(directory)) {
        const hash = name.replace(/\.json$/, "");
        if (isHash(hash)) found.set(hash, await readRecord(join(directory, name), hash));
      }
      records.set(`${subject}/${part}`, found);
    }
  }
  return { sizes, records };
}
