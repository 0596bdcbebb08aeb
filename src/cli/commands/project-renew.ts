import { Command } from "commander";
import { systemClock } from "../../core/clock.ts";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import { eventsOf } from "../actions/events.ts";
import { projectStatuses, readProject } from "../actions/project.ts";
import { findProof, lastEpoch, renewCall } from "../actions/renew.ts";
import { send } from "../chain/send.ts";
import { addressOf, sessionOf, type Session } from "../chain/session.ts";
import { signerOf } from "../chain/signer.ts";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { endSignal } from "../end-signal.ts";
import { jsonLine, outputOf } from "../output.ts";
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

export function renewCommand(): Command {
  const command = addTransactOptions(
    new Command("renew").argument("[project]", "id of the project", bytes32),
    "relayer",
  )
    .description("prove a project's score in the latest report; its lease is renewed; anyone may")
    .requiredOption("--operators <urls...>", "operators to ask for the proof")
    .option("--watch", "renew every active project with each report, until stopped");
  return command.action(async (id: Hex | undefined, options: { operators: string[]; watch?: boolean; as: string }) => {
    if (options.watch === true) return keepRenewing(command, options.operators, options.as);
    if (id === undefined)
      throw new MandateError("ProjectMissing", "say which project, or --watch for all", { kind: "input" });
    return transact(command, async (session) => {
      const epoch = await lastEpoch(session);
      const proof = await findProof(options.operators, epoch, id);
      return {
        call: renewCall(session, id, proof),
        title: `Renew the lease by the report of epoch ${epoch}`,
        preview: [
          ["project", id],
          ["report", `epoch ${epoch}: ${proof.leaf.outcome}, score ${proof.leaf.score}`],
          ["moves", "nothing: what is committed stays the project's for longer"],
        ],
        done: `Renewed by the report of epoch ${epoch}.`,
        result: { project: id, epoch },
      };
    });
  });
}
