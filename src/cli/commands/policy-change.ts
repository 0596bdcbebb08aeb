import { Command } from "commander";
import { iConstitutionAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import {
  cancelChangeCall,
  consentCall,
  enactChangeCall,
  proposeChangeCall,
  setTeamValueCall,
} from "../../sdk/policy.ts";
import { act, addActOptions } from "../chain/act.ts";
import { read } from "../../sdk/read.ts";
import type { Session } from "../../sdk/session.ts";
import type { DevAccountName } from "../../chain/dev-accounts.ts";
import { parameterName, parameterOf, valueOf, valueText } from "../values/parameter.ts";
import { reasonHash, type Reason } from "../values/reason.ts";
import { teamOf } from "../values/team.ts";
import { durationText } from "../values/time.ts";

function commandFor(name: string, usual: DevAccountName, description: string): Command {
  const base = new Command(name).argument("<parameter>", "name of the parameter, such as cone.maxImpact", parameterOf);
  return addActOptions(base, usual).description(description);
}

const reasonOption = ["--reason <text>", "why; the chain keeps the hash of this text"] as const;

/** The team whose value is meant: the office's where none is named. */
function teamOrOffice(session: Session, team: string | undefined): Promise<number> {
  return team === undefined ? Promise.resolve(0) : teamOf(session, team);
}

export function policyProposeCommand(): Command {
  const command = commandFor(
    "propose",
    "governor",
    "announce another office value; it applies once enacted, after a delay",
  )
    .argument("<value>", "in the parameter's unit: 50000, 80, 72h")
    .requiredOption(...reasonOption);
  return command.action(async (parameter: Hex, text: string, { reason }: { reason: string }) => {
    await act(command, async (session) => {
      const value = valueOf(parameter, text);
      const delay = await read(session, "Constitution", iConstitutionAbi, "changeDelay", []);
      return {
        call: proposeChangeCall(session, parameter, value, reasonHash(reason)),
        documents: [{ reason } satisfies Reason],
        done:
          `${parameterName(parameter)} becomes ${valueText(parameter, value)} once it is enacted, ` +
          `${durationText(delay)} from now at the earliest: mandate policy show ${parameterName(parameter)}`,
        result: { parameter, value },
      };
    });
  });
}

export function policyConsentCommand(): Command {
  const command = commandFor(
    "consent",
    "anchor",
    "as a team's live anchor, consent to the change of a kernel parameter",
  );
  command.requiredOption("--team <team>", "one's team, by number or place");
  return command.action(async (parameter: Hex, options: { team: string }) => {
    await act(command, async (session) => {
      const team = await teamOf(session, options.team);
      return { call: consentCall(session, parameter, team), done: `Team ${options.team} consents.`, result: { team } };
    });
  });
}

export function policyCancelCommand(): Command {
  const command = commandFor("cancel", "governor", "withdraw a change that waits")
    .option("--team <team>", "a team's own change, by number or place (default: the office's)")
    .requiredOption(...reasonOption);
  return command.action(async (parameter: Hex, options: { team?: string; reason: string }) => {
    await act(command, async (session) => {
      const team = await teamOrOffice(session, options.team);
      return {
        call: cancelChangeCall(session, parameter, team, reasonHash(options.reason)),
        documents: [{ reason: options.reason } satisfies Reason],
        done: "The change is cancelled.",
        result: { parameter, team },
      };
    });
  });
}

export function policyEnactCommand(): Command {
  const command = commandFor("enact", "relayer", "let a change apply that was announced long enough ago; anyone can");
  command.option("--team <team>", "a team's own change, by number or place (default: the office's)");
  return command.action(async (parameter: Hex, options: { team?: string }) => {
    await act(command, async (session) => {
      const team = await teamOrOffice(session, options.team);
      return {
        call: enactChangeCall(session, parameter, team),
        done: `${parameterName(parameter)} has its new value.`,
        result: { parameter, team },
      };
    });
  });
}

export function policyTeamSetCommand(): Command {
  const base = new Command("team-set")
    .argument("<team>", "number or place of the team")
    .argument("<parameter>", "name of the parameter, such as cone.maxImpact", parameterOf)
    .argument("<value>", "in the parameter's unit: 50000, 80, 72h");
  const command = addActOptions(base, "anchor")
    .description("as a team's live anchor, give it a value of its own: stricter at once, less strict after a delay")
    .requiredOption(...reasonOption);
  return command.action(async (name: string, parameter: Hex, text: string, { reason }: { reason: string }) => {
    await act(command, async (session) => {
      const team = await teamOf(session, name);
      const value = valueOf(parameter, text);
      return {
        call: setTeamValueCall(session, { team, parameter, value }, reasonHash(reason)),
        documents: [{ reason } satisfies Reason],
        done: `Set for team ${name}, or announced where it is less strict: mandate policy show ${parameterName(parameter)}`,
        result: { parameter, team, value },
      };
    });
  });
}
