/** What both sides of a project agree to, from the command line, and what services then read of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { readMilestoneFacts } from "../../src/attestor/chain/milestone-facts.ts";
import { partiesReader } from "../../src/evidence/access/read-parties.ts";
import { AuditedStory } from "../support/audited-story.ts";
import { mandateOn, type MandateCli } from "../support/mandate-cli.ts";

const ONE = 10n ** 18n;

const planFile = z.looseObject({
  version: z.number(),
  project: z.string(),
  milestones: z.array(z.looseObject({ amount: z.string(), challengeWindow: z.number() })),
});
const amended = z.looseObject({ sent: z.boolean(), planVersion: z.number() });
const signed = z.looseObject({ signature: z.string(), until: z.number().optional() });
const shown = z.looseObject({
  status: z.string(),
  planVersion: z.number(),
  milestones: z.array(z.looseObject({ status: z.string(), amount: z.string() })),
});

let story: AuditedStory;
let cli: MandateCli;
let project: Awaited<ReturnType<AuditedStory["project"]>>;

beforeAll(async () => {
  story = await AuditedStory.begin();
  cli = mandateOn(story.system);
  project = await story.project({ name: "payeeOne" }, [await story.milestone(), await story.milestone()]);
});
afterAll(async () => {
  cli.remove();
  await story.system.stop();
});

const parties = (): ReturnType<typeof partiesReader> =>
  partiesReader(story.system.client, { vault: story.vault, fromBlock: 0n });
const show = () => cli.json(shown, "project", "show", project.id);

describe("agreements from the command line", () => {
  const readParties = { of: undefined as ReturnType<typeof partiesReader> | undefined };

  it("given a plan that runs, it writes the next version, which both sides sign and finance sends", async () => {
    readParties.of = parties();
    expect(await readParties.of({ project: project.id, milestone: 2 })).toEqual({
      found: false,
      reason: "unknown-milestone",
    });
    const path = join(cli.directory, "next.json");
    await cli.json(planFile, "project", "plan", project.id, "--next", "--out", path);
    const next = planFile.parse(JSON.parse(readFileSync(path, "utf8")));
    expect([next.version, next.project]).toEqual([2, project.id]);
    const [first, second] = next.milestones;
    const held = { ...second, amount: String(5n * ONE), challengeWindow: 1_000 };
    cli.file("next.json", { ...next, milestones: [first, held, { ...first, amount: String(300n * ONE) }] });

    const byPayee = await cli.json(signed, "project", "amend", path, "--sign", "--as", "payeeOne");
    const sides = ["--payee", byPayee.signature, "--anchor", "anchor"];
    const refused = await cli.refused("project", "amend", path, ...sides, "--as", "relayer");
    expect(refused.error).toBe("BudgetVaultNotSteward");
    const sent = await cli.json(amended, "project", "amend", path, ...sides, "--as", "finance");
    expect(sent).toMatchObject({ sent: true, planVersion: 2 });
    const { planVersion, milestones } = await show();
    expect([planVersion, milestones.map(({ amount }) => amount)]).toEqual([
      2,
      [100n * ONE, 5n * ONE, 300n * ONE].map(String),
    ]);
  });

  it("attestors and evidence stores follow the version that runs", async () => {
    const facts = await readMilestoneFacts(story.system.client, {
      vault: story.vault,
      project: project.id,
      milestone: 2,
      fromBlock: 0n,
    });
    expect(facts).toMatchObject({
      found: true,
      facts: { plan: { version: 2 }, milestone: { amount: 300n * ONE }, active: true, pending: true },
    });
    expect(await readParties.of?.({ project: project.id, milestone: 2 })).toMatchObject({ found: true });
    if (!facts.found) throw new TypeError("the milestone is there");
    await story.release({ id: project.id, plan: facts.facts.plan }, 1, [0, 1], "held");
  });

  it("the opener overturns a proof, with evidence", async () => {
    const evidence = cli.file("why-not.json", { reason: "it does not start" });
    const by = (as: string) => ["--evidence", evidence, "--as", as, "--yes"];
    const overturn = (as: string) => ["milestone", "overturn", project.id, "1", ...by(as)];
    expect((await cli.refused(...overturn("payeeOne"))).error).toBe("BudgetVaultNotAnchorOrOpener");
    await cli.json(z.looseObject({ sent: z.literal(true) }), ...overturn("finance"));
    expect((await show()).milestones.map(({ status }) => status)).toEqual(["pending", "pending", "pending"]);
  });

  it("both sides end it: one signs for whoever sends it, the other one sends it", async () => {
    const alone = await cli.refused("project", "cancel", project.id, "--anchor", "anchor", "--as", "relayer");
    expect(alone.error).toBe("BudgetVaultInvalidSignature");
    const byPayee = await cli.json(signed, "project", "cancel", project.id, "--sign", "--as", "payeeOne");
    const until = String(byPayee.until);
    const send = ["project", "cancel", project.id, "--payee", byPayee.signature, "--until", until, "--as", "anchor"];
    const sent = await cli.json(z.looseObject({ sent: z.boolean(), returned: z.string() }), ...send);
    expect(sent).toMatchObject({ sent: true, returned: String(405n * ONE) });
    const { status, milestones } = await show();
    expect([status, milestones.map((each) => each.status)]).toEqual([
      "cancelled",
      ["reclaimed", "reclaimed", "reclaimed"],
    ]);
  });
});
