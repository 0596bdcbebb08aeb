import { Command, Option } from "commander";
import type { ProofAnswer } from "../../core/api/proofs.ts";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { activeProjects, MAX_BATCH, readProject } from "../../sdk/project.ts";
import { findProof, lastEpoch, renewBatchCall, renewCall, renewedIn } from "../../sdk/renew.ts";
import type { Session } from "../../sdk/session.ts";
import { addTransactOptions, transact } from "../chain/transact.ts";
import { outputOf, type Output } from "../output.ts";
import { proofText } from "../text/proof-text.ts";
import { bytes32List } from "../values/bytes32.ts";
import { keepRenewing } from "./project-renew-watch.ts";

const keeps = "nothing: what is committed stays the project's for longer";

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
  return transact(command, async (session) => {
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
    const batch = answers.slice(0, MAX_BATCH);
    return {
      call: renewBatchCall(session, batch),
      title: `Renew the leases of ${batch.length} projects by the report of epoch ${epoch}`,
      preview: [
        ["projects", batch.map((answer) => `${answer.leaf.project}: ${proofText(answer)}`).join("\n")],
        ["moves", keeps],
      ],
      done: `Renewed by the report of epoch ${epoch}. Projects that are not listed had lapsed or may not renew.`,
      result: { epoch },
      resultOf: ({ logs }) => ({ projects: renewedIn(session, logs) }),
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
  const command = addTransactOptions(
    new Command("renew").argument("[projects...]", "ids of the projects", bytes32List),
    "relayer",
  )
    .description(
      "prove scores in the latest report, of several projects in one transaction; leases are renewed; anyone may",
    )
    .requiredOption("--operators <urls...>", "operators to ask for the proofs")
    .option("--all", "renew every active project")
    .addOption(
      new Option("--watch", "renew every active project with each report, without asking, until stopped").conflicts([
        "dryRun",
        "export",
        "sender",
      ]),
    )
    .addHelpText(
      "after",
      `
Examples:
  $ mandate project renew 0x… --operators http://127.0.0.1:4111
  $ mandate project renew --all --operators http://127.0.0.1:4111 http://127.0.0.1:4112 --dry-run
  $ mandate project renew --watch --operators http://127.0.0.1:4111 --as relayer.key`,
    );
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
    return transact(command, async (session) => {
      const epoch = await lastEpoch(session);
      const proof = await findProof(options.operators, epoch, id);
      return {
        call: renewCall(session, id, proof),
        title: `Renew the lease by the report of epoch ${epoch}`,
        preview: [
          ["project", id],
          ["report", `epoch ${epoch}: ${proofText(proof)}`],
          ["moves", keeps],
        ],
        done: `Renewed by the report of epoch ${epoch}.`,
        result: { project: id, epoch },
      };
    });
  });
}
