import type { Entities } from "./rows.ts";

type SetOf = (id: string) => Entities["attestorSet"] | undefined;

function reachesThreshold({ attestors, revoked, threshold }: Entities["attestorSet"]): boolean {
  return attestors.length - revoked.length >= threshold;
}

/** Ids (`set/version`) of the set at `id` and of the successors behind it, as far as they are known. */
export function lineOfSuccession(setOf: SetOf, id: string): string[] {
  const successor = setOf(id)?.successor ?? null;
  return successor === null ? [id] : [id, ...lineOfSuccession(setOf, successor)];
}

/**
 * Id of the set that proves what names the one at `id`: the first of the line whose live members reach its threshold, and `id`
 * itself where none does. As `IAttestorSets.provingAttestorSetFor` answers.
 */
export function provingSet(setOf: SetOf, id: string): string {
  const able = lineOfSuccession(setOf, id).find((each) => {
    const set = setOf(each);
    return set !== undefined && reachesThreshold(set);
  });
  return able ?? id;
}
