import { Command } from "commander";
import { iActionCatalogAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { defineCapabilityCall } from "../../sdk/policy.ts";
import { act, addActOptions } from "../chain/act.ts";
import { read } from "../../sdk/read.ts";
import type { Session } from "../../sdk/session.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { outputOf } from "../output.ts";
import { tableText } from "../text/table.ts";
import type { NamedAction } from "../values/action.ts";
import { addressBookOf } from "../values/address-book.ts";
import { wordOf } from "../../sdk/word.ts";
import { functionSignature } from "../values/function-name.ts";
import { reasonHash, type Reason } from "../values/reason.ts";
import { actionFromText } from "./policy-action.ts";

/** The actions of a capability's present version. @throws {MandateError} `CapabilityUnknown`. */
export async function capabilityActions(
  session: Session,
  name: string,
): Promise<{ version: number; actions: readonly NamedAction[] }> {
  const args = [wordOf(name)] as const;
  const [version, actions] = await read(session, "ActionCatalog", iActionCatalogAbi, "capabilityOf", args);
  if (version !== 0) return { version, actions };
  throw new MandateError("CapabilityUnknown", `there is no capability ${name}`, {
    kind: "input",
    data: { capability: name },
    remedy: "Define it: mandate policy capability define.",
  });
}

function showCommand(): Command {
  const command = addSessionOptions(new Command("show").argument("<name>", "name of the capability"));
  command.description("show what a capability permits");
  return command.action(async (name: string) => {
    const session = await sessionOf(command);
    const { version, actions } = await capabilityActions(session, name);
    const book = addressBookOf(session);
    const rows = actions.map(({ target, selector }) => [book.short(target), functionSignature(selector)]);
    const text = `${name}, version ${version}\n\n${tableText(["target", "function"], rows, "It permits nothing.")}`;
    outputOf(command).result({ capability: wordOf(name), name, version, actions }, text);
  });
}

function defineCommand(): Command {
  const base = addActOptions(new Command("define").argument("<name>", "name, at most 31 bytes"), "governor");
  const command = base
    .description("define what a piece of work takes, or a new version of it; what was granted stays as it was")
    .requiredOption("--action <actions...>", "registered actions: BudgetVault#withdraw, postgres://records/1")
    .requiredOption("--reason <text>", "why; the chain keeps the hash of this text");
  return command.action(async (name: string, options: { action: string[]; reason: string }) => {
    await act(command, (session) => {
      const actions = options.action.map((each) => actionFromText(session, each));
      return Promise.resolve({
        call: defineCapabilityCall(session, wordOf(name), actions, reasonHash(options.reason)),
        documents: [{ reason: options.reason } satisfies Reason],
        done: `The capability ${name} is defined.`,
        result: { capability: wordOf(name) },
      });
    });
  });
}

/** `mandate policy capability …` */
export function policyCapabilityCommand(): Command {
  return new Command("capability")
    .description("capabilities: lists of actions that replace job descriptions")
    .addCommand(showCommand())
    .addCommand(defineCommand());
}
