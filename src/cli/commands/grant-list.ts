import { Command } from "commander";
import type { Hex } from "../../core/hex.ts";
import { chainTime } from "../../sdk/read.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addressOrName } from "../chain/signer.ts";
import { outputOf } from "../output.ts";
import { allGrants, isRunning } from "../state/grants.ts";
import { taskState } from "../state/tasks.ts";
import { grantTable } from "../text/grant-table.ts";
import { addressBookOf } from "../values/address-book.ts";
import { countOf } from "../values/count.ts";

interface ListOptions {
  readonly holder?: Hex;
  readonly task?: number;
  readonly anchor?: Hex;
  readonly all?: boolean;
}

/** `mandate grant list` */
export function grantListCommand(): Command {
  const command = addSessionOptions(new Command("list"))
    .description("show the grants that are running: holder, action, end, uses and cap left")
    .option("--holder <account>", "only those of this account", addressOrName)
    .option("--task <number>", "only those of this task", countOf)
    .option("--anchor <account>", "only those for which this anchor is accountable", addressOrName)
    .option("--all", "also those that are over, with the reason");
  return command.action(async (options: ListOptions) => {
    const session = await sessionOf(command);
    const { holder, task, anchor } = options;
    const chosen = (await allGrants(session)).filter(
      (grant) =>
        (options.all === true || isRunning(grant)) &&
        (holder === undefined || grant.grantee.toLowerCase() === holder.toLowerCase()) &&
        (task === undefined || grant.task === task),
    );
    const tasks = new Map<number, Hex>();
    for (const each of new Set(chosen.map((grant) => grant.task))) {
      tasks.set(each, (await taskState(session, each)).anchor);
    }
    const grants = chosen
      .map((grant) => ({ ...grant, anchor: tasks.get(grant.task) }))
      .filter((grant) => anchor === undefined || grant.anchor?.toLowerCase() === anchor.toLowerCase());
    const text = grantTable(grants, addressBookOf(session), await chainTime(session), "There is no such grant.");
    outputOf(command).result({ grants }, text);
  });
}
