import { distances } from "./communication.ts";
import { escalationPath, MAX_PATH } from "./escalation-path.ts";
import type { OrganizationFinding } from "./finding.ts";
import { governanceCycles } from "./governance.ts";
import { teamById, type Organization } from "./organization.ts";
import { agentDepth, depthOf, isInside, teamDepth, zoneDepth } from "./place.ts";

/** Teams that the contract Teams keeps open at a time. */
const MAX_TEAMS = 64;
/** Bits of a team's set of scopes. */
const MAX_SCOPES = 32;
/** A message passes at most this many channels. */
const MAX_DIAMETER = 3;

/** Everything that is wrong with an organization, in a fixed order; nothing where it can be founded. */
export function checkOrganization(organization: Organization): OrganizationFinding[] {
  const names = checkNames(organization);
  // Graphs of teams that are not there would only repeat that they are not there.
  const graphs = names.length > 0 ? [] : [...checkGovernance(organization), ...checkCommunication(organization)];
  return [
    ...names,
    ...checkPlaces(organization),
    ...graphs,
    ...checkFunctions(organization),
    ...checkScopes(organization),
    ...checkActions(organization),
  ];
}

function checkNames(organization: Organization): OrganizationFinding[] {
  const findings: OrganizationFinding[] = [];
  const { root, teams } = organization;
  if (teams.length > MAX_TEAMS) findings.push({ kind: "too-many-teams", teams: teams.length, maximum: MAX_TEAMS });
  for (const team of repeatedIn(teams.map(({ id }) => id))) findings.push({ kind: "team-repeated", team });
  for (const { id, channels, escalatesTo, reportsTo } of teams) {
    const named = [
      ...channels.map((channel) => ({ name: channel, as: "channel" as const })),
      ...(id === root ? [] : [{ name: escalatesTo ?? "nobody", as: "escalates to" as const }]),
      ...(id === root ? [] : [{ name: reportsTo ?? "nobody", as: "reports to" as const }]),
    ];
    for (const { name, as } of named) {
      if (name === id) findings.push({ kind: "names-itself", team: id, as });
      else if (!teamById(organization, name)) findings.push({ kind: "team-unknown", team: id, named: name, as });
    }
  }
  const office = teamById(organization, root);
  if (office === undefined) return [...findings, { kind: "root-unknown", root }];
  if (!office.human) findings.push({ kind: "root-not-human", root });
  const above = office.escalatesTo ?? office.reportsTo;
  if (above !== null) findings.push({ kind: "root-answers-to", root, named: above });
  return findings;
}

function checkPlaces(organization: Organization): OrganizationFinding[] {
  const findings: OrganizationFinding[] = [];
  const takenBy = new Map<string, string>();
  const check = (of: string, place: string, within: string, depth: number): void => {
    if (depthOf(place) !== depth) findings.push({ kind: "place-malformed", place, of, depth });
    else if (!isInside(place, within)) findings.push({ kind: "place-outside", place, of, within });
    const by = takenBy.get(place);
    if (by === undefined) takenBy.set(place, of);
    else findings.push({ kind: "place-taken", place, of, by });
  };
  if (depthOf(organization.place) !== teamDepth - 1) {
    const { name: of, place } = organization;
    findings.push({ kind: "place-malformed", place, of, depth: teamDepth - 1 });
  }
  for (const team of organization.teams) {
    check(team.id, team.place, organization.place, teamDepth);
    for (const zone of team.zones) {
      check(`${team.id}: ${zone.name}`, zone.place, team.place, zoneDepth);
      for (const agent of zone.agents) {
        check(`${team.id}: ${zone.name}: ${agent.name}`, agent.place, zone.place, agentDepth);
      }
    }
  }
  return findings;
}

function checkGovernance(organization: Organization): OrganizationFinding[] {
  const paths = organization.teams.flatMap((team): OrganizationFinding[] => {
    const { ends, path } = escalationPath(organization, team);
    if (ends === "nowhere") return [{ kind: "escalation-without-human", team: team.id, path }];
    return path.length > MAX_PATH ? [{ kind: "path-too-long", team: team.id, path, maximum: MAX_PATH }] : [];
  });
  const cycles = governanceCycles(organization);
  return [...paths, ...cycles.map((teams): OrganizationFinding => ({ kind: "governance-cycle", teams }))];
}

function checkCommunication(organization: Organization): OrganizationFinding[] {
  return distances(organization).flatMap(({ from, to, hops }): OrganizationFinding[] => {
    if (hops === null) return [{ kind: "unreachable", from, to }];
    return hops > MAX_DIAMETER ? [{ kind: "too-far", from, to, hops, maximum: MAX_DIAMETER }] : [];
  });
}

function checkFunctions({ functions, teams }: Organization): OrganizationFinding[] {
  const shared = [...new Set(functions)].flatMap((name): OrganizationFinding[] => {
    const owners = teams.filter((team) => team.functions.includes(name)).map(({ id }) => id);
    if (owners.length === 0) return [{ kind: "function-without-team", function: name }];
    return owners.length > 1 ? [{ kind: "function-shared", function: name, teams: owners }] : [];
  });
  const unlisted = teams.flatMap(({ id, functions: own }) =>
    own
      .filter((name) => !functions.includes(name))
      .map((name): OrganizationFinding => ({ kind: "function-unlisted", function: name, team: id })),
  );
  return [...shared, ...unlisted];
}

function checkScopes({ teams, actions }: Organization): OrganizationFinding[] {
  const scopes = new Set([...teams.flatMap(({ cone }) => cone.scopes), ...actions.map(({ scope }) => scope)]).size;
  return scopes > MAX_SCOPES ? [{ kind: "too-many-scopes", scopes, maximum: MAX_SCOPES }] : [];
}

function checkActions({ actions, capabilities }: Organization): OrganizationFinding[] {
  const listed = actions.map((action) => JSON.stringify([action.target, action.signature]));
  const repeated = repeatedIn(listed).map((key): OrganizationFinding => {
    const [target = "", signature = ""] = JSON.parse(key) as string[];
    return { kind: "action-repeated", target, signature };
  });
  const unknown = capabilities.flatMap(({ name, actions: named }) =>
    named
      .filter(({ target, signature }) => !listed.includes(JSON.stringify([target, signature])))
      .map((action): OrganizationFinding => ({ kind: "action-unknown", ...action, capability: name })),
  );
  const twice = repeatedIn(capabilities.map(({ name }) => name));
  return [
    ...repeated,
    ...unknown,
    ...twice.map((capability): OrganizationFinding => ({ kind: "capability-repeated", capability })),
  ];
}

/** What occurs more than once, each once. */
function repeatedIn(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
