import type { Hex } from "../../core/hex.ts";
import { mapBounded } from "../../core/map-bounded.ts";
import { DocumentDirectory, type FindDocument } from "../documents/document-directory.ts";
import type { ScoringDocuments } from "./evaluate-epoch.ts";
import { countingIn, isHeldOut, parseHeldOut, type HeldOut } from "./held-out.ts";
import { openDefinition } from "./open-definition.ts";
import { parseScoreDefinition, type KnownDefinition, type ScoreDefinition } from "./score-definition.ts";

/** Documents that others are asked for at the same time. */
const FOUND_AT_ONCE = 8;

/** Score definitions, and what they hold back, by hash: from a directory with one `<hash>.json` each, else from whoever has them. */
export class DefinitionLibrary {
  readonly #documents: DocumentDirectory;
  readonly #definitions = new Map<Hex, ScoreDefinition>();
  readonly #heldOut = new Map<Hex, HeldOut>();
  /** Documents with the right hash that are neither: for every operator alike. */
  readonly #invalid = new Map<Hex, string>();

  constructor(directory: string) {
    this.#documents = new DocumentDirectory(directory);
  }

  get known(): ScoringDocuments {
    return { definitions: this.#definitions, heldOut: this.#heldOut };
  }

  /** The document as it was published, to serve it to others. */
  document(hash: Hex): unknown {
    return this.#documents.read(hash);
  }

  /** Looks for documents that are not known yet, here and then with `find`. Returns the definitions among those that are known then. */
  async load(hashes: readonly Hex[], find: FindDocument): Promise<readonly KnownDefinition[]> {
    const wanted = [...new Set(hashes)];
    await mapBounded(
      wanted.filter((hash) => !this.#isKnown(hash)),
      FOUND_AT_ONCE,
      async (hash) => {
        const found = await this.#documents.find(hash, find);
        if (found !== undefined) this.#take(hash, found);
      },
    );
    return wanted.flatMap((hash) => {
      const definition = this.#definitions.get(hash);
      return definition === undefined ? [] : [{ hash, definition }];
    });
  }

  /** Why a document is not what its kind says; undefined where it is, or is not known. */
  problemOf(hash: Hex): string | undefined {
    return this.#invalid.get(hash);
  }

  #isKnown(hash: Hex): boolean {
    return this.#definitions.has(hash) || this.#heldOut.has(hash) || this.#invalid.has(hash);
  }

  #take(hash: Hex, document: unknown): void {
    if (isHeldOut(document)) {
      const parsed = parseHeldOut(document);
      if (parsed.ok) this.#heldOut.set(hash, parsed.heldOut);
      else this.#invalid.set(hash, parsed.problem);
      return;
    }
    const parsed = parseScoreDefinition(document);
    if (parsed.ok) this.#definitions.set(hash, parsed.known.definition);
    else this.#invalid.set(hash, parsed.problem);
  }
}

/** Definitions as they are read in an epoch: with what was held back until then, where somebody shows it. */
export async function openDefinitions(
  library: Pick<DefinitionLibrary, "known" | "load">,
  hashes: readonly Hex[],
  epoch: number,
  find: FindDocument,
): Promise<readonly KnownDefinition[]> {
  const definitions = await library.load(hashes, find);
  const counting = definitions.flatMap(({ definition }) => countingIn(definition.heldOut, epoch));
  if (counting.length > 0) {
    await library.load(
      counting.map(({ commitment }) => commitment),
      find,
    );
  }
  const { heldOut } = library.known;
  return definitions.map(({ hash, definition }) => ({ hash, definition: openDefinition(definition, epoch, heldOut) }));
}
