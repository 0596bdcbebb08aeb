import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { agreed, readWholePlan } from "../treasury/agreement-input.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import * as agreement from "../../sdk/agreement.ts";
import { readProject } from "../../sdk/project.ts";
import { act, addActOptions } from "../chain/act.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { signerOf } from "../chain/signer.ts";
import { jsonLine, outputOf } from "../output.ts";
import { bytes32 } from "../values/bytes32.ts";
import { countOf } from "../values/count.ts";
import { timeText } from "../values/time.ts";

const WEEK_SECONDS = 7 * 86_400;

interface Sides {
  readonly payee?: string;
  readonly anchor?: string;
  readonly sign?: boolean;
  readonly as: string;
}

const partyHelp = "its signature, or the account that signs: a key file, or the name of a development account";

function addSideOptions(command: Command): Command {
  return command
    .option("--payee <account|signature>", `the payee's part: ${partyHelp}; left out where --as is the payee`)
    .option("--anchor <account|signature>", `the anchor's part; left out where --as is the anchor`)
    .option("--sign", "print the signature of --as, for whoever sends the agreement; send nothing");
}

/** `mandate project cancel` */
export function cancelCommand(): Command {
  const command = addSideOptions(
    addActOptions(new Command("cancel").argument("<project>", "id of the project", bytes32), "relayer"),
  )
    .description("end a project by both sides: what is pending goes back, what is proved stays payable")
    .option("--until <time>", "first second in which the agreement no longer counts; in a week", countOf);
  return command.action(async (id: Hex, options: Sides & { until?: number }) => {
    const until = async (): Promise<number> => {
      const { timestamp } = await (await sessionOf(command)).client.getBlock();
      return options.until ?? Number(timestamp) + WEEK_SECONDS;
    };
    if (options.sign === true) {
      const session = await sessionOf(command);
      const ended = await agreement.cancellationOf(session, id, await until());
      const signature = await ended.sign(signerOf(options.as, session.deployment.chainId));
      const { returned, deadline } = ended.message;
      outputOf(command).result(
        { signature, returned, until: deadline },
        `${signature}\nover ${returned} base units that go back, until ${timeText(deadline)} (--until ${deadline})`,
      );
      return;
    }
    await act(command, async (session) => {
      const ended = await agreement.cancellationOf(session, id, await until());
      const byPayee = await agreed(session, options.payee, ended.sign);
      const byAnchor = await agreed(session, options.anchor, ended.sign);
      return {
        call: agreement.cancelCall(session, ended, byPayee, byAnchor),
        done: "The project is cancelled. What was proved stays payable.",
        result: { project: id, returned: ended.message.returned },
      };
    });
  });
}

/** `mandate project plan` */
export function planCommand(): Command {
  const command = addSessionOptions(new Command("plan").argument("<project>", "id of the project", bytes32))
    .description("show the version of a project's plan that runs, whole")
    .option("--next", "as the version that an amendment starts from")
    .option("--out <file>", "write it to a file");
  return command.action(async (id: Hex, options: { next?: boolean; out?: string }) => {
    const running = await agreement.runningPlan(await sessionOf(command), id);
    const plan = options.next === true ? { ...running, version: running.version + 1, project: id } : running;
    const text = JSON.stringify(JSON.parse(jsonLine(plan)), undefined, 2);
    if (options.out !== undefined) writeFileSync(options.out, `${text}\n`);
    outputOf(command).result(plan, options.out === undefined ? text : `Version ${plan.version} is in ${options.out}.`);
  });
}

/** `mandate project amend` */
export function amendCommand(): Command {
  const command = addSideOptions(
    addActOptions(new Command("amend").argument("<plan>", "file with the whole next version (JSON)"), "finance"),
  )
    .description(
      "put the plan's next version in the place of the one that runs, by both sides; see project plan --next",
    )
    .option("--new-anchor <account|signature>", "the new anchor's part, where the anchor changes");
  return command.action(async (path: string, options: Sides & { newAnchor?: string }) => {
    const plan = readWholePlan(path);
    if (options.sign === true) {
      const session = await sessionOf(command);
      const amended = agreement.amendmentOf(session, plan);
      const signature = await amended.sign(signerOf(options.as, session.deployment.chainId));
      const { project, planVersion, planHash, total } = amended.message;
      outputOf(command).result(
        { signature, project, planVersion, planHash, total },
        `${signature}\nover version ${planVersion} of project ${project}, ${total} base units in all`,
      );
      return;
    }
    await act(command, async (session) => {
      const { anchor } = await readProject(session, plan.project);
      if (anchor.toLowerCase() === plan.anchor.toLowerCase() && options.newAnchor !== undefined) {
        throw new MandateError("AnchorUnchanged", `the plan keeps its anchor ${anchor}: leave out --new-anchor`, {
          kind: "input",
          data: { anchor },
        });
      }
      const { sign, message } = agreement.amendmentOf(session, plan);
      const signatures = [
        await agreed(session, options.payee, sign),
        await agreed(session, options.anchor, sign),
        await agreed(session, options.newAnchor, sign),
      ] as const;
      return {
        call: agreement.amendCall(session, plan, signatures),
        done: `Version ${plan.version} of the plan runs.`,
        result: { project: plan.project, planVersion: plan.version, total: message.total },
      };
    });
  });
}
