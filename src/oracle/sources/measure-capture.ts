import { parseDecimal } from "./parse-decimal.ts";
import { measureNdjson } from "./file/measure-ndjson.ts";
import { commitsInWindow } from "./git/read-git.ts";
import { measureReturned } from "./contract/read-contract.ts";
import { measureJson } from "./http-json/read-http-json.ts";
import { measureExpression } from "./http-jsonata/read-http-jsonata.ts";
import { measureInstant } from "./prometheus-query/read-prometheus-query.ts";
import { measureExposition } from "./prometheus/read-prometheus.ts";
import type { EpochMoment, SourceReading } from "./reading.ts";
import type { SourceKind, SourceSpecification } from "./source-specification.ts";

/**
 * What a kind's capture is. `answer`: the whole answer, from which the value follows. `selection`: what the adapter chose out of more
 * that it saw; the value follows from it, whether the choice was right does not.
 */
export const captureOf: Readonly<Record<SourceKind, "answer" | "selection">> = {
  contract: "answer",
  file: "selection", // of NDJSON the records that count; of JSON it is the whole file
  git: "selection",
  github: "selection",
  "http-json": "answer",
  "http-jsonata": "answer",
  "prometheus-query": "answer",
  prometheus: "answer",
  sql: "selection",
};

/**
 * The value that a capture amounts to, by the same rules as when the source was read; it asks nobody.
 * @returns undefined where the text is no capture of this source for this epoch.
 */
export async function measureCapture(
  source: SourceSpecification,
  text: string,
  decimals: number,
  moment: EpochMoment,
  timeoutMs: number,
): Promise<bigint | undefined> {
  const measured = (reading: SourceReading): bigint | undefined => (reading.ok ? reading.value : undefined);
  switch (source.kind) {
    case "contract": {
      const reading = measureReturned(source, moment.block.hash, text.split(" ").at(-1) ?? "", decimals);
      return reading.ok && reading.capture.text === text ? reading.value : undefined; // of this block, contract and call
    }
    case "file": {
      const { content } = source;
      if (content.format === "json") return measured(measureJson(text, content.pointer, decimals));
      return text === "" ? 0n : measured(measureNdjson(`${text}\n`, content, moment, decimals));
    }
    case "git": {
      const lines = text === "" ? [] : text.split("\n");
      return commitsInWindow(lines, moment).length === lines.length ? counted(lines, decimals) : undefined;
    }
    case "github": {
      const lines = text === "" ? [] : text.split("\n");
      const isInWindow = (line: string): boolean => {
        const [, at] = /^(\d{1,15}) \d+$/.exec(line) ?? [];
        return at !== undefined && Number(at) >= moment.startSeconds && Number(at) < moment.endSeconds;
      };
      return lines.every(isInWindow) ? counted(lines, decimals) : undefined;
    }
    case "http-json":
      return measured(measureJson(text, source.pointer, decimals));
    case "http-jsonata":
      return measured(await measureExpression(text, source.expression, decimals, timeoutMs));
    case "prometheus":
      return measured(measureExposition(text, source, decimals));
    case "prometheus-query":
      return measured(measureInstant(text, moment, decimals));
    case "sql":
      return parseDecimal(text, decimals);
  }
}

function counted(lines: readonly string[], decimals: number): bigint {
  return BigInt(new Set(lines).size) * 10n ** BigInt(decimals);
}
