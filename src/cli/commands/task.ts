import { Command } from "commander";
import { parseEventLogs } from "viem";
import { iAuthorityAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import { completeTaskCall, failTaskCall, openTaskCall, type Purpose } from "../../sdk/task.ts";
import { act, addActOptions } from "../chain/act.ts";
import { chainTime } from "../../sdk/read.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addressOrName } from "../chain/signer.ts";
import { addDocumentsOption, documentsOf } from "../documents/document-store.ts";
import { outputOf } from "../output.ts";
import { allTasks } from "../state/tasks.ts";
import { placesOf, teamText } from "../state/teams.ts";
import { tableText } from "../text/table.ts";
import { addressBookOf } from "../values/address-book.ts";
import { countOf } from "../values/count.ts";
import { durationSeconds } from "../values/duration.ts";
import { reasonHash, saidBy, type Reason } from "../values/reason.ts";
import { teamOf } from "../values/team.ts";
import { countdownText } from "../values/time.ts";
import { taskShowCommand } from "./task-show.ts";

function openCommand(): Command {
  const command = addActOptions(new Command("open").argument("<purpose>", "what the task is for"), "anchor")
    .description("open a task of a team; who opens it, the team's live anchor, is accountable for it")
    .requiredOption("--team <team>", "the team by number or place: 3, G1.U1.P3")
    .requiredOption("--for <duration>", "how long it may take: 10m, 2h, 3d", durationSeconds);
  return command.action(async (purpose: string, options: { team: string; for: number }) => {
    await act(command, async (session) => {
      const team = await teamOf(session, options.team);
      return {
        call: openTaskCall(session, { team, purpose, deadline: (await chainTime(session)) + options.for }),
        documents: [{ purpose } satisfies Purpose],
        done: "The task is open.",
        result: { team },
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

function failCommand(): Command {
  const command = addActOptions(new Command("fail").argument("<task>", "number of the task", countOf), "anchor")
    .description("give a task up; every grant of it ends in the same instant")
    .requiredOption("--reason <text>", "why; the chain keeps the hash of this text");
  return command.action(async (task: number, { reason }: { reason: string }) => {
    await act(command, (session) =>
      Promise.resolve({
        call: failTaskCall(session, task, reasonHash(reason)),
        documents: [{ reason } satisfies Reason],
        done: `Task ${task} has failed.`,
        result: { task, reason: reasonHash(reason) },
      }),
    );
  });
}

function listCommand(): Command {
  const command = addDocumentsOption(addSessionOptions(new Command("list")))
    .description("show tasks, the newest first")
    .option("--open", "only those that are open")
    .option("--team <team>", "only those of a team, by number or place")
    .option("--anchor <account>", "only those for which this anchor is accountable", addressOrName);
  return command.action(async (options: { open?: boolean; team?: string; anchor?: Hex }) => {
    const session = await sessionOf(command);
    const team = options.team === undefined ? undefined : await teamOf(session, options.team);
    const [all, places, now] = await Promise.all([allTasks(session), placesOf(session), chainTime(session)]);
    const tasks = all.filter((each) => {
      if (options.open === true && each.status !== "open") return false;
      if (team !== undefined && each.team !== team) return false;
      return options.anchor === undefined || each.anchor.toLowerCase() === options.anchor.toLowerCase();
    });
    const book = addressBookOf(session);
    const store = documentsOf(command);
    const rows = tasks.map((each) => [
      `${each.task}`,
      each.status,
      teamText(places, each.team),
      book.short(each.anchor),
      `${each.status === "open" ? "ends" : "ended"} ${countdownText(each.deadline, now)}`,
      saidBy(store, each.purpose),
    ]);
    const text = tableText(["task", "status", "team", "anchor", "end", "purpose"], rows, "There is no such task.");
    outputOf(command).result({ tasks }, text);
  });
}

/** `mandate task …` */
export function taskCommand(): Command {
  return new Command("task")
    .description("tasks: what just-in-time permissions serve, and end with")
    .addCommand(openCommand())
    .addCommand(completeCommand())
    .addCommand(failCommand())
    .addCommand(listCommand())
    .addCommand(taskShowCommand())
    .addHelpText(
      "after",
      `
Examples:
  $ mandate task open 'rotate the keys' --team G1.U1.P3 --for 2h --as anchor
  $ mandate task show 3
  $ mandate task fail 3 --reason 'the supplier withdrew' --as anchor
  $ mandate task list --open --json`,
    );
}
