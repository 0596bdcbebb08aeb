import { Command, Option } from "commander";
import { parseEventLogs } from "viem";
import { iTeamsAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import {
  closeTeamCall,
  lowerTierCall,
  openTeamCall,
  raiseTierCall,
  setTeamAnchorCall,
  setTeamConesCall,
  setTeamPathCall,
  setTeamTriggersCall,
} from "../../sdk/team.ts";
import { act, addActOptions } from "../chain/act.ts";
import type { ContractCall } from "../../sdk/contract-call.ts";
import type { Session } from "../../sdk/session.ts";
import { addressOrName } from "../chain/signer.ts";
import { scopeNames } from "../state/teams.ts";
import { bytes32 } from "../values/bytes32.ts";
import { coneOf, coneText, type ConeText } from "../values/cone.ts";
import { triggers } from "../../sdk/contract-enums.ts";
import { countOf } from "../values/count.ts";
import { listOf } from "../values/list.ts";
import { reasonHash, type Reason } from "../values/reason.ts";
import { teamOf } from "../values/team.ts";

const coneHelp = "limits of a tier, strictest first: impact:scopes:reversibility, such as 50000:pricing,deals:60";
const pathHelp = "teams to which it escalates, in order, the root office last: G1.U1.P7,G1.U1.P0";

function withReason(command: Command): Command {
  return command.requiredOption("--reason <text>", "why; the chain keeps the hash of this text");
}

function triggersOption(): Option {
  const option = new Option("--trigger <names...>", "what lowers its tier by itself");
  return option.choices(triggers).default([...triggers], "all of them");
}

function triggerBits(names: readonly string[]): number {
  return triggers.reduce((bits, name, bit) => (names.includes(name) ? bits | (1 << bit) : bits), 0);
}

function teamsOf(session: Session, path: readonly string[]): Promise<number[]> {
  return Promise.all(path.map((each) => teamOf(session, each)));
}

async function conesFrom(session: Session, texts: readonly ConeText[]) {
  const names = await scopeNames(session);
  return texts.map((each) => coneOf(each, names));
}

export function teamOpenCommand(): Command {
  const base = addActOptions(new Command("open").argument("<place>", "where it stands, such as G1.U1.P3"), "governor");
  const command = withReason(base)
    .description("open a team: with an anchor, limits, and a path that ends at the root office")
    .requiredOption("--anchor <account>", "the live anchor who answers for it", addressOrName)
    .requiredOption("--cone <limits>", coneHelp, coneText)
    .option("--tier <number>", "tier at which it starts (default: the highest)", countOf)
    .option("--path <teams>", `${pathHelp} (the root office itself needs none)`, listOf)
    .addOption(triggersOption());
  return command.action(
    async (
      place: string,
      options: {
        anchor: Hex;
        cone: ConeText[];
        tier?: number;
        path?: string[];
        trigger: string[];
        reason: string;
      },
    ) => {
      await act(command, async (session) => {
        const terms = {
          place,
          anchor: options.anchor,
          cones: await conesFrom(session, options.cone),
          tier: options.tier ?? options.cone.length - 1,
          path: options.path === undefined ? [1] : await teamsOf(session, options.path),
          triggers: triggerBits(options.trigger),
        };
        return {
          call: openTeamCall(session, terms, reasonHash(options.reason)),
          documents: [{ reason: options.reason } satisfies Reason],
          done: `The team at ${place} is open.`,
          resultOf: (receipt) => {
            const [opened] = parseEventLogs({ abi: iTeamsAbi, eventName: "TeamOpened", logs: receipt.logs });
            return { team: opened?.args.team, place };
          },
        };
      });
    },
  );
}

/** A command that changes one team by a call that `prepare` makes. */
function changeCommand(
  command: Command,
  prepare: (session: Session, team: number, reason: Hex) => Promise<ContractCall>,
  done: string,
): Command {
  return command.action(async (text: string, { reason }: { reason: string }) => {
    await act(command, async (session) => {
      const team = await teamOf(session, text);
      return {
        call: await prepare(session, team, reasonHash(reason)),
        documents: [{ reason } satisfies Reason],
        done: `Team ${text}: ${done}.`,
        result: { team },
      };
    });
  });
}

function teamCommandFor(name: string, description: string): Command {
  const base = new Command(name).argument("<team>", "number or place of the team").description(description);
  return withReason(addActOptions(base, "governor"));
}

export function teamAnchorCommand(): Command {
  const command = teamCommandFor("anchor", "name another anchor for a team");
  command.requiredOption("--to <account>", "the live anchor", addressOrName);
  return changeCommand(
    command,
    (session, team, reason) =>
      Promise.resolve(setTeamAnchorCall(session, team, command.opts<{ to: Hex }>().to, reason)),
    "another anchor answers for it",
  );
}

export function teamPathCommand(): Command {
  const command = teamCommandFor("path", "change to whom a team escalates").requiredOption(
    "--to <teams>",
    pathHelp,
    listOf,
  );
  return changeCommand(
    command,
    async (session, team, reason) => {
      const path = await teamsOf(session, command.opts<{ to: string[] }>().to);
      return setTeamPathCall(session, team, path, reason);
    },
    "its path is changed; escalations that are open keep theirs",
  );
}

export function teamConesCommand(): Command {
  const command = teamCommandFor("cones", "change a team's limits, tier by tier");
  command.requiredOption("--cone <limits>", coneHelp, coneText);
  return changeCommand(
    command,
    async (session, team, reason) => {
      const cones = await conesFrom(session, command.opts<{ cone: ConeText[] }>().cone);
      return setTeamConesCall(session, team, cones, reason);
    },
    "its limits are changed",
  );
}

export function teamTriggersCommand(): Command {
  const command = teamCommandFor("triggers", "change what lowers a team's tier by itself").addOption(triggersOption());
  return changeCommand(
    command,
    (session, team, reason) => {
      const bits = triggerBits(command.opts<{ trigger: string[] }>().trigger);
      return Promise.resolve(setTeamTriggersCall(session, team, bits, reason));
    },
    "its triggers are changed",
  );
}

export function teamCloseCommand(): Command {
  return changeCommand(
    teamCommandFor("close", "close a team for good: nobody acts for it any more"),
    (session, team, reason) => Promise.resolve(closeTeamCall(session, team, reason)),
    "it is closed",
  );
}

function tierRaiseCommand(): Command {
  const base = addActOptions(new Command("raise").argument("<team>", "number or place of the team"), "anchor");
  const command = base
    .description("one tier up, by an anchor up the team's path, on a record of competence")
    .requiredOption("--evidence <text>", "the record of competence; the chain keeps the hash of this text");
  return command.action(async (text: string, { evidence }: { evidence: string }) => {
    await act(command, async (session) => {
      const team = await teamOf(session, text);
      return {
        call: raiseTierCall(session, team, reasonHash(evidence)),
        documents: [{ reason: evidence } satisfies Reason],
        done: `Team ${text} is one tier higher.`,
        result: { team },
      };
    });
  });
}

function tierLowerCommand(): Command {
  const base = addActOptions(new Command("lower").argument("<team>", "number or place of the team"), "governor");
  const command = base
    .description("one tier down, at once: for who holds RATCHET_ROLE, usually contracts that trip and overturn")
    .addOption(new Option("--trigger <name>", "what happened").choices(triggers).makeOptionMandatory())
    .requiredOption("--cause <bytes32>", "the trip, the overturned proof or the upheld challenge", bytes32);
  return command.action(async (text: string, options: { trigger: (typeof triggers)[number]; cause: Hex }) => {
    await act(command, async (session) => {
      const team = await teamOf(session, text);
      return {
        call: lowerTierCall(session, team, triggers.indexOf(options.trigger), options.cause),
        done: `Team ${text} is one tier lower, unless it was at the lowest or this is no trigger of its own.`,
        result: { team },
      };
    });
  });
}

export function teamTierCommand(): Command {
  return new Command("tier")
    .description("tiers: how much a team may decide by itself")
    .addCommand(tierRaiseCommand())
    .addCommand(tierLowerCommand());
}
