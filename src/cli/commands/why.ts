import { Command } from "commander";
import { concatHex, padHex, type Hex } from "viem";
import { iAuthorityLensAbi } from "../../chain/abi.ts";
import { roleNameOf } from "../../chain/roles.ts";
import { addressOf, addSessionOptions, sessionOf, type Session } from "../chain/session.ts";
import { addressOrName } from "../chain/signer.ts";
import { exitCodes } from "../exit-code.ts";
import { outputOf } from "../output.ts";
import { actionOf } from "../values/action.ts";
import { answerNames, obstacleNames, verdictNames, verdictText } from "../values/verdict.ts";

/** What the question is about: a function of a contract, or the reading of a data resource. */
export interface Question {
  readonly caller: Hex;
  readonly target: Hex;
  readonly data: Hex;
}

/** Enough zeros for the arguments that the authority's own rules look at. */
const ARGUMENT_BYTES = 64;

/** The authority's answer to a question, with every fact on which it decides. */
export async function askWhy(session: Session, question: Question) {
  const why = await session.client.readContract({
    address: addressOf(session, "AuthorityLens"),
    abi: iAuthorityLensAbi,
    functionName: "why",
    args: [addressOf(session, "Authority"), question.caller, question.target, question.data],
  });
  return {
    ...why,
    answer: answerNames[why.answer] ?? "could-not-check",
    obstacle: obstacleNames[why.obstacle] ?? "none",
    verdict: verdictNames[why.verdict] ?? "grant-missing",
    roleName: roleNameOf(why.role),
  };
}

export type WhyAnswer = Awaited<ReturnType<typeof askWhy>>;

/** `mandate why` */
export function whyCommand(): Command {
  const command = addSessionOptions(new Command("why"))
    .description("say whether an account may make a call now, and why (not); exit code 1 where it may not")
    .requiredOption("--caller <account>", "who would call", addressOrName)
    .requiredOption(
      "--target <contract>",
      "name or address of a contract, or a data resource such as postgres://records/1",
    )
    .option("--function <signature>", "function of the contract, as a signature or a selector")
    .addHelpText(
      "after",
      `
Examples:
  $ mandate why --caller agent --target BudgetVault --function 'withdraw(bytes32,address,address,uint256)'
  $ mandate why --caller agent --target postgres://records/1 --json`,
    );
  return command.action(async (options: { caller: Hex; target: string; function?: string }) => {
    const session = await sessionOf(command);
    const { target, selector } = actionOf(session, options.target, options.function);
    const data = concatHex([selector, padHex("0x", { size: ARGUMENT_BYTES })]);
    const why = await askWhy(session, { caller: options.caller, target, data });
    outputOf(command).result({ caller: options.caller, target, ...why }, verdictText(why));
    if (why.answer !== "allowed") process.exitCode = exitCodes.refused;
  });
}
