/** Why an organization is refused. `team` is a team's id. */
export type OrganizationFinding =
  | { readonly kind: "unreadable"; readonly at: string; readonly problem: string }
  | { readonly kind: "team-repeated"; readonly team: string }
  | {
      readonly kind: "team-unknown";
      readonly team: string;
      readonly named: string;
      readonly as: "channel" | "escalates to" | "reports to";
    }
  | { readonly kind: "names-itself"; readonly team: string; readonly as: "channel" | "escalates to" | "reports to" }
  | { readonly kind: "root-unknown"; readonly root: string }
  | { readonly kind: "root-not-human"; readonly root: string }
  | { readonly kind: "root-answers-to"; readonly root: string; readonly named: string }
  | { readonly kind: "place-malformed"; readonly place: string; readonly of: string; readonly depth: number }
  | { readonly kind: "place-outside"; readonly place: string; readonly of: string; readonly within: string }
  | { readonly kind: "place-taken"; readonly place: string; readonly of: string; readonly by: string }
  | { readonly kind: "escalation-without-human"; readonly team: string; readonly path: readonly string[] }
  | {
      readonly kind: "path-too-long";
      readonly team: string;
      readonly path: readonly string[];
      readonly maximum: number;
    }
  | { readonly kind: "governance-cycle"; readonly teams: readonly string[] }
  | { readonly kind: "unreachable"; readonly from: string; readonly to: string }
  | {
      readonly kind: "too-far";
      readonly from: string;
      readonly to: string;
      readonly hops: number;
      readonly maximum: number;
    }
  | { readonly kind: "function-without-team"; readonly function: string }
  | { readonly kind: "function-shared"; readonly function: string; readonly teams: readonly string[] }
  | { readonly kind: "function-unlisted"; readonly function: string; readonly team: string }
  | { readonly kind: "too-many-teams"; readonly teams: number; readonly maximum: number }
  | { readonly kind: "too-many-scopes"; readonly scopes: number; readonly maximum: number }
  | { readonly kind: "action-repeated"; readonly target: string; readonly signature: string }
  | {
      readonly kind: "action-unknown";
      readonly target: string;
      readonly signature: string;
      readonly capability: string;
    }
  | { readonly kind: "capability-repeated"; readonly capability: string };

/** The finding as a sentence for a person. */
export function describeFinding(finding: OrganizationFinding): string {
  switch (finding.kind) {
    case "unreadable":
      return `${finding.at || "the file"}: ${finding.problem}`;
    case "team-repeated":
      return `two teams are called ${finding.team}`;
    case "team-unknown":
      return `${finding.team} names ${finding.named} (${finding.as}), which is no team`;
    case "names-itself":
      return `${finding.team} names itself (${finding.as})`;
    case "root-unknown":
      return `the root office ${finding.root} is not among the teams`;
    case "root-not-human":
      return `the root office ${finding.root} is not human: no escalation would end at a person`;
    case "root-answers-to":
      return `the root office ${finding.root} answers to ${finding.named}: nobody is above it`;
    case "place-malformed":
      return `${finding.of} is at ${finding.place}, which is not a place ${finding.depth} levels deep, such as G1.U1.P3.Z2.A4`;
    case "place-outside":
      return `${finding.of} is at ${finding.place}, which is not within ${finding.within}`;
    case "place-taken":
      return `${finding.of} is at ${finding.place}, where ${finding.by} is`;
    case "escalation-without-human":
      return `what ${finding.team} escalates never reaches a human: ${[finding.team, ...finding.path].join(" → ")}`;
    case "path-too-long":
      return `${finding.team} escalates along ${finding.path.length} offices, ${finding.maximum} at most are allowed`;
    case "governance-cycle":
      return `${finding.teams.join(", ")} govern each other in a circle`;
    case "unreachable":
      return `no message gets from ${finding.from} to ${finding.to}`;
    case "too-far":
      return `a message from ${finding.from} to ${finding.to} takes ${finding.hops} channels, ${finding.maximum} at most are allowed`;
    case "function-without-team":
      return `nobody is responsible for "${finding.function}"`;
    case "function-shared":
      return `${finding.teams.join(" and ")} are all primarily responsible for "${finding.function}"`;
    case "function-unlisted":
      return `${finding.team} is responsible for "${finding.function}", which the organization does not list`;
    case "too-many-teams":
      return `${finding.teams} teams, ${finding.maximum} at most are allowed`;
    case "too-many-scopes":
      return `${finding.scopes} scopes, ${finding.maximum} at most are allowed`;
    case "action-repeated":
      return `${finding.signature} of ${finding.target} is listed twice`;
    case "action-unknown":
      return `the capability ${finding.capability} names ${finding.signature} of ${finding.target}, which is no listed action`;
    case "capability-repeated":
      return `two capabilities are called ${finding.capability}`;
  }
}
