import { Command } from "commander";
import type { Hex } from "../../core/hex.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { endGrantsCall, grantCapabilityCall } from "../../sdk/grant.ts";
import { endGrantCall, grantCall } from "../../sdk/task.ts";
import { act, addActOptions, type Action as Act } from "../chain/act.ts";
import { chainTime } from "../../sdk/read.ts";
import type { Session } from "../../sdk/session.ts";
import { addressOrName } from "../chain/signer.ts";
import { allGrants, isRunning, type GrantState } from "../state/grants.ts";
import { actionOf } from "../values/action.ts";
import { wordOf } from "../../sdk/word.ts";
import { countOf } from "../values/count.ts";
import { durationSeconds } from "../values/duration.ts";
import { units48, unitsText } from "../values/units.ts";
import { capabilityActions } from "./policy-capability.ts";
import { grantListCommand } from "./grant-list.ts";

interface ActionOptions {
  readonly to: Hex;
  readonly target: string;
  readonly function?: string;
}

const targetText = "name or address of a contract, or a data resource such as postgres://records/1";
const functionText = "function of the contract, as a signature or a selector";

/** The most calls in one transaction: each ends one grant, and a block's gas is finite. */
const MOST_AT_ONCE = 64;

function giveCommand(): Command {
  const command = addActOptions(new Command("give"), "granter")
    .description("grant one function, or the reading of one data resource, for the length of a task at most")
    .requiredOption("--to <account>", "the grantee", addressOrName)
    .requiredOption("--target <contract>", targetText)
    .option("--function <signature>", functionText)
    .requiredOption("--task <number>", "the open task that it serves", countOf)
    .requiredOption("--for <duration>", "how long: 10m, 2h", durationSeconds)
    .option("--uses <number>", "number of calls; 0 is not counted", countOf, 0)
    .option("--cap <amount>", "impact that its calls may have together, in the unit of account: 500", units48, 0);
  return command.action(async (options: ActionOptions & { task: number; for: number; uses: number; cap: number }) => {
    await act(command, async (session) => {
      const notBefore = await chainTime(session);
      const { task, to: grantee, uses, cap } = options;
      const action = actionOf(session, options.target, options.function);
      const terms = { ...action, task, grantee, uses, cap };
      const call = grantCall(session, { ...terms, notBefore, notAfter: notBefore + options.for });
      const limited = cap === 0 ? "" : `, with impact of ${unitsText(cap)} at most`;
      return {
        call,
        done: `The grant has effect${limited}, and ends with task ${task} or in ${options.for} seconds.`,
        result: terms,
      };
    });
  });
}

function capabilityCommand(): Command {
  const command = addActOptions(new Command("capability").argument("<name>", "name of the capability"), "granter")
    .description("grant every action of a capability, all or none; a later version of it changes no grant")
    .requiredOption("--to <account>", "the grantee", addressOrName)
    .requiredOption("--task <number>", "the open task that it serves", countOf)
    .requiredOption("--for <duration>", "how long: 10m, 2h", durationSeconds)
    .option("--uses <number>", "number of calls of each action; 0 is not counted", countOf, 0)
    .option("--cap <amount>", "impact of each action's calls together, in the unit of account: 500", units48, 0);
  return command.action(
    async (name: string, options: { to: Hex; task: number; for: number; uses: number; cap: number }) => {
      await act(command, async (session) => {
        const { version, actions } = await capabilityActions(session, name);
        const notBefore = await chainTime(session);
        const { task, to: grantee, uses, cap } = options;
        const terms = { task, grantee, uses, cap, notBefore, notAfter: notBefore + options.for };
        return {
          call: grantCapabilityCall(session, wordOf(name), actions, terms),
          done: `${actions.length} grants have effect: ${name}, version ${version}.`,
          result: { capability: name, version, actions: actions.length, task, grantee },
        };
      });
    },
  );
}

/** Ends what is running of `grants`; grants that are over already need no transaction. */
async function endAll(session: Session, chosen: (grant: GrantState) => boolean, whose: string): Promise<Act> {
  const running = (await allGrants(session)).filter((grant) => isRunning(grant) && chosen(grant));
  if (running.length === 0) {
    throw new MandateError("NothingToEnd", `${whose} has no grant that could be ended`, { kind: "input" });
  }
  const now = running.slice(0, MOST_AT_ONCE);
  const left = running.length - now.length;
  const more = left === 0 ? "" : ` ${left} are left: repeat the command.`;
  return {
    call: endGrantsCall(session, now),
    done: `${now.length === 1 ? "The grant has" : `${now.length} grants have`} ended.${more}`,
    result: { ended: now.length, left },
  };
}

function endCommand(): Command {
  const command = addActOptions(new Command("end"), "granter")
    .description("end grants early: their holder, their task's anchor or the granting office can")
    .option("--to <account>", "end one grant of this account: with --target and --function", addressOrName)
    .option("--target <contract>", targetText)
    .option("--function <signature>", functionText)
    .option("--holder <account>", "end every grant of this account, at once", addressOrName)
    .option("--task <number>", "end every grant of this task, at once; the task stays open", countOf);
  return command.action(async (options: Partial<ActionOptions> & { holder?: Hex; task?: number }) => {
    await act(command, async (session) => {
      const { to, target, holder, task } = options;
      if (to !== undefined && target !== undefined && holder === undefined && task === undefined) {
        const action = actionOf(session, target, options.function);
        const call = endGrantCall(session, { ...action, grantee: to });
        return { call, done: "The grant has ended.", result: { ...action } };
      }
      if (to !== undefined || target !== undefined || (holder === undefined && task === undefined)) {
        throw new MandateError("ChoiceMissing", "say which grants: --to with --target, or --holder, --task or both", {
          kind: "input",
        });
      }
      const chosen = (grant: GrantState): boolean =>
        (holder === undefined || grant.grantee.toLowerCase() === holder.toLowerCase()) &&
        (task === undefined || grant.task === task);
      return endAll(session, chosen, holder ?? `task ${task ?? ""}`);
    });
  });
}

function renounceCommand(): Command {
  const command = addActOptions(new Command("renounce"), "agent")
    .description("give grants of one's own back: one with --target and --function, or all of them")
    .option("--target <contract>", targetText)
    .option("--function <signature>", functionText)
    .option("--all", "every grant that is running");
  return command.action(async (options: { target?: string; function?: string; all?: boolean }) => {
    await act(command, async (session, from) => {
      if ((options.target === undefined) === (options.all !== true)) {
        throw new MandateError("ChoiceMissing", "say which grant: --target with --function, or --all", {
          kind: "input",
        });
      }
      if (options.target === undefined) {
        return endAll(session, ({ grantee }) => grantee.toLowerCase() === from.toLowerCase(), from);
      }
      const action = actionOf(session, options.target, options.function);
      return {
        call: endGrantCall(session, { ...action, grantee: from }),
        done: "The grant is given back.",
        result: { ...action },
      };
    });
  });
}

/** `mandate grant …` */
export function grantCommand(): Command {
  return new Command("grant")
    .description("grants: permissions that live no longer than a task")
    .addCommand(giveCommand())
    .addCommand(capabilityCommand())
    .addCommand(endCommand())
    .addCommand(renounceCommand())
    .addCommand(grantListCommand())
    .addHelpText(
      "after",
      `
Examples:
  $ mandate grant give --to agent --task 1 --for 10m --uses 3 --cap 500 --target BudgetVault --function 'withdraw(bytes32,address,address,uint256)'
  $ mandate grant give --to agent --task 1 --for 10m --target postgres://records/1
  $ mandate grant capability treasurer --to agent --task 1 --for 2h --uses 3
  $ mandate grant end --to agent --target postgres://records/1
  $ mandate grant end --holder agent --as granter
  $ mandate grant renounce --all --as agent
  $ mandate grant list --holder agent`,
    );
}
