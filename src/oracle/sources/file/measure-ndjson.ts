import { z } from "zod";
import { capture } from "../capture.ts";
import { NumberText, parseJsonKeepingNumbers, resolvePointer } from "../http-json/json-pointer.ts";
import { parseDecimal } from "../parse-decimal.ts";
import { declined, type EpochWindow, type SourceReading } from "../reading.ts";
import type { NdjsonContent } from "./file-source.ts";

const rfc3339 = z.iso.datetime({ offset: true });

/** The text of a string or of a number as it is written. */
function textAt(record: unknown, pointer: string): string | undefined {
  const found = resolvePointer(record, pointer);
  return found instanceof NumberText ? found.text : typeof found === "string" ? found : undefined;
}

/** Whole second of a record's time, or undefined where it has none. */
function secondOf(record: unknown, { pointer, format }: NdjsonContent["time"]): bigint | undefined {
  const text = textAt(record, pointer);
  if (text === undefined) return undefined;
  if (format === "unix-seconds") return parseDecimal(text, 0);
  return rfc3339.safeParse(text).success ? BigInt(Math.floor(Date.parse(text) / 1_000)) : undefined;
}

/**
 * Counts or sums the records of the window; each summand is rounded down. A line that is no record refuses the whole file, also outside
 * the window: a file that is cut off must not pass for a small one. Pure.
 */
export function measureNdjson(
  text: string,
  content: NdjsonContent,
  window: EpochWindow,
  decimals: number,
): SourceReading {
  const lines = text.split("\n");
  if (lines.pop() !== "") return declined("the last line has no end");
  if (lines.length === 0) return declined("no records at all"); // emptied by a failure as likely as never filled
  const kept: string[] = [];
  let value = 0n;
  for (const [index, line] of lines.entries()) {
    let record: unknown;
    try {
      record = parseJsonKeepingNumbers(line);
    } catch {
      return declined(`line ${index + 1} is not JSON`);
    }
    const at = secondOf(record, content.time);
    if (at === undefined) return declined(`line ${index + 1} has no time at ${JSON.stringify(content.time.pointer)}`);
    if (at < BigInt(window.startSeconds) || at >= BigInt(window.endSeconds)) continue;
    if (!content.where.every(({ pointer, equals }) => textAt(record, pointer) === equals)) continue;
    kept.push(line);
    if (content.measure === "count") {
      value += 10n ** BigInt(decimals);
      continue;
    }
    const summand = parseDecimal(textAt(record, content.measure.sum) ?? "", decimals);
    if (summand === undefined)
      return declined(`line ${index + 1} has no number at ${JSON.stringify(content.measure.sum)}`);
    value += summand;
  }
  return { ok: true, value, capture: capture(kept.join("\n")) };
}
