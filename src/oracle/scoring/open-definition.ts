import type { Hex } from "../../core/hex.ts";
import { countingIn, heldOutPrefix, type HeldOut, type HeldOutEntry } from "./held-out.ts";
import { MAX_READINGS, readingsOf, type ScoreDefinition } from "./score-definition.ts";

/**
 * A definition as it is read and assessed in an epoch: with the probes and checks that were held back, as far as they count in it and their
 * documents are in `shown`. What does not fit the definition is left out, by everybody alike.
 */
export function openDefinition(
  definition: ScoreDefinition,
  epoch: number,
  shown: ReadonlyMap<Hex, HeldOut>,
): ScoreDefinition {
  let opened = definition;
  for (const entry of countingIn(definition.heldOut, epoch)) {
    const heldOut = shown.get(entry.commitment);
    if (heldOut !== undefined && problemOfHeldOut(opened, entry, heldOut) === undefined) {
      opened = withHeldOut(opened, entry, heldOut);
    }
  }
  return opened;
}

/** Why a held-out document does not belong to an entry of a definition; undefined where it does. */
export function problemOfHeldOut(
  definition: ScoreDefinition,
  entry: HeldOutEntry,
  heldOut: HeldOut,
): string | undefined {
  if (heldOut.first !== entry.first || heldOut.last !== entry.last) {
    return `it is of epochs ${heldOut.first} to ${heldOut.last}, not ${entry.first} to ${entry.last}`;
  }
  const readings = readingsOf(definition).length + heldOut.probes.length;
  if (readings > MAX_READINGS) return `with it the definition has ${readings} sources, more than ${MAX_READINGS}`;
  return undefined;
}

function withHeldOut(definition: ScoreDefinition, { commitment }: HeldOutEntry, heldOut: HeldOut): ScoreDefinition {
  const prefix = heldOutPrefix(commitment);
  const { first, last } = heldOut;
  return {
    ...definition,
    probes: [
      ...(definition.probes ?? []),
      ...heldOut.probes.map((probe) => ({ ...probe, name: `${prefix}${probe.name}`, span: { first, last } })),
    ],
    checks: [
      ...(definition.checks ?? []),
      ...heldOut.checks.map((check) => ({
        ...check,
        name: `${prefix}${check.name}`,
        detects: "held-out" as const,
        part: `${prefix}${check.part}`,
        whole: `${prefix}${check.whole}`,
      })),
    ],
  };
}
