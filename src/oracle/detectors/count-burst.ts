import type { ActivityEvent, PartOfWhole } from "./activity.ts";

/** Events of the busiest span of `bucketSeconds`, of all events. Spans are counted from second 0. */
export function countBurst(events: readonly ActivityEvent[], bucketSeconds: number): PartOfWhole {
  const buckets = new Map<number, number>();
  let busiest = 0;
  for (const { second } of events) {
    const bucket = Math.floor(second / bucketSeconds);
    const count = (buckets.get(bucket) ?? 0) + 1;
    buckets.set(bucket, count);
    busiest = Math.max(busiest, count);
  }
  return { part: BigInt(busiest), whole: BigInt(events.length) };
}
