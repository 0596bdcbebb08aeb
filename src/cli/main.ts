import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { CommanderError, InvalidArgumentError, type Command } from "commander";
import { exitCodeOf, exitCodes } from "./exit-code.ts";
import { errorJson, errorText, jsonLine, processStreams } from "./output.ts";
import { endWithParent } from "./parent.ts";
import { createProgram } from "./program.ts";

/** Commander decides by exceptions, so that nothing here ends the process before output is written. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  for (const each of command.commands) throwInsteadOfExit(each);
}

async function run(args: readonly string[]): Promise<number> {
  const program = await createProgram(args.find((each) => !each.startsWith("-")));
  throwInsteadOfExit(program);
  try {
    await program.parseAsync(args, { from: "user" });
    return typeof process.exitCode === "number" ? process.exitCode : exitCodes.ok;
  } catch (thrown) {
    // Commander has told what it refused itself, but not what an action found wrong with an argument.
    if (thrown instanceof InvalidArgumentError) processStreams.err(`error: ${thrown.message}\n`);
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.input;
    if (args.includes("--json")) processStreams.out(`${jsonLine(errorJson(thrown))}\n`);
    processStreams.err(`${errorText(thrown)}\n`);
    return exitCodeOf(thrown);
  }
}

// Who reads no further (`mandate … | head`) stops nothing: what was begun is finished, and waited for.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
// In this clone rather than in a folder that others can write to: what lies in it is run.
enableCompileCache(fileURLToPath(new URL("../../.mandate/compiled", import.meta.url)));
endWithParent();
process.exitCode = await run(process.argv.slice(2));
