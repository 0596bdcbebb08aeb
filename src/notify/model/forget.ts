import type { Change, Entities, EntityName, State } from "./rows.ts";

/** How long what is over by itself keeps its row: long enough that nobody is cut off while reading a notice of it. */
const KEPT_SECONDS = 7 * 86_400;

/** First second in which a row is over without any event, of the kinds that end so. */
const overAt = {
  task: ({ deadline }: Entities["task"]) => deadline,
  grant: ({ notAfter }: Entities["grant"]) => notAfter,
  project: ({ status, acceptBy }: Entities["project"]) => (status === "proposed" ? acceptBy : Infinity),
  escalation: ({ status, deadline, usableUntil }: Entities["escalation"]) =>
    status === "pending" ? deadline : usableUntil,
  change: ({ expiresAt }: Entities["change"]) => expiresAt,
  happening: ({ at }: Entities["happening"]) => at,
} satisfies { readonly [E in EntityName]?: (row: Entities[E]) => number };

/** Removes what has long been over by itself, so that the rows are as many as what may still wait. Pure. */
export function forget(state: State, now: number): readonly Change[] {
  return (Object.keys(overAt) as (keyof typeof overAt)[]).flatMap((entity) =>
    [...state.all(entity)]
      .filter(([, row]) => (overAt[entity] as (each: typeof row) => number)(row) + KEPT_SECONDS <= now)
      .map(([id]): Change => ({ entity, id, row: null })),
  );
}
