import { z } from "zod";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { lowerAddressSchema, wordSchema } from "../hex-schema.ts";
import { observationHash, observationSchema, type Observation } from "./observation.ts";

/** Commitments that an operator held in time, one of each operator, ascending: one spelling, so that equal lists are equal texts. */
export const heardSchema = z
  .array(z.strictObject({ operator: lowerAddressSchema, commitment: wordSchema }))
  .max(31)
  .refine(
    (heard) => heard.every(({ operator }, place) => place === 0 || operator > (heard[place - 1]?.operator ?? "")),
    {
      message: "commitments stand twice or out of order",
    },
  );
export type Heard = z.infer<typeof heardSchema>;

/** What opens a commitment: the observation, its salt, and what its operator had heard of the others when it revealed. */
export const revealShape = {
  observation: observationSchema,
  /** 32 random bytes: an observation alone can be guessed, and its hash compared. */
  salt: wordSchema,
  heard: heardSchema,
} as const;

export interface Reveal {
  readonly operator: Hex;
  readonly observation: Observation;
  readonly salt: Hex;
  readonly heard: Heard;
}

/** Of how many operators it is that `reveals` say that they heard a commitment in time. */
export function hearersIn(
  reveals: Iterable<Pick<Reveal, "operator" | "heard">>,
): (operator: Hex, commitment: Hex) => number {
  const hearers = new Map<string, Set<Hex>>();
  for (const { operator: by, heard } of reveals) {
    for (const { operator, commitment } of heard) {
      const key = `${operator} ${commitment}`;
      hearers.set(key, (hearers.get(key) ?? new Set<Hex>()).add(by));
    }
  }
  return (operator, commitment) => hearers.get(`${operator} ${commitment}`)?.size ?? 0;
}

/** What an operator publishes before it shows its observation. It names the operator, so that nobody opens another's as its own. */
export function commitmentOf(operator: Hex, observation: Observation, salt: Hex): Hex {
  return documentHash({ kind: "mandate.commitment/1", operator, observation: observationHash(observation), salt });
}

/**
 * What inclusion sets name an observation by. It binds what its operator had heard as well: of two reveals of one observation a
 * proposal names one, so that all who judge it judge the same.
 */
export function revealHash({ observation, salt, heard }: Omit<Reveal, "operator">): Hex {
  return documentHash({ kind: "mandate.reveal/1", observation: observationHash(observation), salt, heard });
}
