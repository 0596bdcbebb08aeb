import type { z } from "zod";
import { messageOf } from "../../core/errors/mandate-error.ts";
import type { Leaf } from "../../core/merkle/leaf.ts";
import { bundleError } from "../bundle/bundle-error.ts";
import { leafText, ListReader, projectText } from "../bundle/long-lists.ts";
import { epochFactsSchema, projectSchema } from "../evidence/epoch-opening.ts";
import { leafSchema } from "../evidence/epoch-record.ts";
import { ProjectPacker } from "../epochs/project-list.ts";
import type { EpochFacts } from "../scoring/evaluate-epoch.ts";
import { leafFilePieces } from "../tree/leaf-file.ts";
import { LeafPacker, type PackedLeaves } from "../tree/packed-leaves.ts";
import { parseCanonical } from "./parse-canonical.ts";

/** A part that is read as its bytes arrive. What is wrong with it is said at its end, when it is known whether it is the part at all. */
export interface PartReader<Content> {
  push(bytes: Buffer): void;
  /** @throws {MandateError} `BundleMalformed`. */
  end(): Content;
}

/** Leaves as a bundle states them, in any order; as packed as those that are computed. */
export class StatedLeaves {
  readonly #packed: PackedLeaves;
  /** Texts of those with a score that no leaf has. */
  readonly #odd: ReadonlyMap<number, string>;

  constructor(packed: PackedLeaves, odd: ReadonlyMap<number, string>) {
    this.#packed = packed;
    this.#odd = odd;
  }

  /** The first leaf in which they are not as computed, with both texts; undefined where they are the same, byte for byte. */
  differenceTo(computed: PackedLeaves): string | undefined {
    if (this.#odd.size === 0 && isSame(leafFilePieces(this.#packed), leafFilePieces(computed))) return undefined;
    const count = Math.max(this.#packed.count, computed.count);
    for (let index = 0; index < count; index += 1) {
      const expected = index < computed.count ? leafText(computed.at(index)) : "none";
      const found = index < this.#packed.count ? this.#textAt(index) : "none";
      if (found !== expected) return `leaf ${index}: expected ${expected}, found ${found}`;
    }
    return undefined;
  }

  #textAt(index: number): string {
    return this.#odd.get(index) ?? leafText(this.#packed.at(index));
  }
}

/** Reads leaves, and holds each against the format. */
export function leavesReader(name: string): PartReader<StatedLeaves> {
  const packer = new LeafPacker(0);
  const odd = new Map<number, string>();
  const add = (leaf: Leaf, number: number): void => {
    const isOdd = leaf.score >= 2n ** 64n;
    if (isOdd) odd.set(number, leafText(leaf));
    packer.add(isOdd ? { ...leaf, score: 0n } : leaf);
  };
  return partReader(name, "leaves", leafSchema, leafText, add, (around) => {
    if (around !== "[]") throw malformed(name, "it is no list");
    return new StatedLeaves(packer.inOrderTaken(), odd);
  });
}

/** Reads facts with their projects. */
export function factsReader(name: string): PartReader<EpochFacts> {
  const packer = new ProjectPacker();
  return partReader(
    name,
    "facts",
    projectSchema,
    projectText,
    (each) => {
      packer.add(each);
    },
    (around) => ({
      ...parseCanonical("BundleMalformed", name, around, epochFactsSchema),
      projects: packer.pack(),
    }),
  );
}

function partReader<Schema extends z.ZodType, Content>(
  name: string,
  what: "leaves" | "facts",
  schema: Schema,
  textOf: (entry: z.infer<Schema>) => string,
  add: (entry: z.infer<Schema>, number: number) => void,
  finish: (around: string) => Content,
): PartReader<Content> {
  let number = 0;
  let problem: Error | undefined;
  const list = new ListReader(what, (text) => {
    const parsed = schema.parse(JSON.parse(text));
    if (textOf(parsed) !== text) throw new SyntaxError("it is not in its canonical form");
    add(parsed, number);
    number += 1;
  });
  return {
    push: (bytes) => {
      if (problem !== undefined) return;
      try {
        list.push(bytes);
      } catch (error) {
        problem = malformed(name, `entry ${number}: ${messageOf(error)}`);
      }
    },
    end: () => {
      if (problem !== undefined) throw problem;
      try {
        return finish(list.end());
      } catch (error) {
        throw malformed(name, messageOf(error));
      }
    },
  };
}

function isSame(one: Iterator<Buffer>, other: Iterator<Buffer>): boolean {
  for (;;) {
    const [a, b] = [one.next(), other.next()];
    if (a.done === true || b.done === true) return a.done === b.done;
    if (!a.value.equals(b.value)) return false;
  }
}

function malformed(name: string, problem: string): Error {
  return bundleError("BundleMalformed", `${name}: ${problem}`, { name });
}
