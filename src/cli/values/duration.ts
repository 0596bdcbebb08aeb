import { InvalidArgumentError } from "commander";

const secondsPer = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** A duration such as `90s`, `10m`, `2h` or `30d`, in seconds; for option parsing. */
export function durationSeconds(text: string): number {
  const match = /^(\d{1,6})([smhd])$/.exec(text);
  const unit = match?.[2];
  if (match?.[1] === undefined || unit === undefined)
    throw new InvalidArgumentError("not a duration such as 90s, 10m, 2h or 30d");
  return Number(match[1]) * secondsPer[unit as keyof typeof secondsPer];
}
