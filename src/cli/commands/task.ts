import { Command } from "commander";
import { parseEventLogs } from "viem";
import { iAuthorityAbi } from "../../chain/abi.ts";
import { completeTaskCall, openTaskCall } from "../actions/task.ts";
import { act, addActOptions } from "../chain/act.ts";
import { countOf } from "../values/count.ts";
import { durationSeconds } from "../values/duration.ts";

function openCommand(): Command {
  const command = addActOptions(new Command("open").argument("<purpose>", "what the task is for"), "anchor")
    .description("open a task; who opens it, a live anchor, is accountable for it")
    .requiredOption("--team <team>", "number of the team whose task it is", countOf)
    .requiredOption("--for <duration>", "how long it may take: 10m, 2h, 3d", durationSeconds);
  return command.action(async (purpose: string, options: { team: number; for: number }) => {
    await act(command, async (session) => {
      const { timestamp } = await session.client.getBlock();
      return {
        call: openTaskCall(session, { team: options.team, purpose, deadline: Number(timestamp) + options.for }),
        done: "The task is open.",
        resultOf: (receipt) => {
          const [opened] = parseEventLogs({ abi: iAuthorityAbi, eventName: "TaskOpened", logs: receipt.logs });
          return { task: opened?.args.task, deadline: opened?.args.deadline };
        },
      };
    });
  });
}

function completeCommand(): Command {
  const command = addActOptions(new Command("complete").argument("<task>", "number of the task", countOf), "anchor");
  command.description("complete a task; every grant of it ends in the same instant");
  return command.action(async (task: number) => {
    await act(command, (session) =>
      Promise.resolve({ call: completeTaskCall(session, task), done: `Task ${task} is completed.`, result: { task } }),
    );
  });
}

/** `mandate task …` */
export function taskCommand(): Command {
  return new Command("task")
    .description("tasks: what just-in-time permissions serve, and end with")
    .addCommand(openCommand())
    .addCommand(completeCommand())
    .addHelpText(
      "after",
      "\nExamples:\n  $ mandate task open 'rotate the keys' --team 2 --for 10m --as anchor\n  $ mandate task complete 3 --as anchor",
    );
}
