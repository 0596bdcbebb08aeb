/** One countable act of an account: a star, a call, a sale. */
export interface ActivityEvent {
  /** Second of the act, from any origin. */
  readonly second: number;
  readonly actor: string;
  /** Who is on the other side, where there is one. */
  readonly counterparty?: string;
}

/** Two whole numbers of the same period, whose ratio an integrity check of a definition bounds. */
export interface PartOfWhole {
  readonly part: bigint;
  readonly whole: bigint;
}

/** Events by account. */
export function byActor(events: readonly ActivityEvent[]): ReadonlyMap<string, readonly ActivityEvent[]> {
  const grouped = new Map<string, ActivityEvent[]>();
  for (const event of events) {
    const list = grouped.get(event.actor);
    if (list === undefined) grouped.set(event.actor, [event]);
    else list.push(event);
  }
  return grouped;
}
