import type { Observation } from "../observations/observation.ts";
import { revealHash } from "../observations/reveal.ts";
import { isOfAgreement, type AgreementMessage, type SignedMessage } from "../agreement/message.ts";
import type { Hex } from "../../core/hex.ts";
import { keccak256Text } from "../../core/keccak.ts";
import type { Leaf } from "../../core/merkle/leaf.ts";
import type { SigningPlace } from "../../core/signing/typed-data.ts";
import type { AcceptedReport } from "../epochs/oracle-chain.ts";
import type { EpochOpening } from "../evidence/epoch-opening.ts";
import type { EpochHead } from "../evidence/epoch-record.ts";
import { countingIn, isStillSecret } from "../scoring/held-out.ts";
import { parseScoreDefinition } from "../scoring/score-definition.ts";
import type { Steps } from "../steps/steps.ts";
import type { KeccakHasher } from "../tree/keccak-hasher.ts";
import { bundleText, namedParts, type Bundle } from "./bundle.ts";
import { factsPart, leavesPart } from "./long-lists.ts";
import { measurePart, type Part } from "./part.ts";

/** What an operator holds of an epoch that is over. */
export interface HeldEvidence {
  readonly place: SigningPlace;
  readonly operator: Hex;
  readonly opening: EpochOpening;
  readonly messages: readonly SignedMessage[];
  /** Text by hash. */
  readonly captures: ReadonlyMap<string, string>;
  /** The report that was decided, or the accepted one that was fetched. */
  readonly record: (EpochHead & { readonly leaves: Iterable<Leaf> }) | undefined;
  readonly accepted: AcceptedReport | undefined;
  /** A definition's document, or one that was held back, as it was published. */
  readonly document: (hash: Hex) => unknown;
}

export interface ComposedBundle {
  /** Canonical text of the document. */
  readonly text: string;
  readonly bundle: Bundle;
  /** By hash. */
  readonly parts: ReadonlyMap<Hex, Part>;
}

/** The bundle of what is held, in steps: its text may have hundreds of megabytes. Pure; the same evidence gives the same bytes. */
export function* composeBundle(held: HeldEvidence, keccak: KeccakHasher): Steps<ComposedBundle> {
  const { opening, operator, accepted } = held;
  const { vaults, settlement, scoring } = opening.ruleset;
  const parts = new Map<Hex, Part>();
  const sizes = new Map<Hex, number>();
  function* asPart(part: Part): Steps<Hex> {
    const { hash, bytes } = yield* measurePart(part, keccak);
    parts.set(hash, part);
    sizes.set(hash, bytes);
    return hash;
  }
  // How operators signed together is no part of what a report follows from.
  const messages = [...new Map(held.messages.map((each) => [each.envelope, each])).values()]
    .filter(isOfAgreement)
    .filter(({ message }) => isAbout(message, opening));

  const signed = [];
  const named = [];
  for (const { message, envelope } of messages) {
    if (message.kind !== "observation") continue;
    const { operator: by, observation, salt, heard } = message;
    const hash = revealHash(message);
    yield;
    signed.push({ operator: by, observation, hash });
    const part = yield* asPart(bundleText(observation));
    named.push({ each: { operator: by, observation: part, salt, heard, envelope }, hash });
  }
  const observations = named
    .sort(
      (a, b) =>
        compare(a.each.operator, b.each.operator) ||
        compare(a.each.observation, b.each.observation) ||
        compare(a.hash, b.hash),
    )
    .map(({ each }) => each);
  const own = signed.filter((each) => each.operator === operator).map((each) => each.observation);

  const heldObservations = new Set(signed.map((each) => `${each.operator}${each.hash}`));
  const { record } = held;
  const isWhole =
    record !== undefined &&
    record.manifest.inclusion.every((each) => heldObservations.has(`${each.operator}${each.observation}`)) &&
    (accepted === undefined || accepted.digest === record.digest);
  const { leaves, ...report } = isWhole ? record : { leaves: null };

  const documents = new Map(
    opening.facts.projects.definitions.flatMap((hash) => {
      const document = held.document(hash);
      return document === undefined ? [] : [[hash, document] as const];
    }),
  );
  for (const document of [...documents.values()]) {
    for (const hash of heldOutOf(document, opening.window.epoch)) {
      const shown = held.document(hash);
      // A definition can name any hash: what another one holds back for longer stays secret.
      const isPublic = shown !== undefined && !isStillSecret(shown, opening.window.epoch);
      if (isPublic) documents.set(hash, shown);
    }
  }
  const definitions: Hex[] = [];
  for (const [, document] of [...documents].sort(([a], [b]) => compare(a, b))) {
    definitions.push(yield* asPart(bundleText(document)));
  }
  const captures: Hex[] = [];
  for (const hash of capturesNamedBy(own)) {
    const text = held.captures.get(hash);
    if (text !== undefined && keccak256Text(text) === hash) captures.push(yield* asPart(text));
  }
  const bundle: Omit<Bundle, "parts"> = {
    kind: "mandate.evidence-bundle/2",
    chainId: held.place.chainId,
    oracle: held.place.verifyingContract,
    vaults,
    operator,
    epoch: opening.window.epoch,
    window: opening.window,
    reportDeadlineSeconds: opening.reportDeadlineSeconds,
    block: opening.block,
    set: opening.set,
    settlement,
    configuration: opening.facts.configurationDigest,
    rules: opening.rules,
    code: scoring,
    report: "digest" in report ? (report as Bundle["report"]) : null, // arrays that nothing changes, by another name
    accepted: accepted ?? null,
    observations,
    facts: yield* asPart(factsPart(opening.facts)),
    leaves: leaves === null ? null : yield* asPart(leavesPart(leaves)),
    votes: yield* asPart(bundleText(messages.filter(({ message }) => message.kind !== "observation"))),
    definitions,
    captures,
  };
  const whole: Bundle = {
    ...bundle,
    parts: namedParts(bundle).map((hash) => ({ hash, bytes: sizes.get(hash) ?? 0 })),
  };
  return { text: bundleText(whole), bundle: whole, parts };
}

/** An observation of a closing block that a reorganization replaced, or a commitment to one, has no part in what was decided. */
function isAbout(message: AgreementMessage, { facts, block, window }: EpochOpening): boolean {
  if (message.kind === "commitment") return message.block === block.hash;
  if (message.kind !== "observation") return true;
  const { observation } = message;
  return (
    observation.epoch === window.epoch &&
    observation.configuration === facts.configurationDigest &&
    observation.block.hash === block.hash
  );
}

/** Commitments of a definition that count in an epoch: what they are of is secret no more. */
function heldOutOf(document: unknown, epoch: number): readonly Hex[] {
  const parsed = parseScoreDefinition(document);
  return parsed.ok ? countingIn(parsed.known.definition.heldOut, epoch).map(({ commitment }) => commitment) : [];
}

/** Hashes of the captures that an operator's own values were read from, each once, ascending. */
function capturesNamedBy(observations: readonly Observation[]): readonly Hex[] {
  const named = observations.flatMap((observation) =>
    observation.definitions.flatMap(({ metrics }) =>
      metrics.flatMap((each) => (each.outcome === "value" ? [each.capture] : [])),
    ),
  );
  return [...new Set(named)].sort();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
