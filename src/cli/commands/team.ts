import { Command } from "commander";
import type { Hex } from "../../core/hex.ts";
import { addMemberCall, removeMemberCall } from "../../sdk/team.ts";
import { act, addActOptions } from "../chain/act.ts";
import { addressOrName } from "../chain/signer.ts";
import { reasonHash, type Reason } from "../values/reason.ts";
import { teamOf } from "../values/team.ts";
import {
  teamAnchorCommand,
  teamCloseCommand,
  teamConesCommand,
  teamOpenCommand,
  teamPathCommand,
  teamTierCommand,
  teamTriggersCommand,
} from "./team-change.ts";
import { teamDefaultsCommand, teamLoadCommand } from "./team-load.ts";
import { teamListCommand, teamShowCommand } from "./team-show.ts";

function memberChangeCommand(name: "add" | "remove", description: string): Command {
  const base = new Command(name)
    .argument("<team>", "number or place of the team")
    .argument("<account>", "the member", addressOrName);
  const command = addActOptions(base, "governor")
    .description(description)
    .requiredOption("--reason <text>", "why; the chain keeps the hash of this text");
  const callOf = name === "add" ? addMemberCall : removeMemberCall;
  return command.action(async (text: string, member: Hex, { reason }: { reason: string }) => {
    await act(command, async (session) => {
      const team = await teamOf(session, text);
      return {
        call: callOf(session, team, member, reasonHash(reason)),
        documents: [{ reason } satisfies Reason],
        done: `${member} ${name === "add" ? "is a member" : "is no member any more"} of team ${text}.`,
        result: { team, member },
      };
    });
  });
}

function memberCommand(): Command {
  return new Command("member")
    .description("members of a team: people and agents; a membership alone permits nothing")
    .addCommand(memberChangeCommand("add", "add a member to a team"))
    .addCommand(memberChangeCommand("remove", "remove a member from a team"));
}

/** `mandate team …` */
export function teamCommand(): Command {
  return new Command("team")
    .description("teams: who acts within which limits, for which human, and to whom that climbs")
    .addCommand(teamListCommand())
    .addCommand(teamShowCommand())
    .addCommand(teamLoadCommand())
    .addCommand(teamDefaultsCommand())
    .addCommand(teamOpenCommand())
    .addCommand(teamAnchorCommand())
    .addCommand(teamPathCommand())
    .addCommand(teamConesCommand())
    .addCommand(teamTriggersCommand())
    .addCommand(memberCommand())
    .addCommand(teamTierCommand())
    .addCommand(teamCloseCommand())
    .addHelpText(
      "after",
      `
Examples:
  $ mandate team list
  $ mandate team show G1.U1.P6
  $ mandate team defaults > organization.json
  $ mandate team load organization.json --anchor '*=anchor' --dry-run
  $ mandate team open G1.U1.P11 --anchor anchor --cone 0::100 --cone 5000:refunds:90 --path G1.U1.P7,G1.U1.P0 --reason 'a second support team'
  $ mandate team cones G1.U1.P11 --cone 0::100 --cone 8000:refunds:90 --reason 'a year without an overturned refund'
  $ mandate team member add G1.U1.P6 agent --reason 'works on the budget'
  $ mandate team tier raise G1.U1.P6 --evidence 'three quarters without an overturned proof' --as anchor`,
    );
}
