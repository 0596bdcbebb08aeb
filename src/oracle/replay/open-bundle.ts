import { isUtf8 } from "node:buffer";
import { z } from "zod";
import type { SignedAgreement } from "../agreement/message.ts";
import { bundleError } from "../bundle/bundle-error.ts";
import {
  bundleDigest,
  bundleSchema,
  MAXIMUM_PART_BYTES,
  namedParts,
  votesSchema,
  type Bundle,
} from "../bundle/bundle.ts";
import { entryName, type SealedBundle } from "../bundle/bundle-directory.ts";
import { bundleSealSchema, isSealOf, type BundleSeal } from "../bundle/bundle-seal.ts";
import type { BundleSource } from "../bundle/bundle-source.ts";
import { hexOf, type Hex } from "../../core/hex.ts";
import { factsReader, leavesReader, type PartReader, type StatedLeaves } from "./long-parts.ts";
import { parseCanonical } from "./parse-canonical.ts";
import { observationSchema, type Observation } from "../observations/observation.ts";
import { commitmentOf, revealHash, type Reveal } from "../observations/reveal.ts";
import type { EpochFacts } from "../scoring/evaluate-epoch.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";

/** Of bundles from before observations were committed to. */
const FORMER_KIND = "mandate.evidence-bundle/1";

/** Most that all parts together may have. */
const MAXIMUM_TOTAL_BYTES = 1024 * 1024 * 1024;

/** A bundle that is whole: every part is there with its bytes, no other is, and its operator sealed it. Nothing in it is judged yet. */
export interface OpenedBundle {
  readonly digest: Hex;
  readonly bundle: Bundle;
  readonly sealed: Omit<SealedBundle, "parts">;
  readonly facts: EpochFacts;
  readonly leaves: StatedLeaves | null;
  readonly votes: readonly SignedAgreement[];
  readonly observations: ReadonlyMap<Hex, Observation>;
  /** In the order of the document. */
  readonly reveals: readonly OpenedReveal[];
  /** Parsed, by hash. */
  readonly definitions: ReadonlyMap<Hex, unknown>;
  /** Text by hash. */
  readonly captures: ReadonlyMap<Hex, string>;
  readonly bytes: number;
}

/** An observation as it was revealed, under the hash that an inclusion set names it by, with the commitment that it opens. */
export interface OpenedReveal extends Reveal {
  readonly hash: Hex;
  readonly commitment: Hex;
  readonly envelope: Hex;
}

/**
 * Reads a bundle as far as it says of itself what it is. Leaves and facts are read as they arrive, so that their text, hundreds of megabytes for
 * a million projects, is never held; other parts are, one after the other.
 * @param keep takes all parts as bytes, for whoever writes them elsewhere.
 * @throws {MandateError} of a `BundleProblem` at the first thing that is not as the format says.
 */
export async function openBundle(
  source: BundleSource,
  epoch: number,
  keccak: KeccakHasher,
  keep?: Map<Hex, Buffer>,
): Promise<OpenedBundle> {
  const { bundle, text } = await readDocument(source);
  if (bundle.epoch !== epoch || bundle.window.epoch !== epoch) {
    throw bundleError("BundleOfAnotherEpoch", `the bundle is of epoch ${bundle.epoch}, not ${epoch}`, {
      expected: epoch,
      actual: bundle.epoch,
    });
  }
  const digest = bundleDigest(text);
  const seal = await readSeal(source, bundle, digest);
  const readers = {
    facts: factsReader(`facts ${bundle.facts}`),
    leaves: bundle.leaves === null ? undefined : leavesReader(`leaves ${bundle.leaves}`),
  };
  const parts = await readParts(source, bundle, readers, keccak, keep);
  const bytesOf = (hash: Hex): Buffer => parts.get(hash) ?? Buffer.alloc(0);
  const textOf = (hash: Hex): string => bytesOf(hash).toString("utf8");
  const json = <Schema extends z.ZodType>(what: string, hash: Hex, schema: Schema): z.infer<Schema> =>
    parseCanonical("BundleMalformed", `${what} ${hash}`, textOf(hash), schema);
  const leaves = readers.leaves?.end() ?? null;
  const observations = new Map(
    bundle.observations.map(({ observation }) => [observation, json("observation", observation, observationSchema)]),
  );
  return {
    digest,
    bundle,
    sealed: { text, seal },
    facts: readers.facts.end(),
    leaves,
    votes: json("votes", bundle.votes, votesSchema),
    observations,
    reveals: bundle.observations.flatMap(({ operator, observation: hash, salt, heard, envelope }) => {
      const observation = observations.get(hash);
      if (observation === undefined) return [];
      const reveal = { operator, observation, salt, heard };
      const commitment = commitmentOf(operator, observation, salt);
      return [{ ...reveal, hash: revealHash(reveal), commitment, envelope }];
    }),
    definitions: new Map(bundle.definitions.map((hash) => [hash, json("definition", hash, z.unknown())])),
    captures: new Map(bundle.captures.map((hash) => [hash, textOf(hash)])),
    bytes: bundle.parts.reduce((sum, each) => sum + each.bytes, 0),
  };
}

async function readDocument(source: BundleSource): Promise<{ bundle: Bundle; text: string }> {
  const text = await readText(source, entryName.document);
  if (text.includes(`"kind":"${FORMER_KIND}"`)) {
    throw bundleError("BundleOfOtherRules", `the bundle is a ${FORMER_KIND}: observations were not committed to yet`, {
      kind: FORMER_KIND,
    });
  }
  const bundle = parseCanonical("BundleMalformed", entryName.document, text, bundleSchema);
  const { parts } = bundle;
  const named = namedParts(bundle);
  const odd =
    parts.find(({ hash }, index) => hash !== named[index])?.hash ??
    (named.length > parts.length ? named.at(-1) : undefined);
  if (odd !== undefined) {
    throw bundleError("BundlePartUnexpected", `part ${odd} is listed and named nowhere, or named and not listed`, {
      part: odd,
    });
  }
  const large = parts.find((each) => each.bytes > MAXIMUM_PART_BYTES);
  if (large !== undefined) {
    throw bundleError("BundlePartTooLarge", `part ${large.hash} has more than ${MAXIMUM_PART_BYTES} bytes`, {
      part: large.hash,
      bytes: large.bytes,
      maximumBytes: MAXIMUM_PART_BYTES,
    });
  }
  const total = parts.reduce((sum, each) => sum + each.bytes, 0);
  if (total > MAXIMUM_TOTAL_BYTES) {
    throw bundleError("BundlePartTooLarge", `all parts together have more than ${MAXIMUM_TOTAL_BYTES} bytes`, {
      bytes: total,
      maximumBytes: MAXIMUM_TOTAL_BYTES,
    });
  }
  return { bundle, text };
}

async function readSeal(source: BundleSource, bundle: Bundle, digest: Hex): Promise<BundleSeal> {
  const text = await readText(source, entryName.seal);
  const seal = parseCanonical("BundleSealInvalid", entryName.seal, text, bundleSealSchema);
  const { operator } = bundle;
  if (!bundle.set.operators.includes(operator)) {
    throw bundleError("BundleSealInvalid", `${operator}, who sealed it, is not in the epoch's operator set`, {
      operator,
    });
  }
  if (!(await isSealOf(seal, bundle, digest))) {
    throw bundleError("BundleSealInvalid", `${operator} did not seal this bundle`, { operator, bundle: digest });
  }
  return seal;
}

/** All parts but leaves and facts, unless somewhere else is named by the same hash. */
async function readParts(
  source: BundleSource,
  bundle: Bundle,
  readers: { readonly facts: PartReader<unknown>; readonly leaves: PartReader<unknown> | undefined },
  keccak: KeccakHasher,
  keep: Map<Hex, Buffer> | undefined,
): Promise<ReadonlyMap<Hex, Buffer>> {
  const { parts, votes, definitions, captures, observations } = bundle;
  const expected = new Set<string>([
    entryName.document,
    entryName.seal,
    ...parts.map(({ hash }) => entryName.part(hash)),
  ]);
  const odd = (await source.names())?.find((name) => !expected.has(name));
  if (odd !== undefined) throw bundleError("BundlePartUnexpected", `${odd} is no part of the bundle`, { name: odd });
  const held = new Set([votes, ...definitions, ...captures, ...observations.map((each) => each.observation)]);
  const found = new Map<Hex, Buffer>();
  for (const part of parts) {
    const { hash } = part;
    const reading = [
      ...(hash === bundle.facts ? [readers.facts] : []),
      ...(hash === bundle.leaves && readers.leaves !== undefined ? [readers.leaves] : []),
    ];
    const chunks: Buffer[] = [];
    const isHeld = held.has(hash) || keep !== undefined;
    await readPart(source, part, keccak, (bytes) => {
      for (const reader of reading) reader.push(bytes);
      if (isHeld) chunks.push(bytes);
    });
    if (!isHeld) continue; // its reader takes ASCII alone
    const bytes = Buffer.concat(chunks);
    if (!isUtf8(bytes)) throw bundleError("BundleMalformed", `${hash} is not UTF-8`, { name: hash });
    if (held.has(hash)) found.set(hash, bytes);
    keep?.set(hash, bytes);
  }
  return found;
}

/** Hands over the bytes of a part as they arrive; they are the part's only when this resolves. */
async function readPart(
  source: BundleSource,
  { hash, bytes: size }: Bundle["parts"][number],
  keccak: KeccakHasher,
  take: (bytes: Buffer) => void,
): Promise<void> {
  const stream = keccak.begin();
  let length = 0;
  try {
    const chunks = await source.open(entryName.part(hash), size);
    if (chunks === undefined) throw bundleError("BundlePartMissing", `part ${hash} is missing`, { part: hash });
    for await (const chunk of chunks) {
      length += chunk.length;
      stream.update(chunk);
      take(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    }
  } catch (error) {
    if (error instanceof Error && error.name === "BundlePartTooLarge") throw changed(hash);
    throw error;
  }
  if (length !== size || hexOf(stream.digest()) !== hash) throw changed(hash);
}

function changed(part: Hex): Error {
  return bundleError("BundlePartChanged", `part ${part} has other bytes than its hash`, { part });
}

async function readText(source: BundleSource, name: string): Promise<string> {
  const chunks = await source.open(name, MAXIMUM_PART_BYTES);
  if (chunks === undefined) throw bundleError("BundleUnreadable", `there is no ${name} in ${source.place}`, { name });
  const bytes: Uint8Array[] = [];
  for await (const chunk of chunks) bytes.push(chunk);
  return decode(name, Buffer.concat(bytes));
}

function decode(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw bundleError("BundleMalformed", `${name} is not UTF-8`, { name });
  }
}
