import type { Command } from "commander";
import { openSession, type Session } from "../../sdk/session.ts";

/** Where the local stack writes its deployment record, and where it serves its chain. */
export const defaultDeployment = ".mandate/local/deployment.json";
const defaultRpcUrl = "http://127.0.0.1:4100";

/** Adds the options that say which system a command talks to. */
export function addSessionOptions(command: Command): Command {
  return command
    .option("--deployment <file>", "deployment record", process.env["MANDATE_DEPLOYMENT"] ?? defaultDeployment)
    .option("--rpc-url <url>", "endpoint of the chain", process.env["MANDATE_RPC_URL"] ?? defaultRpcUrl);
}

/** The session that a command's options describe. */
export function sessionOf(command: Command): Promise<Session> {
  return openSession(command.optsWithGlobals<{ deployment: string; rpcUrl: string }>());
}
