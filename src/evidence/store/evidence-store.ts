import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { EvidenceRecord } from "../../core/api/evidence.ts";
import { hexOf, type Hex } from "../../core/hex.ts";
import { keccak256 } from "../../core/keccak.ts";
import { loadStore, placeKey, type EvidencePlace, type LoadedStore, type StorePlaces } from "./load-store.ts";
import { makeDirectory, writeWhole } from "./write-whole.ts";

/** Bounds on what a store takes; each is the largest value that still fits. */
export interface StoreLimits {
  /** Bytes of all contents; the same content for two places counts once. */
  readonly totalBytes: number;
  /** Bytes for one milestone or challenge, so that one project cannot use up what all share. */
  readonly milestoneBytes: number;
  readonly milestoneRecords: number;
}

export interface Upload {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly uploadedBy: Hex;
  /** Seconds. */
  readonly uploadedAt: number;
}

export type PutOutcome =
  | { readonly stored: true; readonly isNew: boolean; readonly record: EvidenceRecord }
  | { readonly stored: false; readonly reason: "milestone-full" | "milestone-records" | "store-full" };

export type EvidenceLookup =
  | { readonly found: true; readonly record: EvidenceRecord; readonly bytes: Uint8Array }
  /** `damaged`: what is on the disk is gone or has another hash. It can be uploaded again. */
  | { readonly found: false; readonly reason: "missing" | "damaged" };

export function contentHash(bytes: Uint8Array): Hex {
  return hexOf(keccak256(bytes));
}

const sum = (sizes: Iterable<number>): number => [...sizes].reduce((total, each) => total + each, 0);

/**
 * Evidence by its hash, for milestones and challenges. What is stored never changes and is never removed: a hash has one content, and the first
 * upload's record stays. A directory belongs to one process at a time.
 */
export class EvidenceStore {
  readonly #places: StorePlaces;
  readonly #limits: StoreLimits;
  readonly #sizes: LoadedStore["sizes"];
  readonly #records: LoadedStore["records"];
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(places: StorePlaces, limits: StoreLimits, loaded: LoadedStore) {
    this.#places = places;
    this.#limits = limits;
    this.#sizes = loaded.sizes;
    this.#records = loaded.records;
  }

  /** @throws {MandateError} `EvidenceRecordInvalid`. */
  static async open(directory: string, limits: StoreLimits): Promise<EvidenceStore> {
    const places = { contents: join(directory, "contents"), records: join(directory, "records") };
    return new EvidenceStore(places, limits, await loadStore(places));
  }

  usage(): { readonly bytes: number; readonly contents: number; readonly records: number } {
    const records = sum([...this.#records.values()].map(({ size }) => size));
    return { bytes: sum(this.#sizes.values()), contents: this.#sizes.size, records };
  }

  /** What is stored for a place, oldest first. */
  list(place: EvidencePlace): EvidenceRecord[] {
    const records = [...(this.#records.get(placeKey(place))?.values() ?? [])];
    return records.sort((a, b) => a.uploadedAt - b.uploadedAt || (a.hash < b.hash ? -1 : 1));
  }

  /** Reads what is stored for the place, and answers it only while it still has its hash. */
  async read(place: EvidencePlace, hash: Hex): Promise<EvidenceLookup> {
    const record = this.#records.get(placeKey(place))?.get(hash);
    if (record === undefined) return { found: false, reason: "missing" };
    const bytes = await this.#intact(hash);
    return bytes === undefined ? { found: false, reason: "damaged" } : { found: true, record, bytes };
  }

  /** Stores bytes under their hash, on the disk when this resolves. One upload at a time, so that bounds hold together. */
  put(place: EvidencePlace, upload: Upload): Promise<PutOutcome> {
    const turn = this.#writing.then(() => this.#put(place, upload));
    this.#writing = turn.catch(() => undefined); // the caller hears of it
    return turn;
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #put(place: EvidencePlace, { bytes, ...about }: Upload): Promise<PutOutcome> {
    const hash = contentHash(bytes);
    const key = placeKey(place);
    const records = this.#records.get(key) ?? new Map<Hex, EvidenceRecord>();
    const known = records.get(hash);
    if (known === undefined) {
      const reason = this.#full(records, hash, bytes.length);
      if (reason !== undefined) return { stored: false, reason };
    }
    // Content before record: a crash between the two leaves bytes that nobody is served, never a promise without bytes.
    if ((await this.#intact(hash)) === undefined) await writeWhole(join(this.#places.contents, hash), bytes);
    this.#sizes.set(hash, bytes.length);
    if (known !== undefined) return { stored: true, isNew: false, record: known };
    const record: EvidenceRecord = { hash, sizeBytes: bytes.length, ...about };
    const path = join(this.#places.records, key, `${hash}.json`);
    await makeDirectory(dirname(path));
    await writeWhole(path, Buffer.from(JSON.stringify(record)));
    this.#records.set(key, records.set(hash, record));
    return { stored: true, isNew: true, record };
  }

  #full(records: ReadonlyMap<Hex, EvidenceRecord>, hash: Hex, size: number) {
    const { totalBytes, milestoneBytes, milestoneRecords } = this.#limits;
    if (records.size >= milestoneRecords) return "milestone-records";
    if (sum([...records.values()].map(({ sizeBytes }) => sizeBytes)) + size > milestoneBytes) return "milestone-full";
    if (!this.#sizes.has(hash) && sum(this.#sizes.values()) + size > totalBytes) return "store-full";
    return undefined;
  }

  async #intact(hash: Hex): Promise<Uint8Array | undefined> {
    if (!this.#sizes.has(hash)) return undefined;
    let bytes: Uint8Array;
    try {
      bytes = await readFile(join(this.#places.contents, hash));
    } catch (thrown) {
      if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return undefined;
      throw thrown;
    }
    return contentHash(bytes) === hash ? bytes : undefined;
  }
}
