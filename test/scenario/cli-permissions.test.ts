import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { devAccount, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import { AuditedStory } from "../support/audited-story.ts";
import { mandateOn, type MandateCli } from "../support/mandate-cli.ts";

const ONE = 10n ** 18n;
const sent = z.looseObject({ sent: z.literal(true), transaction: z.string() });
const dry = z.looseObject({ sent: z.literal(false) });
const grantsSchema = z.object({
  grants: z.array(
    z.looseObject({
      grantee: z.string(),
      task: z.number(),
      usesLeft: z.number().optional(),
      capLeft: z.number().optional(),
      effective: z.boolean(),
      verdict: z.string(),
    }),
  ),
});
const whySchema = z.looseObject({
  answer: z.string(),
  verdict: z.string(),
  rules: z.array(z.looseObject({ boundary: z.string(), outcome: z.string(), margin: z.string() })),
});

let story: AuditedStory;
let cli: MandateCli;
let task: string;
let withdrawal: (amount: bigint) => string[];

const address = (name: DevAccountName): string => devAccount(name).address;

beforeAll(async () => {
  story = await AuditedStory.begin();
  cli = mandateOn(story.system);
  withdrawal = (amount) => [
    ...["--target", "BudgetVault", "--function", "withdraw"],
    ...["--args", story.pool, "TestToken", "agent", `${amount}`],
  ];
});
afterAll(async () => {
  cli.remove();
  await story.system.stop();
});

const grantOf = ["--target", "BudgetVault", "--function", "withdraw"];

describe("mandate task", () => {
  it("given the team's anchor, it opens a task, keeps its purpose, and shows limits and grants", async () => {
    const open = ["task", "open", "pay a supplier", "--team", "G1.U1.P6", "--for", "2h", "--as", "anchor"];
    expect(await cli.json(dry, ...open, "--dry-run")).toMatchObject({ team: 2 });
    expect(await cli.json(z.object({ tasks: z.array(z.unknown()) }), "task", "list")).toEqual({ tasks: [] });
    const opened = await cli.json(sent.extend({ task: z.number() }), ...open);
    task = String(opened.task);
    const { out } = await cli.run("task", "show", task);
    expect(out).toContain("pay a supplier");
    expect(out).toContain("0 used of 10000 in any 24 hours");
    expect(out).toMatch(/team +2 \(G1\.U1\.P6\), tier 1 of 1/);
  });

  it("given bad input, it says what to do; given somebody who is not the anchor, the contract refuses", async () => {
    expect(await cli.refused("task", "open", "x", "--team", "G9.U1.P6", "--for", "2h")).toMatchObject({
      code: 2,
      error: "TeamUnknown",
    });
    expect(await cli.refused("task", "show", "99")).toMatchObject({ code: 2, error: "TaskUnknown" });
    expect(await cli.refused("task", "open", "x", "--team", "2", "--for", "2h", "--as", "agent")).toMatchObject({
      code: 1,
      error: "AuthorityAnchorNotLive",
    });
    expect((await cli.run("task", "open", "x", "--team", "2", "--for", "soon")).code).toBe(2);
  });
});

describe("mandate grant", () => {
  it("given a cap and uses, it grants them, and lists what is left", async () => {
    const give = ["grant", "give", "--to", "agent", "--task", task, "--for", "30m", "--uses", "3", "--cap", "500.5"];
    expect(await cli.json(dry, ...give, ...grantOf, "--dry-run")).toMatchObject({ cap: 5_005_000 });
    expect((await cli.json(grantsSchema, "grant", "list")).grants).toEqual([]);
    await cli.json(sent, ...give, ...grantOf);
    const args = [story.pool, story.token, address("agent"), 100n * ONE] as const;
    await story.system.send("agent", "BudgetVault", "withdraw", args);
    const { grants } = await cli.json(grantsSchema, "grant", "list", "--holder", "agent", "--task", task);
    expect(grants).toMatchObject([{ task: Number(task), usesLeft: 2, capLeft: 4_005_000, effective: true }]);
    expect((await cli.run("grant", "list", "--anchor", "anchor")).out).toMatch(
      /agent +BudgetVault\.withdraw.+2 +400\.5/,
    );
    expect((await cli.json(grantsSchema, "grant", "list", "--anchor", "legalAnchor")).grants).toEqual([]);
  });

  it("given more decimals than the unit has, or a task that nobody opened, it is refused before and by the chain", async () => {
    const give = ["grant", "give", "--to", "agent", "--for", "30m", ...grantOf];
    expect((await cli.run(...give, "--task", task, "--cap", "0.00001")).code).toBe(2);
    expect(await cli.refused(...give, "--task", "99")).toMatchObject({
      code: 1,
      error: "AuthorityUnexpectedTaskStatus",
    });
    expect(await cli.refused(...give, "--task", task, "--as", "agent")).toMatchObject({ error: "AuthorityNotGranter" });
    expect(await cli.refused("grant", "end", "--to", "agent")).toMatchObject({ code: 2, error: "ChoiceMissing" });
  });

  it("ends every grant of a holder in one transaction; a second time there is nothing to end", async () => {
    const give = ["grant", "give", "--to", "stewardOne", "--task", task, "--for", "30m"];
    await cli.json(sent, ...give, ...grantOf);
    await cli.json(sent, ...give, "--target", "postgres://records/roadmap");
    const ended = await cli.json(sent.extend({ ended: z.number() }), "grant", "end", "--holder", "stewardOne");
    expect(ended.ended).toBe(2);
    expect(await cli.refused("grant", "end", "--holder", "stewardOne")).toMatchObject({
      code: 2,
      error: "NothingToEnd",
    });
    const { grants } = await cli.json(grantsSchema, "grant", "list", "--all", "--holder", "stewardOne");
    expect(grants.map(({ verdict }) => verdict)).toEqual(["grant-ended", "grant-ended"]);
  });

  it("is renounced by its holder alone", async () => {
    await cli.json(sent, "grant", "give", "--to", "stewardTwo", "--task", task, "--for", "30m", ...grantOf);
    expect(await cli.refused("grant", "renounce", "--all", "--as", "relayer")).toMatchObject({ error: "NothingToEnd" });
    await cli.json(sent, "grant", "renounce", ...grantOf, "--as", "stewardTwo");
    expect((await cli.json(grantsSchema, "grant", "list", "--holder", "stewardTwo")).grants).toEqual([]);
  });
});

describe("mandate why", () => {
  it("given arguments inside every limit, it names each with its margin; the exit code is 0", async () => {
    const why = await cli.json(whySchema, "why", "--caller", "agent", ...withdrawal(100n * ONE));
    expect(why).toMatchObject({ answer: "allowed", verdict: "allowed" });
    expect(why.rules).toContainEqual(
      expect.objectContaining({ boundary: "grant-cap", outcome: "passed", margin: "3005000" }),
    );
  });

  it("given a limit is crossed, it says by how much, and who can approve; the exit code is 1", async () => {
    const { code, out } = await cli.run("why", "--caller", "agent", ...withdrawal(600n * ONE));
    expect(code).toBe(1);
    expect(out).toContain("Denied: the caller's grant of task");
    expect(out).toContain("its impact of 600 exceeds the 400.5 left of the grant's cap, by 199.5");
    expect(out).toContain("It never passes by itself.");
    expect(out).toMatch(/it can be approved by\n +anchor, for team 1 \(G1\.U1\.P0\), now/);
  });

  it("given no grant, it says who can grant it; given no arguments, that it could not check, with exit code 3", async () => {
    const without = await cli.run("why", "--caller", "stewardTwo", ...grantOf);
    expect(without.code).toBe(1);
    expect(without.out).toContain("Denied: the caller's grant of task");
    expect(without.out).toContain("Who holds GRANTER_ROLE can grant it");
    const unknown = await cli.run("why", "--caller", "agent", ...grantOf);
    expect(unknown.code).toBe(3);
    expect(unknown.out).toContain("Could not check: a grant permits the function");
    expect((await cli.run("why", "--caller", "agent", "--target", "BudgetVault", "--function", "?")).code).toBe(2);
  });
});

describe("mandate escalation", () => {
  let operation: string;
  const opened = sent.extend({ operation: z.string(), context: z.string(), because: z.string() });

  it("given a call that no limit refuses, it opens nothing; given one that is, it says why and until when", async () => {
    const open = (amount: bigint) => ["escalation", "open", ...withdrawal(amount), "--recommendation", "it delivered"];
    expect(await cli.refused(...open(ONE))).toMatchObject({ code: 1, error: "EscalationsNothingCrossed" });
    expect(await cli.refused("escalation", "open", ...grantOf, "--recommendation", "x")).toMatchObject({
      code: 2,
      error: "ArgumentsMissing",
    });
    await cli.json(dry, ...open(600n * ONE), "--dry-run");
    const found = await cli.json(opened, ...open(600n * ONE));
    operation = found.operation;
    expect(found.because).toContain("by 199.5");
    const waiting = z.object({ escalations: z.array(z.looseObject({ operation: z.string(), status: z.string() })) });
    expect(await cli.json(waiting, "escalation", "list", "--for", "anchor")).toMatchObject({
      escalations: [{ operation, status: "pending" }],
    });
    expect(await cli.json(waiting, "escalation", "list", "--for", "agent")).toEqual({ escalations: [] });
    const { out } = await cli.run("escalation", "show", operation);
    expect(out).toContain("BudgetVault");
    expect(out).toContain(`${600n * ONE}`);
    expect(out).toContain("it delivered");
    expect(out).toContain("pending; denied by silence in");
  });

  it("given who is no resolver, or a reader without the documents, it is not approved", async () => {
    const approve = ["escalation", "approve", operation, "--reason", "checked"];
    expect(await cli.refused(...approve, "--as", "relayer")).toMatchObject({ code: 1, error: "NotAResolver" });
    expect(await cli.refused(...approve, "--documents", join(cli.directory, "elsewhere"))).toMatchObject({
      code: 2,
      error: "WouldBeBlind",
    });
    expect(await cli.refused("escalation", "execute", operation)).toMatchObject({ error: "EscalationNotApproved" });
    expect(await cli.refused("escalation", "show", `0x${"12".repeat(32)}`)).toMatchObject({
      error: "EscalationUnknown",
    });
  });

  it("given it is approved, its caller alone makes exactly that call, once", async () => {
    const approve = ["escalation", "approve", operation, "--reason", "checked", "--as", "anchor"];
    const preview = await cli.run(...approve, "--dry-run");
    expect(preview.out).toMatch(/function withdraw/);
    expect(preview.out).toContain("Nothing was sent.");
    await cli.json(sent, ...approve);
    expect(await cli.refused("escalation", "execute", operation, "--as", "relayer")).toMatchObject({
      error: "NotTheCaller",
    });
    await cli.json(sent, "escalation", "execute", operation);
    expect(await cli.refused("escalation", "execute", operation)).toMatchObject({ error: "EscalationNotApproved" });
    expect((await cli.run("escalation", "show", operation)).out).toMatch(/status +executed/);
  });

  it("given the caller withdraws it, or the anchor rejects it, nothing is executed", async () => {
    const open = ["escalation", "open", ...withdrawal(700n * ONE), "--recommendation", "more"];
    const first = await cli.json(opened, ...open);
    await cli.json(sent, "escalation", "withdraw", first.operation);
    const second = await cli.json(opened, ...open);
    await cli.json(sent, "escalation", "reject", second.operation, "--reason", "too much", "--as", "anchor");
    expect(await cli.refused("escalation", "approve", second.operation, "--reason", "x")).toMatchObject({
      error: "EscalationNotPending",
      data: { status: "rejected" },
    });
  });
});

describe("mandate access matrix", () => {
  const schema = z.looseObject({
    cells: z.array(z.looseObject({ account: z.string(), access: z.array(z.looseObject({ how: z.string() })) })),
    check: z.looseObject({ checked: z.boolean(), cells: z.number(), differences: z.array(z.unknown()) }),
  });
  const ways = (matrix: z.infer<typeof schema>, name: DevAccountName): string[] =>
    matrix.cells
      .filter(({ account }) => account === address(name).toLowerCase())
      .flatMap(({ access }) => access.map(({ how }) => how));

  it("says what the chain's state says in every cell: who can, who could grant, who could approve", async () => {
    const matrix = await cli.json(schema, "access", "matrix");
    expect(matrix.check).toMatchObject({ checked: true, differences: [] });
    expect(matrix.check.cells).toBeGreaterThan(100);
    expect(ways(matrix, "agent")).toEqual(["grant"]);
    expect(ways(matrix, "granter")).toContain("could-grant");
    expect(ways(matrix, "anchor")).toEqual(["could-approve"]);
    expect(ways(matrix, "finance")).toContain("role");
  });

  it("given a task that ends, it says so from that block on, and what held before it at the block before", async () => {
    const before = await story.system.client.getBlockNumber();
    await cli.json(sent, "task", "fail", task, "--reason", "the supplier withdrew", "--as", "anchor");
    const only = ["--account", "agent", "--target", "BudgetVault"];
    expect(ways(await cli.json(schema, "access", "matrix", ...only), "agent")).toEqual([]);
    const then = await cli.json(schema, "access", "matrix", ...only, "--at", `${before}`);
    expect(ways(then, "agent")).toEqual(["grant"]);
    expect(then.check).toMatchObject({ checked: true, differences: [] });
    expect((await cli.run("task", "list")).out).toMatch(/failed +2 \(G1\.U1\.P6\)/);
  });

  it("writes CSV, and refuses a block that is not there", async () => {
    const path = join(cli.directory, "access.csv");
    expect((await cli.run("access", "matrix", "--csv", path)).code).toBe(0);
    const [head, ...rows] = readFileSync(path, "utf8").trim().split("\n");
    expect(head).toBe("account,accountName,target,targetName,function,how,closed,words");
    expect(rows.length).toBeGreaterThan(5);
    expect(await cli.refused("access", "matrix", "--at", "99999999")).toMatchObject({ code: 2, error: "BlockUnknown" });
  });
});
