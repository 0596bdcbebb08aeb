import { Command } from "commander";
import { concatHex, padHex, type Hex } from "viem";
import { chainTime } from "../../sdk/read.ts";
import type { Session } from "../../sdk/session.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addressOrName } from "../chain/signer.ts";
import { exitCodes } from "../exit-code.ts";
import { outputOf } from "../output.ts";
import { placesOf, scopeNames } from "../state/teams.ts";
import { askWhy, type Question } from "../state/why.ts";
import { whyText } from "../text/why-text.ts";
import { actionOf } from "../values/action.ts";
import { addressBookOf } from "../values/address-book.ts";
import { callTo } from "../values/call-data.ts";

/** Enough zeros for the arguments that the authority's own rules look at. */
const ARGUMENT_BYTES = 64;

interface WhyOptions {
  readonly caller: Hex;
  readonly target: string;
  readonly function?: string;
  readonly args?: string[];
}

function questionOf(session: Session, options: WhyOptions): Question {
  const { caller, target, function: signature, args } = options;
  if (args !== undefined && signature !== undefined && !target.includes("://")) {
    return { caller, ...callTo(session, target, signature, args), hasArguments: true };
  }
  const action = actionOf(session, target, signature);
  const data = concatHex([action.selector, padHex("0x", { size: ARGUMENT_BYTES })]);
  return { caller, target: action.target, data, hasArguments: false };
}

const codeOf = {
  allowed: exitCodes.ok,
  denied: exitCodes.refused,
  "could-not-check": exitCodes.environment,
} as const;

/** `mandate why` */
export function whyCommand(): Command {
  const command = addSessionOptions(new Command("why"))
    .description("say whether an account may make a call now, and why (not): every rule, the margin, who can approve")
    .requiredOption("--caller <account>", "who would call", addressOrName)
    .requiredOption(
      "--target <contract>",
      "name or address of a contract, or a data resource such as postgres://records/1",
    )
    .option("--function <signature>", "function of the contract: its name, signature or selector")
    .option("--args <values...>", "its arguments, in order, so that limits can be computed; lists and tuples as JSON")
    .addHelpText(
      "after",
      `
Exit codes: 0 allowed, 1 denied, 3 could not check

Examples:
  $ mandate why --caller agent --target BudgetVault --function withdraw --args 0x… TestToken agent 5000
  $ mandate why --caller agent --target BudgetVault --function 'withdraw(bytes32,address,address,uint256)'
  $ mandate why --caller agent --target postgres://records/1 --json`,
    );
  return command.action(async (options: WhyOptions) => {
    const session = await sessionOf(command);
    const question = questionOf(session, options);
    const [why, places, scopes, now] = await Promise.all([
      askWhy(session, question),
      placesOf(session),
      scopeNames(session),
      chainTime(session),
    ]);
    const view = { book: addressBookOf(session), places, scopes, now };
    const { caller, target } = question;
    outputOf(command).result({ caller, target, ...why }, whyText(why, view));
    process.exitCode = codeOf[why.answer];
  });
}
