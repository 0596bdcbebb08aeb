import type { Command } from "commander";
import { systemClock } from "../../core/clock.ts";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import { activeProjects } from "../../sdk/project.ts";
import { findProof, lastEpoch, renewCall } from "../../sdk/renew.ts";
import { send } from "../../sdk/send.ts";
import { sessionOf } from "../chain/session-options.ts";
import { signerOf } from "../chain/signer.ts";
import { endSignal } from "../end-signal.ts";
import { jsonLine, outputOf } from "../output.ts";

const POLL_MS = 1_000;

/** Renews every active project with each new report, until it is told to end. Refusals are part of the trade: they are told. */
export async function keepRenewing(command: Command, operators: readonly string[], as: string): Promise<void> {
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
