/** One sample line of a Prometheus text exposition; the value stays text, so that no digit is lost to floating point. */
export interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: string;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\\n]|\\["\\n])*)"\s*(,)?/;
const VALUE = /^\s+(\S+)(?:\s+-?\d+)?\s*$/;
const ESCAPE = /\\(["\\n])/g;

function parseLabels(text: string): { labels: Map<string, string>; rest: string } | undefined {
  const labels = new Map<string, string>();
  let rest = text;
  for (;;) {
    const close = /^\s*\}/.exec(rest);
    if (close !== null) return { labels, rest: rest.slice(close[0].length) };
    const match = LABEL.exec(rest);
    if (match === null) return undefined;
    const [whole, name = "", escaped = "", comma] = match;
    if (labels.has(name)) return undefined;
    labels.set(
      name,
      escaped.replace(ESCAPE, (_, character: string) => (character === "n" ? "\n" : character)),
    );
    rest = rest.slice(whole.length);
    if (comma === undefined && !/^\s*\}/.test(rest)) return undefined;
  }
}

function parseSample(line: string): Sample | undefined {
  const name = NAME.exec(line)?.[0];
  if (name === undefined) return undefined;
  let rest = line.slice(name.length);
  let labels = new Map<string, string>();
  if (rest.startsWith("{")) {
    const parsed = parseLabels(rest.slice(1));
    if (parsed === undefined) return undefined;
    ({ labels, rest } = parsed);
    rest = ` ${rest}`; // the space between labels and value is optional
  }
  const value = VALUE.exec(rest)?.[1];
  return value === undefined ? undefined : { name, labels, value };
}

/**
 * Samples of a text exposition (format version 0.0.4), in its order.
 * @returns undefined where a line is malformed: a page that is cut off must not pass for a small one.
 */
export function parseExposition(text: string): readonly Sample[] | undefined {
  const samples: Sample[] = [];
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const sample = parseSample(line);
    if (sample === undefined) return undefined;
    samples.push(sample);
  }
  return samples;
}
