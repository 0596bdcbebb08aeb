import { byActor, type ActivityEvent, type PartOfWhole } from "./activity.ts";

/** Acts that stay within a party, of all acts: both sides are one account, or the two deal with each other in both directions. */
export function countSelfDealing(events: readonly ActivityEvent[]): PartOfWhole {
  const directions = new Set(events.map(({ actor, counterparty }) => JSON.stringify([actor, counterparty])));
  const within = events.filter(
    ({ actor, counterparty }) =>
      counterparty !== undefined && (actor === counterparty || directions.has(JSON.stringify([counterparty, actor]))),
  );
  return { part: BigInt(within.length), whole: BigInt(events.length) };
}

/** Acts of the account that acts most, of all acts. */
export function countLargestParty(events: readonly ActivityEvent[]): PartOfWhole {
  const largest = [...byActor(events).values()].reduce((most, own) => Math.max(most, own.length), 0);
  return { part: BigInt(largest), whole: BigInt(events.length) };
}
