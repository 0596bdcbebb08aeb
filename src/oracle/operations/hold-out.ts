import { randomBytes } from "node:crypto";
import { documentHash } from "../../core/documents/document-hash.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { parseHeldOut, type HeldOutEntry } from "../scoring/held-out.ts";
import { problemOfHeldOut } from "../scoring/open-definition.ts";
import { parseScoreDefinition } from "../scoring/score-definition.ts";

export interface HoldOutInput {
  /** The definition as it would be without this. */
  readonly definition: unknown;
  /** `probes` and `checks` of a held-out document. */
  readonly secret: { readonly probes: unknown; readonly checks: unknown };
  readonly first: number;
  readonly last: number;
  readonly through: number;
  /** 32 bytes; random where it is left out. */
  readonly salt?: Hex | undefined;
}

export interface HeldOutDocuments {
  /** To be published: the definition with the commitment. */
  readonly definition: { readonly hash: Hex; readonly document: unknown };
  /** To be kept secret until epoch `last` is over. */
  readonly heldOut: { readonly hash: Hex; readonly document: unknown };
}

/**
 * The two documents of checks that are held back: the definition that commits to them, and the secret one.
 * @throws {MandateError} `DefinitionInvalid`, `HeldOutInvalid`: what is wrong, by its path.
 */
export function holdOut({ definition, secret, first, last, through, salt }: HoldOutInput): HeldOutDocuments {
  const document = {
    kind: "mandate.held-out/1",
    salt: salt ?? `0x${randomBytes(32).toString("hex")}`,
    first,
    last,
    ...secret,
  };
  const parsed = parseHeldOut(document);
  if (!parsed.ok) throw invalid("HeldOutInvalid", parsed.problem);
  const { commitment, heldOut } = parsed;
  const entry: HeldOutEntry = { commitment, first, last, through };
  const before = parseScoreDefinition(definition);
  if (!before.ok) throw invalid("DefinitionInvalid", before.problem);
  const problem = problemOfHeldOut(before.known.definition, entry, heldOut);
  if (problem !== undefined) throw invalid("HeldOutInvalid", problem);

  const published = {
    ...(definition as Record<string, unknown>), // parsed as one
    heldOut: [...(before.known.definition.heldOut ?? []), entry],
  };
  const after = parseScoreDefinition(published);
  if (!after.ok) throw invalid("DefinitionInvalid", after.problem);
  return {
    definition: { hash: documentHash(published), document: published },
    heldOut: { hash: commitment, document },
  };
}

function invalid(code: "DefinitionInvalid" | "HeldOutInvalid", problem: string): Error {
  const what = code === "DefinitionInvalid" ? "the score definition" : "what is held back";
  return new MandateError(code, `${what} is not valid: ${problem}`, {
    kind: "input",
    data: { problem },
    remedy: "Correct the file: docs/operations/oracle-integrity.md shows an example. Nothing was written.",
  });
}
