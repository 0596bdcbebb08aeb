/** A number as it was written in the JSON text. */
export class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** The reviver's third argument (source text access), which the language library does not type yet. */
type SourceReviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;

function parseJson(text: string, keep: (number: string) => unknown): unknown {
  const reviver: SourceReviver = (_key, value, context) =>
    typeof value === "number" ? keep(context.source ?? String(value)) : value;
  return JSON.parse(text, reviver as (this: unknown, key: string, value: unknown) => unknown);
}

/**
 * JSON whose numbers keep their digits, because `JSON.parse` alone would round them to floating point.
 * @throws {SyntaxError} where the text is not JSON.
 */
export function parseJsonKeepingNumbers(text: string): unknown {
  return parseJson(text, (number) => new NumberText(number));
}

/**
 * The same, where numbers and strings of digits need not be told apart.
 * @throws {SyntaxError} where the text is not JSON.
 */
export function parseJsonWithNumbersAsText(text: string): unknown {
  return parseJson(text, (number) => number);
}

/** The value that a JSON pointer (RFC 6901) names, or undefined where there is none. */
export function resolvePointer(document: unknown, pointer: string): unknown {
  if (pointer === "") return document;
  if (!pointer.startsWith("/")) return undefined;
  let current = document;
  for (const escaped of pointer.slice(1).split("/")) {
    const token = escaped.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(current)) {
      if (!/^(0|[1-9]\d*)$/.test(token)) return undefined;
      current = current[Number(token)];
    } else if (typeof current === "object" && current !== null && Object.hasOwn(current, token)) {
      current = Reflect.get(current, token);
    } else {
      return undefined;
    }
  }
  return current;
}
