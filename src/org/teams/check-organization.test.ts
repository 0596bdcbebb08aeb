import { describe, expect, it } from "vitest";
import { checkOrganization } from "./check-organization.ts";
import { describeFinding, type OrganizationFinding } from "./finding.ts";
import { loadOrganization } from "./load-organization.ts";
import { organizationFile } from "./organization-file.ts";
import type { ActionDefinition, Organization, TeamDefinition } from "./organization.ts";
import { tenTeamOffice } from "./ten-team-office.ts";

function changed(id: string, changes: Partial<TeamDefinition>, more: Partial<Organization> = {}): Organization {
  const teams = tenTeamOffice.teams.map((team) => (team.id === id ? { ...team, ...changes } : team));
  return { ...tenTeamOffice, teams, ...more };
}

const withdraw: ActionDefinition = {
  target: "BudgetVault",
  signature: "withdraw(bytes32,address,address,uint256)",
  impact: { kind: "assetAmount", amountWord: 3, assetWord: 1 },
  scope: "budget allocation",
  reversibility: 50,
  inverse: null,
};
const { target, signature } = withdraw;

/** A chain of `length` teams below the office, each with channels both ways. */
function chainOf(length: number): Organization {
  const root = tenTeamOffice.teams[0];
  if (!root) throw new Error("no root");
  const ids = Array.from({ length }, (_, index) => `t${index}`);
  const teams = ids.map((id, index): TeamDefinition => {
    const above = ids[index - 1] ?? root.id;
    const channels = [root.id];
    return {
      ...root,
      id,
      place: `G1.U1.P${index + 1}`,
      human: false,
      channels,
      escalatesTo: above,
      reportsTo: above,
      zones: [],
    };
  });
  return { ...tenTeamOffice, functions: [], teams: [{ ...root, channels: ids }, ...teams] };
}

const refused: [string, Organization, OrganizationFinding[]][] = [
  [
    "a channel to nobody",
    changed("hr", { channels: ["legal", "nobody"] }),
    [{ kind: "team-unknown", team: "hr", named: "nobody", as: "channel" }],
  ],
  [
    "an escalation to nobody",
    changed("hr", { escalatesTo: "nobody" }),
    [{ kind: "team-unknown", team: "hr", named: "nobody", as: "escalates to" }],
  ],
  [
    "no escalation",
    changed("hr", { escalatesTo: null }),
    [{ kind: "team-unknown", team: "hr", named: "nobody", as: "escalates to" }],
  ],
  [
    "nobody above",
    changed("hr", { reportsTo: null }),
    [{ kind: "team-unknown", team: "hr", named: "nobody", as: "reports to" }],
  ],
  [
    "an escalation to itself",
    changed("hr", { escalatesTo: "hr" }),
    [{ kind: "names-itself", team: "hr", as: "escalates to" }],
  ],
  [
    "a team twice",
    { ...tenTeamOffice, teams: [...tenTeamOffice.teams, ...tenTeamOffice.teams.slice(4, 5)] },
    [
      { kind: "team-repeated", team: "hr" },
      { kind: "place-taken", place: "G1.U1.P4", of: "hr", by: "hr" },
      ...["hiring", "performance", "culture"].map((name) => ({
        kind: "function-shared" as const,
        function: name,
        teams: ["hr", "hr"],
      })),
    ],
  ],
  [
    "a root that is not there",
    changed("hr", {}, { root: "board" }),
    [
      { kind: "team-unknown", team: "ceo", named: "nobody", as: "escalates to" },
      { kind: "team-unknown", team: "ceo", named: "nobody", as: "reports to" },
      { kind: "root-unknown", root: "board" },
    ],
  ],
  ["a root that is no human", changed("ceo", { human: false }), [{ kind: "root-not-human", root: "ceo" }]],
  [
    "a root below another",
    changed("ceo", { reportsTo: "legal" }),
    [{ kind: "root-answers-to", root: "ceo", named: "legal" }],
  ],
  [
    "a place that is no team's",
    changed("hr", { place: "G1.U1.P4.Z1" }),
    [{ kind: "place-malformed", place: "G1.U1.P4.Z1", of: "hr", depth: 3 }],
  ],
  [
    "a place elsewhere",
    changed("hr", { place: "G1.U2.P4" }),
    [{ kind: "place-outside", place: "G1.U2.P4", of: "hr", within: "G1.U1" }],
  ],
  [
    "a place that only begins alike",
    changed("hr", { place: "G1.U10.P4" }),
    [{ kind: "place-outside", place: "G1.U10.P4", of: "hr", within: "G1.U1" }],
  ],
  [
    "a place that is taken",
    changed("hr", { place: "G1.U1.P5" }),
    [{ kind: "place-taken", place: "G1.U1.P5", of: "legal", by: "hr" }],
  ],
  [
    "a zone of another team",
    changed("hr", { zones: [{ place: "G1.U1.P5.Z1", name: "payroll", agents: [] }] }),
    [{ kind: "place-outside", place: "G1.U1.P5.Z1", of: "hr: payroll", within: "G1.U1.P4" }],
  ],
  [
    "an agent of another zone",
    changed("hr", {
      zones: [{ place: "G1.U1.P4.Z1", name: "payroll", agents: [{ place: "G1.U1.P4.Z2.A1", name: "clerk" }] }],
    }),
    [{ kind: "place-outside", place: "G1.U1.P4.Z2.A1", of: "hr: payroll: clerk", within: "G1.U1.P4.Z1" }],
  ],
  [
    "an organization at a team's place",
    changed("hr", {}, { place: "G1" }),
    [{ kind: "place-malformed", place: "G1", of: "Ten-team office", depth: 2 }],
  ],
  [
    "a circle of three",
    changed("strategy", { reportsTo: "support" }),
    [
      ...["sales", "finance", "support", "rd"].map((team) => ({
        kind: "escalation-without-human" as const,
        team,
        path:
          team === "sales"
            ? ["strategy", "support"]
            : team === "support"
              ? ["sales", "strategy"]
              : ["strategy", "support", "sales"],
      })),
      { kind: "governance-cycle", teams: ["sales", "strategy", "support"] },
    ],
  ],
  [
    "a function that nobody has",
    changed("hr", {}, { functions: [...tenTeamOffice.functions, "catering"] }),
    [{ kind: "function-without-team", function: "catering" }],
  ],
  [
    "a function that two have",
    changed("hr", { functions: ["hiring", "performance", "culture", "code"] }),
    [{ kind: "function-shared", function: "code", teams: ["dev", "hr"] }],
  ],
  [
    "a function that is not listed",
    changed("hr", { functions: ["hiring", "performance", "culture", "parties"] }),
    [{ kind: "function-unlisted", function: "parties", team: "hr" }],
  ],
  [
    "a team that nobody writes to",
    changed(
      "hr",
      {},
      {
        teams: tenTeamOffice.teams.map((team) => ({ ...team, channels: team.channels.filter((id) => id !== "hr") })),
      },
    ),
    tenTeamOffice.teams
      .filter(({ id }) => id !== "hr")
      .map(({ id }) => ({ kind: "unreachable" as const, from: id, to: "hr" })),
  ],
  [
    "33 scopes",
    changed("hr", {
      cone: { maxImpact: 0n, minReversibility: 0, scopes: Array.from({ length: 15 }, (_, i) => `s${i}`) },
    }),
    [{ kind: "too-many-scopes", scopes: 33, maximum: 32 }],
  ],
  [
    "an action twice",
    changed("hr", {}, { actions: [withdraw, withdraw] }),
    [{ kind: "action-repeated", target, signature }],
  ],
  [
    "a capability of unlisted actions",
    changed("hr", {}, { capabilities: [{ name: "payments", actions: [{ target, signature }] }] }),
    [{ kind: "action-unknown", target, signature, capability: "payments" }],
  ],
  [
    "a capability twice",
    changed(
      "hr",
      {},
      { actions: [withdraw], capabilities: [1, 2].map(() => ({ name: "payments", actions: [{ target, signature }] })) },
    ),
    [{ kind: "capability-repeated", capability: "payments" }],
  ],
  [
    "a path of eight",
    chainOf(8),
    [{ kind: "path-too-long", team: "t7", path: ["t6", "t5", "t4", "t3", "t2", "t1", "t0", "ceo"], maximum: 7 }],
  ],
  ["65 offices", chainOf(64), [{ kind: "too-many-teams", teams: 65, maximum: 64 }]],
];

describe("loading an organization", () => {
  it.each(refused)("iMO-007: refuses %s", (_what, organization, findings) => {
    expect(checkOrganization(organization)).toEqual(findings);
  });

  it("accepts a path of seven, 32 scopes, an action and a capability of it", () => {
    expect(checkOrganization(chainOf(7))).toEqual([]);
    const scopes = Array.from({ length: 14 }, (_, i) => `s${i}`);
    const capabilities = [{ name: "payments", actions: [{ target, signature }] }];
    const cone = { maxImpact: 0n, minReversibility: 0, scopes };
    expect(checkOrganization(changed("hr", { cone }, { actions: [withdraw], capabilities }))).toEqual([]);
  });

  it("refuses messages that take four channels, and not those that take three", () => {
    const line = (ids: readonly string[]): Organization => {
      const [root] = tenTeamOffice.teams;
      if (!root) throw new Error("no root");
      const teams = ids.map((id, index): TeamDefinition => {
        const neighbours = [ids[index - 1], ids[index + 1]].filter((each) => each !== undefined);
        const above = index === 0 ? null : (ids[index - 1] ?? null);
        return {
          ...root,
          id,
          place: `G1.U1.P${index}`,
          channels: neighbours,
          escalatesTo: above,
          reportsTo: above,
          zones: [],
        };
      });
      return { ...tenTeamOffice, root: "a", functions: [], teams };
    };
    expect(checkOrganization(line(["a", "b", "c", "d"]))).toEqual([]);
    expect(checkOrganization(line(["a", "b", "c", "d", "e"]))).toEqual([
      { kind: "too-far", from: "a", to: "e", hops: 4, maximum: 3 },
      { kind: "too-far", from: "e", to: "a", hops: 4, maximum: 3 },
    ]);
  });

  it("says where a file is unreadable, and refuses what it does not know", () => {
    const file = JSON.parse(JSON.stringify(organizationFile(tenTeamOffice))) as Record<string, unknown>;
    expect(loadOrganization({ ...file, surprise: 1 })).toMatchObject({
      loaded: false,
      findings: [{ kind: "unreadable", at: "" }],
    });
    const bad = changed("hr", { cone: { maxImpact: -1n, scopes: [" "], minReversibility: 101 } });
    const result = loadOrganization(organizationFile(bad));
    if (result.loaded) throw new Error("loaded");
    expect(result.findings.map((finding) => (finding.kind === "unreadable" ? finding.at : finding.kind))).toEqual([
      "teams.4.cone.maxImpact",
      "teams.4.cone.scopes.0",
      "teams.4.cone.minReversibility",
    ]);
  });

  it("tells a person each finding in words that name what it is about", () => {
    for (const finding of refused.flatMap(([, , findings]) => findings)) {
      const words = describeFinding(finding);
      const names = Object.values(finding)
        .slice(1)
        .filter((value) => typeof value === "string" && !value.includes(" "));
      for (const name of names) expect(words).toContain(name);
    }
  });
});
