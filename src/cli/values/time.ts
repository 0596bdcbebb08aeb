/** A point in time as text: `2026-01-31 12:00:00 UTC`. */
export function timeText(seconds: number | bigint): string {
  return new Date(Number(seconds) * 1_000).toISOString().replace(".000Z", " UTC").replace("T", " ");
}

const parts = [
  { seconds: 86_400n, unit: "d" },
  { seconds: 3_600n, unit: "h" },
  { seconds: 60n, unit: "min" },
  { seconds: 1n, unit: "s" },
] as const;

/** A duration in its two largest units, rounded down: `2 d 3 h`. */
export function durationText(seconds: number | bigint): string {
  let left = BigInt(seconds);
  if (left < 0n) left = -left;
  const first = parts.findIndex((part) => left >= part.seconds);
  if (first === -1) return "0 s";
  return parts
    .slice(first, first + 2)
    .map((part) => {
      const count = left / part.seconds;
      left %= part.seconds;
      return count === 0n ? "" : `${count} ${part.unit}`;
    })
    .filter((text) => text !== "")
    .join(" ");
}

/** How far `at` lies from `now`, both in seconds: `in 2 h` or `2 h ago`. */
export function countdownText(at: number | bigint, now: number | bigint): string {
  const left = BigInt(at) - BigInt(now);
  return left > 0n ? `in ${durationText(left)}` : `${durationText(left)} ago`;
}
