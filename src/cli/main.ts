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
  const program = createProgram();
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

endWithParent();
process.exitCode = await run(process.argv.slice(2));
