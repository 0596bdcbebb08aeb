import { Command, Option } from "commander";
import { toFunctionSelector, toFunctionSignature, zeroAddress } from "viem";
import { iActionCatalogAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { dataTarget } from "../../core/data-action.ts";
import type { Hex } from "../../core/hex.ts";
import { eventsOf } from "../../sdk/events.ts";
import type { RegistrationArgument } from "../../org/teams/founding-calls.ts";
import { registerActionCall, retireActionCall } from "../../sdk/policy.ts";
import { act, addActOptions } from "../chain/act.ts";
import { read } from "../../sdk/read.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { outputOf } from "../output.ts";
import { scopeNames } from "../state/teams.ts";
import { factsText, tableText } from "../text/table.ts";
import { actionOf, contractNameOf, functionFrom, targetOf, type NamedAction } from "../values/action.ts";
import { addressBookOf, type AddressBook } from "../values/address-book.ts";
import { wordOf } from "../../sdk/word.ts";
import { impactKinds, nameIn } from "../../sdk/contract-enums.ts";
import { countOf } from "../values/count.ts";
import { functionName, functionSignature } from "../values/function-name.ts";
import { reasonHash, type Reason } from "../values/reason.ts";
import { unitsText, units48 } from "../values/units.ts";

interface ActionFacts extends NamedAction {
  readonly version: number;
  readonly impact: string;
  readonly scope: string;
  readonly reversibility: number;
  readonly fixedImpact: number;
  readonly amountWord: number;
  readonly assetWord: number;
  readonly inverse: NamedAction | undefined;
}

async function factsOf(session: Session, action: NamedAction, scopes: readonly string[]): Promise<ActionFacts> {
  const { target, selector } = action;
  const args = [target, selector] as const;
  const [version, facts, inverse] = await read(session, "ActionCatalog", iActionCatalogAbi, "actionOf", args);
  const { target: inverseTarget, selector: inverseSelector } = inverse;
  return {
    target,
    selector,
    ...facts,
    version,
    impact: nameIn(impactKinds, facts.impact),
    scope: scopes[facts.scope] ?? `scope ${facts.scope}`,
    inverse: inverseTarget === zeroAddress ? undefined : { target: inverseTarget, selector: inverseSelector },
  };
}

function impactText({ impact, fixedImpact, amountWord, assetWord }: ActionFacts): string {
  switch (impact) {
    case "fixed":
      return `${unitsText(fixedImpact)} each call`;
    case "amount":
      return `argument ${amountWord}, in the unit of account`;
    case "asset-amount":
      return `argument ${amountWord}, in the asset of argument ${assetWord}`;
    case "unlisted":
      return "retired: calls escalate";
    default:
      return impact;
  }
}

function nameOf(action: NamedAction, book: AddressBook): string {
  return `${book.short(action.target)}.${functionName(action.selector)}`;
}

function listCommand(): Command {
  const command = addSessionOptions(new Command("list"));
  command.description("show every registered action: its impact, scope and reversibility");
  return command.action(async () => {
    const session = await sessionOf(command);
    const catalog = addressOf(session, "ActionCatalog");
    const [registered, scopes] = await Promise.all([
      eventsOf(session, catalog, iActionCatalogAbi, "ActionRegistered"),
      scopeNames(session),
    ]);
    const distinct = new Map(registered.map(({ args }) => [`${args.target} ${args.selector}`, args]));
    const actions = await Promise.all([...distinct.values()].map((each) => factsOf(session, each, scopes)));
    const book = addressBookOf(session);
    const rows = actions.map((each) => [
      nameOf(each, book),
      impactText(each),
      each.scope,
      `${each.reversibility} %`,
      each.inverse === undefined ? "none" : nameOf(each.inverse, book),
    ]);
    const head = ["action", "impact", "scope", "reversibility", "undone by"];
    outputOf(command).result({ actions }, tableText(head, rows, "No action is registered."));
  });
}

function addActionArguments(command: Command): Command {
  return command
    .argument("<target>", "name or address of a contract, or a data resource such as postgres://records/1")
    .argument("[function]", "function of the contract: its name, signature or selector");
}

function showCommand(): Command {
  const command = addSessionOptions(addActionArguments(new Command("show")));
  command.description("show one action's facts");
  return command.action(async (target: string, signature: string | undefined) => {
    const session = await sessionOf(command);
    const action = actionOf(session, target, signature);
    const facts = await factsOf(session, action, await scopeNames(session));
    if (facts.version === 0) {
      throw new MandateError("ActionUnknown", `${target} ${signature ?? ""} was never registered`, {
        kind: "input",
        data: { ...action },
        remedy: "mandate policy action list shows what is registered.",
      });
    }
    const book = addressBookOf(session);
    const text = factsText([
      ["action", nameOf(facts, book)],
      ["target", book.full(facts.target)],
      ["function", functionSignature(facts.selector)],
      ["version", `${facts.version}`],
      ["impact", impactText(facts)],
      ["scope", facts.scope],
      ["reversibility", `${facts.reversibility} %`],
      ["undone by", facts.inverse === undefined ? "nothing" : nameOf(facts.inverse, book)],
    ]);
    outputOf(command).result(facts, text);
  });
}

interface RegisterOptions {
  readonly impact: "none" | "fixed" | "amount" | "asset-amount";
  readonly fixed?: number;
  readonly amountArgument?: number;
  readonly assetArgument?: number;
  readonly scope: string;
  readonly reversibility: number;
  readonly inverse?: string;
  readonly reason: string;
}

/** What an impact of that kind needs, and nothing else. @throws {MandateError} `ImpactInvalid`. */
function impactOf(
  options: RegisterOptions,
): Pick<RegistrationArgument, "impact" | "fixedImpact" | "amountWord" | "assetWord"> {
  const needed = {
    none: [],
    fixed: ["fixed"],
    amount: ["amountArgument"],
    "asset-amount": ["amountArgument", "assetArgument"],
  } as const satisfies Record<RegisterOptions["impact"], readonly (keyof RegisterOptions)[]>;
  const wanted: readonly string[] = needed[options.impact];
  for (const name of ["fixed", "amountArgument", "assetArgument"] as const) {
    if (wanted.includes(name) === (options[name] !== undefined)) continue;
    const option = `--${name.replace("A", "-a")}`;
    const problem = wanted.includes(name) ? "needs" : "has no";
    throw new MandateError("ImpactInvalid", `an impact of the kind ${options.impact} ${problem} ${option}`, {
      kind: "input",
      data: { impact: options.impact, option },
    });
  }
  return {
    impact: impactKinds.indexOf(options.impact),
    fixedImpact: options.fixed ?? 0,
    amountWord: options.amountArgument ?? 0,
    assetWord: options.assetArgument ?? 0,
  };
}

/** `BudgetVault#deposit(…)`, or a data resource. */
export function actionFromText(session: Session, text: string): NamedAction {
  const [target = "", signature] = text.includes("://") ? [text] : text.split("#", 2);
  return actionOf(session, target, signature);
}

function registerCommand(): Command {
  const command = addActOptions(addActionArguments(new Command("register")), "governor")
    .description("register an action's facts, or a new version of them; they apply at once to grants already given")
    .addOption(
      new Option("--impact <kind>", "where its impact stands")
        .choices(["none", "fixed", "amount", "asset-amount"])
        .makeOptionMandatory(),
    )
    .option("--fixed <amount>", "impact of each call, in the unit of account", units48)
    .option("--amount-argument <number>", "position of the argument that is the amount, from 0", countOf)
    .option("--asset-argument <number>", "position of the argument that names the asset, from 0", countOf)
    .requiredOption("--scope <name>", "kind of decision, such as refunds")
    .requiredOption("--reversibility <percent>", "0 is final, 100 is undone without trace", countOf)
    .option("--inverse <action>", "the action that undoes it: BudgetVault#deposit")
    .requiredOption("--reason <text>", "why; the chain keeps the hash of this text");
  return command.action(async (target: string, signature: string | undefined, options: RegisterOptions) => {
    await act(command, (session) => {
      const inverse = options.inverse === undefined ? undefined : actionFromText(session, options.inverse);
      const isData = target.includes("://");
      const item = functionFrom(isData ? "read(string)" : (signature ?? ""), contractNameOf(session, target));
      const address = isData ? dataTarget(target) : targetOf(session, target);
      const registration: RegistrationArgument = {
        target: address,
        signature: toFunctionSignature(item),
        ...impactOf(options),
        scope: wordOf(options.scope),
        reversibility: options.reversibility,
        inverseTarget: inverse?.target ?? zeroAddress,
        inverseSelector: inverse?.selector ?? "0x00000000",
      };
      return Promise.resolve({
        call: registerActionCall(session, registration, reasonHash(options.reason)),
        documents: [{ reason: options.reason } satisfies Reason],
        done: "The action is registered.",
        result: { target: address, selector: toFunctionSelector(item) },
      });
    });
  });
}

function retireCommand(): Command {
  const command = addActOptions(addActionArguments(new Command("retire")), "governor")
    .description("unlist an action: grants for it are refused, and calls by those there are escalate")
    .requiredOption("--reason <text>", "why; the chain keeps the hash of this text");
  return command.action(async (target: string, signature: string | undefined, { reason }: { reason: string }) => {
    await act(command, (session) => {
      const action: { target: Hex; selector: Hex } = actionOf(session, target, signature);
      return Promise.resolve({
        call: retireActionCall(session, action, reasonHash(reason)),
        documents: [{ reason } satisfies Reason],
        done: "The action is retired.",
        result: { ...action },
      });
    });
  });
}

/** `mandate policy action …` */
export function policyActionCommand(): Command {
  return new Command("action")
    .description("actions: what a call can do at worst, registered once for everybody")
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(registerCommand())
    .addCommand(retireCommand());
}
