import type { Command } from "commander";
import { MandateError, messageOf } from "../core/errors/mandate-error.ts";

/** Where text goes; tests bring their own. */
export interface Streams {
  out(text: string): void;
  err(text: string): void;
}

export const processStreams: Streams = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/** JSON on one line; whole numbers beyond the safe range of JSON as decimal strings. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === "bigint" ? each.toString() : each));
}

/** How a command speaks: to a person in sentences, to a program with one JSON value on the last line. */
export interface Output {
  readonly json: boolean;
  /** Something to know while the command works. */
  note(text: string): void;
  /** What the command found or did, once, at its end. */
  result(value: unknown, text: string): void;
}

export function createOutput(json: boolean, streams: Streams = processStreams): Output {
  return {
    json,
    note: (text) => (json ? streams.err(`${text}\n`) : streams.out(`${text}\n`)),
    result: (value, text) => streams.out(`${json ? jsonLine(value) : text}\n`),
  };
}

/** The output that a command was asked for by the global `--json`. */
export function outputOf(command: Command): Output {
  return createOutput(command.optsWithGlobals<{ json?: boolean }>().json === true);
}

/** An error as sentences for a person: what happened, and what to do. */
export function errorText(thrown: unknown): string {
  if (!(thrown instanceof MandateError)) {
    const trace = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return `This is a defect of Mandate, please report it.\n${trace}`;
  }
  const detail =
    thrown.cause === undefined || thrown.message.includes(messageOf(thrown.cause))
      ? ""
      : ` (${firstLine(thrown.cause)})`;
  return `${thrown.code}: ${thrown.message}${detail}${thrown.remedy === undefined ? "" : `\n${thrown.remedy}`}`;
}

function firstLine(thrown: unknown): string {
  return messageOf(thrown).split("\n", 1)[0] ?? "";
}

/** An error as data for a program. */
export function errorJson(thrown: unknown): { error: Record<string, unknown> } {
  if (!(thrown instanceof MandateError)) return { error: { code: "Defect", message: messageOf(thrown) } };
  const { code, message, data, remedy } = thrown;
  return { error: { code, message, data, ...(remedy === undefined ? {} : { remedy }) } };
}
