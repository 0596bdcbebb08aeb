import { appendFileSync, closeSync, fdatasync, ftruncateSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import type { Hex } from "../../core/hex.ts";
import { signedMessageSchema, type SignedMessage } from "../agreement/message.ts";
import { syncDirectory } from "./write-durably.ts";

const NEWLINE = 0x0a;

/** Moments that a restart has to know of, beside what was said. */
const markNames = ["hearing-ended", "quorum"] as const;
export type MarkName = (typeof markNames)[number];

/** When it was, in seconds of chain time, and how many messages were in the journal before it. */
export interface Mark {
  readonly chainSeconds: number;
  readonly messages: number;
}

const markSchema = z.strictObject({ mark: z.enum(markNames), chainSeconds: z.int().nonnegative() });
const lineSchema = z.union([signedMessageSchema, markSchema]);

/**
 * What was said in an epoch, one message a line, written as it comes, and moments between them. A line is with the operating system when
 * {@link append} or {@link mark} returns, so that a killed process loses none, and on the disk two syncs later at most: there is one sync at a
 * time, which takes along all that was appended meanwhile, and the agreement waits for none. What must be on the disk before it leaves is
 * in the signing database.
 */
export class MessageJournal {
  readonly #file: number;
  readonly #messages: SignedMessage[] = [];
  readonly #envelopes = new Set<Hex>();
  readonly #marks = new Map<MarkName, Mark>();
  readonly #onFailure: (error: Error) => void;
  #state: "open" | "closing" | "closed" = "open";
  #isSyncing = false;
  #isDirty = false;
  readonly #closed = Promise.withResolvers<undefined>();

  /** Opens the file, or creates it. What a loss of power left of a last line is cut off. */
  constructor(path: string, onFailure: (error: Error) => void) {
    mkdirSync(dirname(path), { recursive: true });
    this.#onFailure = onFailure;
    this.#file = openSync(path, "a+", 0o600);
    const bytes = readFileSync(path);
    const whole = bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1);
    if (whole.length < bytes.length) ftruncateSync(this.#file, whole.length);
    for (const line of linesOf(whole.toString("utf8"))) {
      if ("mark" in line) this.#rememberMark(line.mark, line.chainSeconds);
      else this.#remember(line);
    }
    syncDirectory(dirname(path));
  }

  /** What the file held when it was opened, and what came since. */
  get messages(): readonly SignedMessage[] {
    return this.#messages;
  }

  /** Keeps a message, once. After {@link close} nothing is kept any more. */
  append(message: SignedMessage): void {
    if (this.#state !== "open" || this.#envelopes.has(message.envelope)) return;
    appendFileSync(this.#file, `${JSON.stringify(message)}\n`);
    this.#remember(message);
    this.#sync();
  }

  /** The moment of this name, be it before a restart. */
  marked(name: MarkName): Mark | undefined {
    return this.#marks.get(name);
  }

  /** Keeps the moment, once; an earlier one of this name stays. After {@link close} none is kept any more. */
  mark(name: MarkName, chainSeconds: number): void {
    if (this.#state !== "open" || this.#marks.has(name)) return;
    appendFileSync(this.#file, `${JSON.stringify({ mark: name, chainSeconds })}\n`);
    this.#rememberMark(name, chainSeconds);
    this.#sync();
  }

  /** Resolves when everything is on the disk. */
  async close(): Promise<void> {
    if (this.#state === "open") {
      this.#state = "closing";
      if (!this.#isSyncing) this.#end();
    }
    await this.#closed.promise;
  }

  #remember(message: SignedMessage): void {
    this.#messages.push(message);
    this.#envelopes.add(message.envelope);
  }

  #rememberMark(name: MarkName, chainSeconds: number): void {
    if (!this.#marks.has(name)) this.#marks.set(name, { chainSeconds, messages: this.#messages.length });
  }

  #sync(): void {
    if (this.#isSyncing) {
      this.#isDirty = true;
      return;
    }
    this.#isSyncing = true;
    this.#isDirty = false;
    fdatasync(this.#file, (error) => {
      this.#isSyncing = false;
      if (error !== null) this.#onFailure(error);
      if (this.#isDirty) this.#sync();
      else if (this.#state === "closing") this.#end();
    });
  }

  #end(): void {
    this.#state = "closed";
    closeSync(this.#file);
    this.#closed.resolve(undefined);
  }
}

/** Messages of a journal's text. A line that is none is left out: messages are signed, so that nothing takes its place. */
export function parseJournal(text: string): readonly SignedMessage[] {
  return linesOf(text).filter((line) => "message" in line);
}

function linesOf(text: string): readonly (SignedMessage | z.infer<typeof markSchema>)[] {
  return text.split("\n").flatMap((line) => {
    if (line === "") return [];
    const parsed = lineSchema.safeParse(jsonOf(line));
    return parsed.success ? [parsed.data] : [];
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // no schema allows that
  }
}
