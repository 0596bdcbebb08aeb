import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { toUnitsOfAccount } from "../unit-of-account.ts";
import { checkOrganization } from "./check-organization.ts";
import { distances } from "./communication.ts";
import { escalationPath } from "./escalation-path.ts";
import { loadOrganization } from "./load-organization.ts";
import { organizationFile } from "./organization-file.ts";
import { teamById } from "./organization.ts";
import { publishedTenTeamOffice, tenTeamOffice } from "./ten-team-office.ts";

describe("the ten-team office", () => {
  it("is refused as its table is published: dev and qa escalate to each other and so to no human", () => {
    expect(checkOrganization(publishedTenTeamOffice)).toEqual([
      { kind: "escalation-without-human", team: "dev", path: ["qa"] },
      { kind: "escalation-without-human", team: "qa", path: ["dev"] },
      { kind: "governance-cycle", teams: ["dev", "qa"] },
    ]);
    expect(loadOrganization(organizationFile(publishedTenTeamOffice))).toMatchObject({ loaded: false });
  });

  it("loads once it is repaired, and reads back as the same", () => {
    expect(checkOrganization(tenTeamOffice)).toEqual([]);
    const json: unknown = JSON.parse(JSON.stringify(organizationFile(tenTeamOffice)));
    expect(loadOrganization(json)).toEqual({ loaded: true, organization: tenTeamOffice });
  });

  it("is repaired by two reporting lines alone: what a table row says stays", () => {
    const changed = tenTeamOffice.teams.filter(
      (team) => !isDeepStrictEqual(team, teamById(publishedTenTeamOffice, team.id)),
    );
    expect(changed.map(({ id, escalatesTo, reportsTo }) => ({ id, escalatesTo, reportsTo }))).toEqual([
      { id: "dev", escalatesTo: "qa", reportsTo: "ceo" },
      { id: "qa", escalatesTo: "dev", reportsTo: "ceo" },
    ]);
  });

  it.each([
    ["ceo", ["ceo"]],
    ["sales", ["strategy", "ceo"]],
    ["audit", ["legal", "ceo"]],
    ["dev", ["qa", "ceo"]],
    ["hr", ["legal", "ceo"]],
    ["legal", ["ceo"]],
    ["finance", ["strategy", "ceo"]],
    ["strategy", ["ceo"]],
    ["support", ["sales", "strategy", "ceo"]],
    ["qa", ["dev", "ceo"]],
    ["rd", ["strategy", "ceo"]],
  ])("lets %s escalate along %j", (id, path) => {
    const team = teamById(tenTeamOffice, id);
    expect(team && escalationPath(tenTeamOffice, team)).toEqual({ ends: "human", path });
  });

  it.each([
    ["ceo", "G1.U1.P0", "0", 100],
    ["sales", "G1.U1.P1", "50000", 60],
    ["audit", "G1.U1.P2", "0", 100],
    ["dev", "G1.U1.P3", "0", 80],
    ["hr", "G1.U1.P4", "30000", 70],
    ["legal", "G1.U1.P5", "100000", 90],
    ["finance", "G1.U1.P6", "200000", 50],
    ["strategy", "G1.U1.P7", "0", 100],
    ["support", "G1.U1.P8", "5000", 90],
    ["qa", "G1.U1.P9", "0", 100],
    ["rd", "G1.U1.P10", "75000", 80],
  ])("gives %s at %s an impact of %s and a reversibility of %i percent", (id, place, maxImpact, minReversibility) => {
    const team = teamById(tenTeamOffice, id);
    expect(team).toMatchObject({ place, cone: { maxImpact: toUnitsOfAccount(maxImpact), minReversibility } });
  });

  it("has eleven offices, every pair of them within three channels", () => {
    const all = distances(tenTeamOffice);
    expect(all).toHaveLength(11 * 10);
    expect(Math.max(...all.map(({ hops }) => hops ?? Infinity))).toBe(3);
  });

  it("stands as an example of the file in the documentation", () => {
    const file = new URL("../../../docs/examples/organization.json", import.meta.url);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(organizationFile(tenTeamOffice));
  });
});
