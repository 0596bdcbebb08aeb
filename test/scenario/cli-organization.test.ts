import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { publishedTenTeamOffice } from "../../src/org/teams/ten-team-office.ts";
import { organizationFile } from "../../src/org/teams/organization-file.ts";
import { mandateOn, type MandateCli } from "../support/mandate-cli.ts";
import { startSystemOnAnvil, type SystemOnAnvil } from "../support/system-on-anvil.ts";

const sent = z.looseObject({ sent: z.literal(true) });
const loaded = z.looseObject({ steps: z.array(z.string()), sent: z.number() });

let system: SystemOnAnvil;
let cli: MandateCli;
let file: string;

beforeAll(async () => {
  system = await startSystemOnAnvil(60, 30);
  cli = mandateOn(system);
  const { out } = await cli.run("team", "defaults");
  file = cli.file("organization.json", out);
});
afterAll(async () => {
  cli.remove();
  await system.stop();
});

/** Publishes a record, enrols it, and has the human accept. */
async function becomeAnchor(name: string, person: string): Promise<string> {
  const published = await cli.json(
    z.looseObject({ identity: z.string() }),
    ...["anchor", "identity", "publish", name, "--name", person, "--role", "head", "--organization", "Example"],
  );
  await cli.json(sent, "anchor", "enrol", name, "--identity", published.identity);
  await cli.json(sent, "anchor", "accept", "--anchor", name);
  return published.identity;
}

describe("mandate anchor", () => {
  it("given a published identity, a human is enrolled and accepts by signature; everybody sees who that is", async () => {
    const dry = z.looseObject({ written: z.literal(false) });
    const publish = ["anchor", "identity", "publish", "anchor", "--name", "A", "--role", "r", "--organization", "o"];
    await cli.json(dry, ...publish, "--dry-run");
    expect(await cli.refused("anchor", "accept", "--anchor", "anchor")).toMatchObject({
      code: 1,
      error: "AnchorsUnexpectedStatus",
    });
    const identity = await becomeAnchor("anchor", "Alex Example");
    expect((await cli.run("anchor", "list")).out).toMatch(/anchor +live +in (?:30 d|29 d 23 h) +Alex Example, head/);
    const record = z.looseObject({ state: z.literal("present"), identity: z.string() });
    expect((await cli.json(record, "anchor", "identity", "verify", "anchor")).identity).toBe(identity);
    expect((await cli.run("anchor", "check-in", "--as", "anchor")).code).toBe(0);
  });

  it("given bad input or somebody without the role, it says so", async () => {
    expect((await cli.run("anchor", "enrol", "nobody", "--identity", "0x12")).code).toBe(2);
    expect(await cli.refused("anchor", "show", "agent")).toMatchObject({ code: 2, error: "AnchorUnknown" });
    expect(await cli.refused("anchor", "check-in", "--as", "agent")).toMatchObject({
      error: "AnchorsUnexpectedStatus",
    });
    expect(
      await cli.refused("anchor", "enrol", "agent", "--identity", `0x${"12".repeat(32)}`, "--as", "agent"),
    ).toMatchObject({ code: 1, error: "AccessManagedUnauthorized" });
  });
});

describe("mandate team load", () => {
  it("given the table as published, it is refused with what is wrong with it", async () => {
    const published = cli.file("published.json", organizationFile(publishedTenTeamOffice));
    const { code, err } = await cli.run("team", "load", published, "--anchor", "*=anchor");
    expect(code).toBe(2);
    expect(err).toContain("what dev escalates never reaches a human");
    expect(await cli.refused("team", "load", "/nowhere.json", "--anchor", "*=anchor")).toMatchObject({
      error: "OrganizationUnreadable",
    });
    expect(await cli.refused("team", "load", file)).toMatchObject({ code: 2, error: "OrganizationIncomplete" });
  });

  it("given an anchor that is not live yet, it stops there; once it is, it continues; then there is nothing to do", async () => {
    const load = ["team", "load", file, "--anchor", "*=anchor", "support=strategyAnchor"];
    const plan = await cli.json(loaded, ...load, "--dry-run");
    expect(plan.sent).toBe(0);
    expect(await system.read("Teams", "teamCount")).toBe(0);
    expect(await cli.refused(...load)).toMatchObject({ code: 1, error: "TeamsAnchorNotLive" });
    const reached = Number(await system.read("Teams", "teamCount"));
    expect(reached).toBeGreaterThan(0);
    expect(reached).toBeLessThan(11);
    await becomeAnchor("strategyAnchor", "Sam Example");
    const rest = await cli.json(loaded, ...load);
    const next = plan.steps.findIndex((step) => step.startsWith(`open team ${reached + 1} `));
    expect(rest.sent).toBe(plan.steps.length - next);
    expect(await system.read("Teams", "teamCount")).toBe(11);
    expect(await cli.json(loaded, ...load)).toMatchObject({ steps: [], sent: 0 });
    const other = await cli.json(loaded, "team", "load", file, "--anchor", "*=anchor", "--dry-run");
    expect(other.steps).toEqual([expect.stringContaining("(G1.U1.P8): another anchor")]);
  });

  it("shows teams with their anchors, limits and paths that end at the root office", async () => {
    const teams = z.object({ teams: z.array(z.looseObject({ place: z.string(), path: z.array(z.number()) })) });
    const all = await cli.json(teams, "team", "list");
    expect(all.teams).toHaveLength(11);
    for (const { path } of all.teams) expect(path.at(-1)).toBe(1);
    const { out } = await cli.run("team", "show", "G1.U1.P8");
    expect(out).toMatch(/anchor +strategyAnchor 0x/);
    expect(out).toContain("impact 5000 in 24 hours; reversibility 90 % at least");
  });
});

describe("mandate team", () => {
  it("adds members and changes paths with a reason; another account is refused", async () => {
    const add = ["team", "member", "add", "G1.U1.P6", "agent", "--reason", "works on the budget"];
    expect(await cli.refused(...add, "--as", "agent")).toMatchObject({ code: 1, error: "AccessManagedUnauthorized" });
    await cli.json(sent, ...add);
    expect((await cli.run("team", "show", "G1.U1.P6")).out).toMatch(/members +agent 0x/);
    const path = ["team", "path", "G1.U1.P6", "--reason", "shorter"];
    expect(await cli.refused(...path, "--to", "G1.U1.P6")).toMatchObject({ code: 1, error: "TeamsInvalidPath" });
    await cli.json(sent, ...path, "--to", "G1.U1.P0");
    expect(await cli.refused(...path, "--to", "G1.U1.P77")).toMatchObject({ code: 2, error: "TeamUnknown" });
  });
});

describe("mandate policy", () => {
  it("lists parameters with bounds, and says which side binds a team", async () => {
    const set = ["policy", "team-set", "G1.U1.P6", "cone.maxImpact", "50000", "--reason", "closing week"];
    expect(await cli.refused(...set, "--as", "agent")).toMatchObject({ code: 1, error: "ConstitutionNotTeamAnchor" });
    expect(
      await cli.refused("policy", "team-set", "G1.U1.P6", "cone.maxImpact", "many", "--reason", "x"),
    ).toMatchObject({
      code: 2,
      error: "ValueInvalid",
    });
    await cli.json(sent, ...set);
    const { out } = await cli.run("policy", "show", "cone.maxImpact");
    expect(out).toMatch(/\(G1\.U1\.P6\) +50000 +200000 +50000 +the team is stricter/);
    expect(out).toMatch(/\(G1\.U1\.P8\) +none +200000 +200000 +the office is stricter/);
    expect((await cli.run("policy", "list", "--team", "G1.U1.P6")).out).toMatch(/cone\.maxImpact +50000 +team/);
    expect((await cli.run("policy", "history", "cone.maxImpact", "--team", "G1.U1.P6")).out).toContain("closing week");
    expect(await cli.refused("policy", "show", "cone.maxImpakt")).toMatchObject({ code: 2, error: "ParameterUnknown" });
  });

  it("given a kernel change, it says what is missing until it can be enacted", async () => {
    await cli.json(sent, "policy", "propose", "cone.maxImpact", "150000", "--reason", "audit");
    const early = (await cli.run("policy", "show", "cone.maxImpact")).out;
    expect(early).toContain("the office's value becomes 150000");
    expect(early).toMatch(/its delay ends .+, in (?:1 min|\d+ s)/);
    expect(early).toContain("6 of 6 consents are missing");
    expect(await cli.refused("policy", "enact", "cone.maxImpact")).toMatchObject({ code: 1 });
    await cli.json(sent, "policy", "consent", "cone.maxImpact", "--team", "G1.U1.P0", "--as", "anchor");
    await system.travelTo((await system.now()) + 61);
    expect((await cli.run("policy", "show", "cone.maxImpact")).out).toContain("can be enacted now by anyone");
    await cli.json(sent, "policy", "enact", "cone.maxImpact");
    expect((await cli.run("policy", "history", "cone.maxImpact")).out).toMatch(/2 +150000 .+ audit/);
  });

  it("registers actions and capabilities, values assets, and refuses what has no facts", async () => {
    const register = ["policy", "action", "register", "BudgetVault", "withdraw", "--scope", "budget allocation"];
    const terms = [...register, "--reversibility", "60", "--reason", "it can be paid back"];
    expect(await cli.refused(...terms, "--impact", "asset-amount")).toMatchObject({ code: 2, error: "ImpactInvalid" });
    await cli.json(sent, ...terms, "--impact", "asset-amount", "--amount-argument", "3", "--asset-argument", "1");
    expect((await cli.run("policy", "action", "show", "BudgetVault", "withdraw")).out).toMatch(/reversibility +60 %/);
    const define = ["policy", "capability", "define", "treasurer", "--reason", "what a treasurer does", "--action"];
    await cli.json(sent, ...define, "BudgetVault#withdraw", "postgres://records/roadmap");
    expect((await cli.run("policy", "capability", "show", "treasurer")).out).toContain("withdraw(bytes32,address");
    expect(await cli.refused("policy", "capability", "show", "cashier")).toMatchObject({ error: "CapabilityUnknown" });
    await cli.json(sent, "policy", "asset", "define", "test", "--minimum", "0.5", "--maximum", "2");
    const rate = ["policy", "rate", "test", "--for", "30d", "--reason", "as agreed", "--price"];
    expect(await cli.refused(...rate, "3")).toMatchObject({ code: 1, error: "ConstitutionRateOutOfBounds" });
    await cli.json(sent, ...rate, "1.05");
    expect((await cli.run("policy", "asset", "list")).out).toMatch(
      /TEST +1\.05 +valid, ends in (?:30 d|29 d 23 h) +0\.5 to 2/,
    );
  });

  it("grants a capability as one, and a task's end ends all of it", async () => {
    const opened = await cli.json(
      sent.extend({ task: z.number() }),
      ...["task", "open", "the budget", "--team", "G1.U1.P6", "--for", "1h", "--as", "anchor"],
    );
    const grant = ["grant", "capability", "treasurer", "--to", "agent", "--task", `${opened.task}`, "--for", "30m"];
    expect(await cli.json(sent, ...grant)).toMatchObject({ actions: 2 });
    await cli.json(sent, "task", "complete", `${opened.task}`, "--as", "anchor");
    const { out } = await cli.run("grant", "list", "--all", "--holder", "agent");
    expect(out.match(/task-completed/g)).toHaveLength(2);
  });
});

describe("mandate anchor traceability", () => {
  const share = z.looseObject({ decisions: z.number(), traced: z.number(), percent: z.string() });

  it("given the record of an anchor is altered or erased, what it decided no longer traces to a named human", async () => {
    expect(await cli.json(share, "anchor", "traceability")).toMatchObject({
      decisions: 2,
      traced: 2,
      percent: "100.00",
    });
    const { identity } = await cli.json(
      z.looseObject({ identity: z.string() }),
      ...["anchor", "identity", "verify", "anchor"],
    );
    const path = join(cli.documents, `${identity}.json`);
    const record = readFileSync(path, "utf8");
    cli.file(join("documents", `${identity}.json`), record.replace("Alex", "Alec"));
    expect((await cli.run("anchor", "identity", "verify", "anchor")).out).toContain("The record was altered");
    expect(await cli.json(share, "anchor", "traceability")).toMatchObject({ traced: 0, percent: "0.00" });
    cli.file(join("documents", `${identity}.json`), record);
    expect(await cli.json(share, "anchor", "traceability")).toMatchObject({ traced: 2 });
    expect((await cli.run("anchor", "identity", "erase", "anchor")).code).toBe(0);
    const verified = await cli.run("anchor", "identity", "verify", "anchor");
    expect(verified).toMatchObject({ code: 1 });
    expect(verified.out).toContain("The record was erased");
    expect(await cli.json(share, "anchor", "traceability")).toMatchObject({ traced: 0, percent: "0.00" });
    expect(await cli.refused("anchor", "identity", "erase", "anchor")).toMatchObject({ error: "DocumentMissing" });
  });
});

describe("the end of an anchor", () => {
  it("names a substitute, is removed by a quorum, resigns", async () => {
    await cli.json(sent, "anchor", "substitute", "strategyAnchor", "--as", "anchor");
    expect((await cli.run("anchor", "show", "anchor")).out).toMatch(/substitute +strategyAnchor 0x/);
    expect((await cli.run("anchor", "substitute", "--as", "anchor")).code).toBe(2);
    expect(await cli.refused("anchor", "remove", "strategyAnchor")).toMatchObject({
      code: 1,
      error: "AnchorsQuorumNotReached",
    });
    await cli.json(sent, "anchor", "approve", "strategyAnchor", "--as", "anchor");
    await cli.json(sent, "anchor", "approve", "strategyAnchor", "--as", "strategyAnchor");
    await cli.json(sent, "anchor", "remove", "strategyAnchor");
    await cli.json(sent, "anchor", "resign", "--as", "anchor");
    expect((await cli.run("anchor", "list")).out.match(/removed/g)).toHaveLength(2);
  });
});
