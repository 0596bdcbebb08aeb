import { Command } from "commander";
import { reviewCalendarAbi } from "../../chain/abi.ts";
import { contractCall } from "../../sdk/contract-call.ts";
import { chainTime, read } from "../../sdk/read.ts";
import type { Session } from "../../sdk/session.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { outputOf } from "../output.ts";
import { factsText } from "../text/table.ts";
import { momentText } from "../treasury/vault.ts";

/** Where the calendar stands: the period that was begun last, the one that runs, and when which can be begun. */
async function calendarState(session: Session) {
  const now = await chainTime(session);
  const ask = { genesis: [], epochSeconds: [], reportDeadlineSeconds: [], latest: [] } as const;
  const [genesis, periodSeconds, beginSeconds, [index, begunAt], running] = await Promise.all([
    read(session, "ReviewCalendar", reviewCalendarAbi, "genesis", ask.genesis),
    read(session, "ReviewCalendar", reviewCalendarAbi, "epochSeconds", ask.epochSeconds),
    read(session, "ReviewCalendar", reviewCalendarAbi, "reportDeadlineSeconds", ask.reportDeadlineSeconds),
    read(session, "ReviewCalendar", reviewCalendarAbi, "latest", ask.latest),
    read(session, "ReviewCalendar", reviewCalendarAbi, "periodAt", [now]),
  ]);
  const startsAt = genesis + running * periodSeconds;
  const begun = index > 0 && begunAt >= startsAt;
  const canBegin = running > 0 && !begun && now < startsAt + beginSeconds;
  return {
    now,
    index,
    begunAt,
    running,
    begun,
    canBegin,
    closesAt: startsAt + beginSeconds,
    next: startsAt + periodSeconds,
  };
}

function statusCommand(): Command {
  const command = addSessionOptions(new Command("status"));
  command.description("show the review period that runs, and whether somebody has to begin it");
  return command.action(async () => {
    const session = await sessionOf(command);
    const state = await calendarState(session);
    const { now, index, begunAt, running, begun, canBegin, closesAt, next } = state;
    const stands = begun
      ? `begun ${momentText(begunAt, now)}: anchors review their enclaves now`
      : canBegin
        ? `can be begun until ${momentText(closesAt, now)}: mandate review begin`
        : running === 0
          ? "the first one has not started"
          : "nobody began it in time: nothing lapses by it";
    outputOf(command).result(
      state,
      factsText([
        ["period", `${running}`],
        ["status", stands],
        ["reviews so far", `${index}`],
        ["next period", momentText(next, now)],
      ]),
    );
  });
}

function beginCommand(): Command {
  const command = addTransactOptions(new Command("begin"), "relayer").description(
    "begin the review period that runs; anyone may, in its first days",
  );
  return command.action(async () => {
    await transact(command, async (session) => {
      const { now, index, running, next } = await calendarState(session);
      return {
        call: contractCall(session, "ReviewCalendar", reviewCalendarAbi, "begin", []),
        title: `Begin review period ${running}`,
        preview: [
          [
            "enclaves",
            `paid through review ${index + 1} are reviewed in their renewal window, those paid for less are over`,
          ],
          ["next period", momentText(next, now)],
        ],
        done: `Review period ${running} has begun.`,
        result: { period: running, index: index + 1 },
      };
    });
  });
}

/** `mandate review …` */
export function reviewCommand(): Command {
  const command = new Command("review").description("review periods of enclaves: projects that people measure");
  for (const verb of [statusCommand(), beginCommand()]) command.addCommand(verb);
  return command.addHelpText(
    "after",
    `
An enclave is a plan with "measuredBy": "review". Its anchor reviews it once in each period, by mandate project extend.

Examples:
  $ mandate review status
  $ mandate review begin --as relayer
  $ mandate project extend 0x… --reason 'the exhibition opened' --as anchor.key`,
  );
}
