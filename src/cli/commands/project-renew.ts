import { Command } from "commander";
import { systemClock } from "../../core/clock.ts";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import type { ProofAnswer } from "../../core/api/proofs.ts";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import { eventsOf } from "../actions/events.ts";
import { projectStatuses, readProject } from "../actions/project.ts";
import { findProof, lastEpoch, MAX_BATCH, renewBatchCall, renewCall, renewedIn } from "../actions/renew.ts";
import { act, addActOptions } from "../chain/act.ts";
import { send } from "../chain/send.ts";
import { addressOf, sessionOf, type Session } from "../chain/session.ts";
import { signerOf } from "../chain/signer.ts";
import { endSignal } from "../end-signal.ts";
import { jsonLine, outputOf, type Output } from "../output.ts";
import { bytes32 } from "../values/bytes32.ts";

const POLL_MS = 1_000;

async function activeProjects(session: Session): Promise<Hex[]> {
  const opened = await eventsOf(session, addressOf(session, "BudgetVault"), iBudgetVaultAbi, "ProjectOpened");
  const projects = opened.map(({ args }) => args.project);
  const found = await Promise.all(projects.map((project) => readProject(session, project)));
  return projects.filter((_project, index) => projectStatuses[found[index]?.status ?? 0] === "active");
}

/** Renews every active project with each new report, until it is told to end. Refusals are part of the trade: they are told. */
async function keepRenewing(command: Command, operators: readonly string[], as: string): Promise<void> {
  const session = await sessionOf(command);
  const account = signerOf(as, session.deployment.chainId);
  const output = outputOf(command);
  const ended = endSignal();
  process.stdout.write(`${jsonLine({ event: "ready", service: "renewal" })}\n`);
  let done = 0;
  while (!ended.aborted) {
    try {
      const epoch = await lastEpoch(session);
      for (const project of epoch === done ? [] : await activeProjects(session)) {
        try {
          await send(session, account, renewCall(session, project, await findProof(operators, epoch, project)));
          output.note(`epoch ${epoch}: renewed ${project}`);
        } catch (thrown) {
          output.note(`epoch ${epoch}: not renewed ${project}: ${messageOf(thrown)}`);
          if (thrown instanceof MandateError && thrown.retryable) throw thrown; // the proof is not out yet
        }
      }
      done = epoch;
    } catch (thrown) {
      output.note(`tried again in a second: ${messageOf(thrown)}`);
    }
    await systemClock.sleep(POLL_MS, ended);
  }
}

/** Proofs of `projects` in an epoch's report; what stands in the way of one is told, and the others go on. */
async function provable(
  session: Session,
  output: Output,
  operators: readonly string[],
  epoch: number,
  projects: readonly Hex[],
): Promise<ProofAnswer[]> {
  const found = await Promise.all(
    projects.map(async (project) => {
      try {
        const [plan, answer] = await Promise.all([readProject(session, project), findProof(operators, epoch, project)]);
        if (plan.lastProvedReport >= answer.header.index) {
          output.note(`${project}: proved already`);
          return undefined;
        }
        if (plan.scoreDefinition !== answer.leaf.definition) {
          output.note(`${project}: scored by another definition than its plan's`);
          return undefined;
        }
        return answer;
      } catch (thrown) {
        output.note(`${project}: ${messageOf(thrown)}`);
        return undefined;
      }
    }),
  );
  return found.filter((answer) => answer !== undefined);
}

/** Renews several projects, or all that are active, in one transaction. */
async function renewSeveral(command: Command, operators: readonly string[], named: readonly Hex[]): Promise<void> {
  const output = outputOf(command);
  return act(command, async (session) => {
    const epoch = await lastEpoch(session);
    const projects = named.length === 0 ? await activeProjects(session) : [...new Set(named)];
    const answers = await provable(session, output, operators, epoch, projects);
    if (answers.length === 0) {
      throw new MandateError("NothingToRenew", `no project can be renewed by the report of epoch ${epoch}`, {
        kind: "retry",
        data: { epoch, projects: projects.length },
        remedy: "Ask again after the next report.",
      });
    }
    if (answers.length > MAX_BATCH) {
      output.note(
        `${answers.length} projects can be renewed, ${MAX_BATCH} in one transaction: run this again for the rest`,
      );
    }
    return {
      call: renewBatchCall(session, answers.slice(0, MAX_BATCH)),
      done: `Renewed by the report of epoch ${epoch}. Projects that are not listed had lapsed or may not renew.`,
      result: { epoch },
      resultOf: ({ logs }) => ({ projects: renewedIn(logs) }),
    };
  });
}

interface RenewOptions {
  readonly operators: string[];
  readonly watch?: boolean;
  readonly all?: boolean;
  readonly as: string;
}

export function renewCommand(): Command {
  const collect = (text: string, known: readonly Hex[] = []): Hex[] => [...known, bytes32(text)];
  const command = addActOptions(
    new Command("renew").argument("[projects...]", "ids of the projects", collect),
    "relayer",
  )
    .description(
      "prove scores in the latest report, of several projects in one transaction; leases are renewed; anyone may",
    )
    .requiredOption("--operators <urls...>", "operators to ask for the proofs")
    .option("--all", "renew every active project")
    .option("--watch", "renew every active project with each report, until stopped");
  return command.action(async (ids: readonly Hex[] | undefined, options: RenewOptions) => {
    if (options.watch === true) return keepRenewing(command, options.operators, options.as);
    if (options.all === true) return renewSeveral(command, options.operators, []);
    const [id, ...others] = ids ?? [];
    if (id === undefined) {
      throw new MandateError("ProjectMissing", "say which projects, --all, or --watch for all with each report", {
        kind: "input",
      });
    }
    if (others.length > 0) return renewSeveral(command, options.operators, [id, ...others]);
    return act(command, async (session) => {
      const epoch = await lastEpoch(session);
      const proof = await findProof(options.operators, epoch, id);
      return {
        call: renewCall(session, id, proof),
        done: `Renewed by the report of epoch ${epoch}.`,
        result: { project: id, epoch },
      };
    });
  });
}
