import { InvalidArgumentError } from "commander";

/** A point in time, as seconds (`1790000000`) or ISO 8601 with its zone (`2026-12-01T12:00:00Z`); for option parsing. */
export function momentSeconds(text: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  const milliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isFinite(milliseconds)) return Math.floor(milliseconds / 1_000);
  throw new InvalidArgumentError("not a time such as 2026-12-01T12:00:00Z, or seconds");
}
