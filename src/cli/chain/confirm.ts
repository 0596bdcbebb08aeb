import { createInterface } from "node:readline/promises";
import { MandateError } from "../../core/errors/mandate-error.ts";

/** Who is asked; tests bring their own. */
export interface Terminal {
  /** Whether a person is there to answer. */
  readonly present: boolean;
  ask(question: string): Promise<string>;
}

export const processTerminal: Terminal = {
  present: process.stdin.isTTY,
  async ask(question) {
    // On standard error: standard output is the result's.
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await lines.question(question);
    } finally {
      lines.close();
    }
  },
};

/**
 * Asks before something is signed or sent, unless `--yes` said so already.
 * @throws {MandateError} `NotConfirmed` at any answer but yes, `ConfirmationMissing` where nobody can be asked.
 */
export async function confirm(question: string, yes: boolean, terminal: Terminal = processTerminal): Promise<void> {
  if (yes) return;
  if (!terminal.present) {
    throw new MandateError("ConfirmationMissing", "nothing was done: no terminal to ask at", {
      kind: "input",
      remedy: "Read the preview above (or run with --dry-run), then add --yes.",
    });
  }
  if (/^y(es)?$/i.test((await terminal.ask(`${question} [y/N] `)).trim())) return;
  throw new MandateError("NotConfirmed", "nothing was done: the answer was not yes", { kind: "refused" });
}
