import { toFunctionSelector, zeroAddress } from "viem";
import { iActionCatalogAbi, iTeamsAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { textOfAsciiWord } from "../../org/ascii-word.ts";
import type { FoundingCall, FoundingPlan } from "../../org/teams/founding-calls.ts";
import { setTeamAnchorCall, setTeamConesCall, setTeamPathCall, setTeamTriggersCall } from "../../sdk/team.ts";
import { contractCall, type ContractCall } from "../../sdk/contract-call.ts";
import { read } from "../../sdk/read.ts";
import type { Session } from "../../sdk/session.ts";

/** One call that brings the chain closer to a file. */
export interface LoadStep {
  readonly text: string;
  readonly call: ContractCall;
}

type CallOf<Name extends FoundingCall["functionName"]> = Extract<FoundingCall, { functionName: Name }>;

/** Whether two values from the chain or a file say the same; addresses and hashes in either spelling. */
function same(a: unknown, b: unknown): boolean {
  const plain = (value: unknown): string =>
    JSON.stringify(value, (_key, each: unknown) => {
      return typeof each === "bigint" || typeof each === "string" ? String(each).toLowerCase() : each;
    });
  return plain(a) === plain(b);
}

async function isRegistered(session: Session, { args: [wanted] }: CallOf<"registerAction">): Promise<boolean> {
  const selector = toFunctionSelector(`function ${wanted.signature}`);
  const key = [wanted.target, selector] as const;
  const [version, facts, inverse] = await read(session, "ActionCatalog", iActionCatalogAbi, "actionOf", key);
  if (version === 0) return false;
  const scopes = await read(session, "ActionCatalog", iActionCatalogAbi, "scopes", []);
  const { impact, fixedImpact, amountWord, assetWord, reversibility } = facts;
  const found = { impact, fixedImpact, amountWord, assetWord, reversibility, scope: scopes[facts.scope] };
  const {
    impact: kind,
    fixedImpact: fixed,
    amountWord: amount,
    assetWord: asset,
    reversibility: percent,
    scope,
  } = wanted;
  const needed = {
    impact: kind,
    fixedImpact: fixed,
    amountWord: amount,
    assetWord: asset,
    reversibility: percent,
    scope,
  };
  const undone = { target: wanted.inverseTarget, selector: wanted.inverseSelector };
  const isSameInverse = wanted.inverseTarget === zeroAddress ? inverse.target === zeroAddress : same(inverse, undone);
  return same(found, needed) && isSameInverse;
}

async function isDefined(
  session: Session,
  { args: [capability, wanted] }: CallOf<"defineCapability">,
): Promise<boolean> {
  const [version, actions] = await read(session, "ActionCatalog", iActionCatalogAbi, "capabilityOf", [capability]);
  return version !== 0 && same(actions, wanted);
}

/** What a team that is open lacks of what the file says. */
async function teamSteps(
  session: Session,
  number: number,
  { args }: CallOf<"openTeam">,
  path: readonly number[],
): Promise<LoadStep[]> {
  const [place, anchor, cones, , , triggers, reason] = args;
  const [team, presentCones] = await Promise.all([
    read(session, "Teams", iTeamsAbi, "getTeam", [number]),
    read(session, "Teams", iTeamsAbi, "conesOf", [number]),
  ]);
  const name = `team ${number} (${textOfAsciiWord(place)})`;
  return [
    ...(same(team.anchor, anchor)
      ? []
      : [{ text: `${name}: another anchor`, call: setTeamAnchorCall(session, number, anchor, reason) }]),
    ...(same(presentCones, cones)
      ? []
      : [{ text: `${name}: other limits`, call: setTeamConesCall(session, number, cones, reason) }]),
    ...(team.triggers === triggers
      ? []
      : [{ text: `${name}: other triggers`, call: setTeamTriggersCall(session, number, triggers, reason) }]),
    ...(same(team.path, path)
      ? []
      : [{ text: `${name}: another path`, call: setTeamPathCall(session, number, path, reason) }]),
  ];
}

/**
 * The calls of a founding plan that the chain still lacks: none where it is as the file says, the rest where a load was
 * interrupted, the differences where it has come apart.
 * @throws {MandateError} `TeamsDiffer` where the chain's teams are not those of the file.
 */
export async function stepsFrom(session: Session, plan: Extract<FoundingPlan, { planned: true }>): Promise<LoadStep[]> {
  const count = await read(session, "Teams", iTeamsAbi, "teamCount", []);
  const paths = new Map<number, readonly number[]>();
  for (const call of plan.calls) if (call.functionName === "setPath") paths.set(call.args[0], call.args[1]);
  const steps: LoadStep[] = [];
  let opened = 0;
  for (const call of plan.calls) {
    switch (call.functionName) {
      case "nameScope": {
        const [name] = call.args;
        if ((await read(session, "ActionCatalog", iActionCatalogAbi, "scopes", [])).includes(name)) break;
        const text = `name the scope ${textOfAsciiWord(name)}`;
        steps.push({ text, call: contractCall(session, "ActionCatalog", iActionCatalogAbi, "nameScope", call.args) });
        break;
      }
      case "registerAction": {
        if (await isRegistered(session, call)) break;
        const text = `register ${call.args[0].signature} in the scope ${textOfAsciiWord(call.args[0].scope)}`;
        steps.push({
          text,
          call: contractCall(session, "ActionCatalog", iActionCatalogAbi, "registerAction", call.args),
        });
        break;
      }
      case "defineCapability": {
        if (await isDefined(session, call)) break;
        const text = `define the capability ${textOfAsciiWord(call.args[0])}`;
        steps.push({
          text,
          call: contractCall(session, "ActionCatalog", iActionCatalogAbi, "defineCapability", call.args),
        });
        break;
      }
      case "openTeam": {
        opened += 1;
        const number = await read(session, "Teams", iTeamsAbi, "teamAt", [call.args[0]]);
        const place = textOfAsciiWord(call.args[0]);
        if (number !== 0 && number !== opened) throw differs(place, opened, number);
        if (number === 0 && opened <= count) throw differs(place, opened, number);
        if (number === 0) {
          const text = `open team ${opened} at ${place}`;
          steps.push({ text, call: contractCall(session, "Teams", iTeamsAbi, "openTeam", call.args) });
        } else {
          steps.push(...(await teamSteps(session, number, call, paths.get(number) ?? call.args[4])));
        }
        break;
      }
      case "setPath": {
        if (call.args[0] <= count) break; // compared with the rest of its team above
        const text = `team ${call.args[0]}: its path, now that every team of it is open`;
        steps.push({ text, call: contractCall(session, "Teams", iTeamsAbi, "setPath", call.args) });
        break;
      }
    }
  }
  return steps;
}

function differs(place: string, expected: number, actual: number): MandateError {
  const found = actual === 0 ? "another team has this number" : `there it is number ${actual}`;
  return new MandateError("TeamsDiffer", `the file's team ${expected} is at ${place}, and on chain ${found}`, {
    kind: "input",
    data: { place, expected, actual },
    remedy: "A file is loaded onto a chain without teams, or onto one that it was loaded onto before.",
  });
}
