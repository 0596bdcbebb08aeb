import Table from "cli-table3";

/** What a terminal would obey instead of show: control characters of texts that others wrote. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const controls = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text by others that can be shown on one line of a terminal. */
export function plainText(text: string): string {
  return text.replace(controls, "?");
}

const noLines = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** Rows under a head, in columns as wide as they need, without lines; `empty` where there is no row. */
export function tableText(head: readonly string[], rows: readonly (readonly string[])[], empty: string): string {
  if (rows.length === 0) return empty;
  const table = new Table({
    head: head.map((each) => each.toUpperCase()),
    chars: noLines,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0, compact: true },
  });
  for (const row of rows) table.push(row.map((cell) => cell.split("\n").map(plainText).join("\n")));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Names and what they stand for, one a line. */
export function factsText(facts: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  return facts
    .map(
      ([name, value]) =>
        `${name.padEnd(width)}${value
          .split("\n")
          .map(plainText)
          .join(`\n${" ".repeat(width)}`)}`,
    )
    .join("\n");
}
