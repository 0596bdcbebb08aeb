import { Command } from "commander";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { chainTime } from "../../sdk/read.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addDocumentsOption, documentsOf } from "../documents/document-store.ts";
import { outputOf } from "../output.ts";
import { anchorState } from "../state/anchors.ts";
import { allGrants } from "../state/grants.ts";
import { taskState } from "../state/tasks.ts";
import { scopeNames, scopesIn, teamState } from "../state/teams.ts";
import { grantTable } from "../text/grant-table.ts";
import { factsText } from "../text/table.ts";
import { addressBookOf } from "../values/address-book.ts";
import { countOf } from "../values/count.ts";
import { saidBy } from "../values/reason.ts";
import { countdownText, timeText } from "../values/time.ts";
import { unitsText } from "../values/units.ts";

/** `mandate task show` */
export function taskShowCommand(): Command {
  const base = new Command("show").argument("<task>", "number of the task", countOf);
  const command = addDocumentsOption(addSessionOptions(base));
  command.description("show a task: its anchor, the limits of its team, and every grant with what is left of it");
  return command.action(async (number: number) => {
    const session = await sessionOf(command);
    const task = await taskState(session, number);
    if (task.status === "none") {
      throw new MandateError("TaskUnknown", `there is no task ${number}`, {
        kind: "input",
        data: { task: number },
        remedy: "mandate task list shows them.",
      });
    }
    const [team, anchor, all, scopes, now] = await Promise.all([
      teamState(session, task.team),
      anchorState(session, task.anchor),
      allGrants(session),
      scopeNames(session),
      chainTime(session),
    ]);
    const grants = all.filter((each) => each.task === number);
    const purpose = saidBy(documentsOf(command), task.purpose);
    const book = addressBookOf(session);
    const { cone } = team;
    const facts = factsText([
      ["task", `${number}, ${task.status}`],
      ["purpose", purpose],
      ["anchor", `${book.full(task.anchor)}, ${anchor.status} until ${timeText(anchor.liveUntil)}`],
      ["team", `${team.team} (${team.place}), tier ${team.tier} of ${team.tiers - 1}`],
      ["deadline", `${timeText(task.deadline)}, ${countdownText(task.deadline, now)}`],
      ["impact", `${unitsText(team.usedImpact)} used of ${unitsText(cone.maxImpact)} in any 24 hours`],
      ["scopes", scopesIn(cone.scopes, scopes).join(", ") || "none"],
      ["reversibility", `${cone.minReversibility} % at least`],
    ]);
    const table = grantTable(grants, book, now, "No grant serves it.");
    const limits = { ...cone, usedImpact: team.usedImpact, scopeNames: scopesIn(cone.scopes, scopes) };
    outputOf(command).result({ ...task, purposeText: purpose, anchor, team, limits, grants }, `${facts}\n\n${table}`);
  });
}
