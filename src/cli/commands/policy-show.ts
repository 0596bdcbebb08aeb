import { Command } from "commander";
import { iConstitutionAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { chainTime, read } from "../../sdk/read.ts";
import type { Session } from "../../sdk/session.ts";
import { addSessionOptions, sessionOf } from "../chain/session-options.ts";
import { addDocumentsOption, documentsOf } from "../documents/document-store.ts";
import { outputOf } from "../output.ts";
import { allParameters, parameterState, pendingChanges, teamValue, type ParameterState } from "../state/parameters.ts";
import { placesOf, teamText } from "../state/teams.ts";
import { changeText } from "../text/change-text.ts";
import { factsText, tableText } from "../text/table.ts";
import { parameterName, parameterOf, valueText } from "../values/parameter.ts";
import { saidBy } from "../values/reason.ts";
import { teamOf } from "../values/team.ts";
import { timeText } from "../values/time.ts";

/** @throws {MandateError} `ParameterUnknown` where the constitution has no such parameter. */
async function definedParameter(session: Session, parameter: Hex): Promise<ParameterState> {
  const defined = await read(session, "Constitution", iConstitutionAbi, "parameters", []);
  if (defined.some((each) => each.toLowerCase() === parameter.toLowerCase())) return parameterState(session, parameter);
  throw new MandateError("ParameterUnknown", `the constitution has no parameter ${parameterName(parameter)}`, {
    kind: "input",
    data: { parameter },
    remedy: `It has ${defined.map(parameterName).join(", ") || "none"}.`,
  });
}

/** `mandate policy list` */
export function policyListCommand(): Command {
  const command = addSessionOptions(new Command("list"))
    .description("show every parameter: what applies, its bounds for good, what waits")
    .option("--team <team>", "what applies to this team, by number or place");
  return command.action(async (options: { team?: string }) => {
    const session = await sessionOf(command);
    const team = options.team === undefined ? undefined : await teamOf(session, options.team);
    const now = await chainTime(session);
    const parameters = await Promise.all(
      (await allParameters(session)).map(async (each) => ({
        ...each,
        ...(team === undefined ? {} : { team: await teamValue(session, each.parameter, team) }),
        pending: await pendingChanges(session, each.parameter, now),
      })),
    );
    const rows = parameters.map((each) => [
      each.name,
      valueText(each.parameter, each.team?.effective ?? each.officeValue),
      each.team?.decidedBy ?? "office",
      `${each.stricter} is stricter`,
      `${valueText(each.parameter, each.minimum)} to ${valueText(each.parameter, each.maximum)}`,
      each.kernel ? "kernel" : "",
      `${each.pending.length}`,
    ]);
    const head = ["parameter", "applies", "decided by", "direction", "bounds", "", "waiting"];
    outputOf(command).result({ parameters }, tableText(head, rows, "No parameter is defined."));
  });
}

/** `mandate policy show` */
export function policyShowCommand(): Command {
  const base = new Command("show").argument(
    "<parameter>",
    "name of the parameter, such as cone.maxImpact",
    parameterOf,
  );
  const command = addSessionOptions(base);
  command.description("show a parameter: the office's value, each team's, which of them is stricter, and what waits");
  return command.action(async (parameter: Hex) => {
    const session = await sessionOf(command);
    const state = await definedParameter(session, parameter);
    const [places, now] = await Promise.all([placesOf(session), chainTime(session)]);
    const [pending, teams] = await Promise.all([
      pendingChanges(session, parameter, now),
      Promise.all([...places.keys()].map((team) => teamValue(session, parameter, team))),
    ]);
    const facts = factsText([
      ["parameter", `${state.name}${state.kernel ? ", kernel: a change takes consent" : ""}`],
      ["office", `${valueText(parameter, state.officeValue)}, version ${state.version}`],
      ["direction", `${state.stricter} is stricter`],
      ["bounds", `${valueText(parameter, state.minimum)} to ${valueText(parameter, state.maximum)}, for good`],
      ["waits", pending.map((each) => changeText(parameter, each, places, now)).join("\n") || "nothing"],
    ]);
    const rows = teams.map((each) => [
      teamText(places, each.team),
      each.own === undefined ? "none" : valueText(parameter, each.own),
      valueText(parameter, each.office),
      valueText(parameter, each.effective),
      each.decidedBy === "both" ? "both are equal" : `the ${each.decidedBy} is stricter`,
    ]);
    const table = tableText(["team", "its own", "office", "applies", "because"], rows, "There is no team yet.");
    outputOf(command).result({ ...state, teams, pending }, `${facts}\n\n${table}`);
  });
}

/** `mandate policy history` */
export function policyHistoryCommand(): Command {
  const base = new Command("history").argument("<parameter>", "name of the parameter", parameterOf);
  const command = addDocumentsOption(addSessionOptions(base))
    .description("show every value that applied, since when and why")
    .option("--team <team>", "a team's own values, by number or place (default: the office's)");
  return command.action(async (parameter: Hex, options: { team?: string }) => {
    const session = await sessionOf(command);
    await definedParameter(session, parameter);
    const team = options.team === undefined ? 0 : await teamOf(session, options.team);
    const count = await read(session, "Constitution", iConstitutionAbi, "versionOf", [parameter, team]);
    const versions = await Promise.all(
      Array.from({ length: count }, async (_none, index) => {
        const version = index + 1;
        const args = [parameter, team, version] as const;
        const [value, since, reason] = await read(session, "Constitution", iConstitutionAbi, "valueAt", args);
        return { version, value, since, reason };
      }),
    );
    const store = documentsOf(command);
    const rows = versions.map(({ version, value, since, reason }) => {
      return [`${version}`, valueText(parameter, value), timeText(since), saidBy(store, reason)];
    });
    const text = tableText(["version", "value", "since", "reason"], rows, "It never had a value of its own.");
    outputOf(command).result({ parameter, name: parameterName(parameter), team, versions }, text);
  });
}
