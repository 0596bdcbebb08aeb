import { Command } from "commander";
import { endGrantCall, grantCall } from "../actions/task.ts";
import { act, addActOptions } from "../chain/act.ts";
import { addressOrName } from "../chain/signer.ts";
import { actionOf } from "../values/action.ts";
import { countOf } from "../values/count.ts";
import { durationSeconds } from "../values/duration.ts";

interface ActionOptions {
  readonly to: `0x${string}`;
  readonly target: string;
  readonly function?: string;
}

function addActionOptions(command: Command): Command {
  return command
    .requiredOption("--to <account>", "the grantee", addressOrName)
    .requiredOption(
      "--target <contract>",
      "name or address of a contract, or a data resource such as postgres://records/1",
    )
    .option("--function <signature>", "function of the contract, as a signature or a selector");
}

function giveCommand(): Command {
  const command = addActionOptions(addActOptions(new Command("give"), "granter"))
    .description("grant one function, or the reading of one data resource, for the length of a task at most")
    .requiredOption("--task <number>", "the open task that it serves", countOf)
    .requiredOption("--for <duration>", "how long: 10m, 2h", durationSeconds)
    .option("--uses <number>", "number of calls; 0 is not counted", countOf, 0);
  return command.action(async (options: ActionOptions & { task: number; for: number; uses: number }) => {
    await act(command, async (session) => {
      const { timestamp } = await session.client.getBlock();
      const notBefore = Number(timestamp);
      const terms = {
        ...actionOf(session, options.target, options.function),
        task: options.task,
        grantee: options.to,
        uses: options.uses,
        cap: 0,
      };
      const call = grantCall(session, { ...terms, notBefore, notAfter: notBefore + options.for });
      return {
        call,
        done: `The grant has effect, and ends with task ${options.task} or in ${options.for} seconds.`,
        result: terms,
      };
    });
  });
}

function endCommand(): Command {
  const command = addActionOptions(addActOptions(new Command("end"), "granter"));
  command.description("end a grant early: its holder, its task's anchor or the granting office can");
  return command.action(async (options: ActionOptions) => {
    await act(command, (session) => {
      const action = actionOf(session, options.target, options.function);
      return Promise.resolve({
        call: endGrantCall(session, { ...action, grantee: options.to }),
        done: "The grant has ended.",
        result: { ...action },
      });
    });
  });
}

/** `mandate grant …` */
export function grantCommand(): Command {
  return new Command("grant")
    .description("grants: permissions that live no longer than a task")
    .addCommand(giveCommand())
    .addCommand(endCommand())
    .addHelpText(
      "after",
      `
Examples:
  $ mandate grant give --to agent --task 1 --for 10m --target BudgetVault --function 'withdraw(bytes32,address,address,uint256)'
  $ mandate grant give --to agent --task 1 --for 10m --target postgres://records/1
  $ mandate grant end --to agent --target postgres://records/1`,
    );
}
