import { keccak256, stringToHex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { AuditedStory } from "../support/audited-story.ts";
import { EnclaveChapter } from "../support/enclave-chapter.ts";
import { mandateOn, type MandateCli } from "../support/mandate-cli.ts";

const ONE = 10n ** 18n;
/** As in the parameters of local deployments. */
const BEGIN_SECONDS = 600;
const sent = z.looseObject({ sent: z.literal(true), transaction: z.string() });
const calendar = z.looseObject({
  index: z.number(),
  running: z.number(),
  begun: z.boolean(),
  canBegin: z.boolean(),
  closesAt: z.number(),
  next: z.number(),
});
const poolSchema = z.looseObject({
  enclaves: z.array(z.looseObject({ symbol: z.string(), amount: z.string(), limit: z.string(), text: z.string() })),
});
const yes = ["--yes"];

let story: AuditedStory;
let cli: MandateCli;
const calendarNow = () => cli.json(calendar, "review", "status");
const enclaves = async () => (await cli.json(poolSchema, "pool", "show", "main")).enclaves;

/** A plan that people review, of so many tokens. */
function planFile(name: string, amount: string, changes: object = {}): string {
  const milestone = {
    ...{ deadlineIn: "1d", specification: { deliver: "an exhibition" }, amount },
    attestorSet: story.attestorSet,
  };
  return cli.file(name, {
    ...{ pool: "main", asset: "test", payee: "payeeOne", anchor: "anchor", measuredBy: "review" },
    ...{ renewalWindow: "10m", acceptWithin: "1d", milestones: [milestone], ...changes },
  });
}

beforeAll(async () => {
  story = await AuditedStory.begin();
  cli = mandateOn(story.system);
  await cli.json(sent, "pool", "open", "main", "--anchor", "anchor", ...yes);
  const intent = keccak256(stringToHex("reviews"));
  await cli.json(sent, "pool", "fund", "main", "--amount", "1000", "--intent", intent, ...yes);
});
afterAll(async () => {
  cli.remove();
  await story.system.stop();
});

describe("enclaves from the command line", () => {
  const known = { project: "" };

  it("given a plan that people review, it is opened, shown as such to who accepts it, and committed within the share", async () => {
    const large = await cli.json(sent.extend({ project: z.string() }), "project", "open", planFile("a", "201"), ...yes);
    const small = await cli.json(sent.extend({ project: z.string() }), "project", "open", planFile("b", "150"), ...yes);
    const { out } = await cli.run(
      "project",
      "accept",
      small.project,
      "--party",
      "payee",
      "--as",
      "payeeOne",
      "--dry-run",
    );
    expect(out).toMatch(/lease +none: an enclave, which its anchor reviews once in each review period/);
    for (const { project } of [large, small]) {
      await cli.json(sent, "project", "accept", project, "--party", "payee", "--as", "payeeOne", ...yes);
      await cli.json(sent, "project", "accept", project, "--party", "anchor", "--as", "anchor", ...yes);
    }
    expect(await cli.refused("project", "commit", large.project, ...yes)).toMatchObject({
      code: 1,
      error: "BudgetVaultEnclaveShare",
    });
    expect(await enclaves()).toEqual([]);
    await cli.json(sent, "project", "commit", small.project, ...yes);
    const [of] = await enclaves();
    expect(of).toMatchObject({ amount: `${150n * ONE}`, limit: `${200n * ONE}`, text: "150 TEST of at most 200 TEST" });
    known.project = small.project;
  });

  it("given a plan that is measured by nothing, or for two periods at once, it is refused", async () => {
    const unmeasured = planFile("c", "1", { measuredBy: "heartbeat" });
    expect(await cli.refused("project", "open", unmeasured, ...yes)).toMatchObject({
      code: 2,
      error: "PlanFileInvalid",
    });
    const twice = planFile("d", "1", { leaseReports: 2 });
    expect(await cli.refused("project", "open", twice, ...yes)).toMatchObject({ error: "BudgetVaultInvalidPlan" });
  });

  it("anyone begins a period, once, in its first days; what nobody begins is skipped", async () => {
    const { next } = await calendarNow();
    await story.system.travelTo(next);
    expect(await calendarNow()).toMatchObject({ begun: false, canBegin: true, index: 0 });
    await cli.json(sent.extend({ index: z.literal(1) }), "review", "begin", ...yes);
    expect(await calendarNow()).toMatchObject({ begun: true, canBegin: false, index: 1 });
    expect(await cli.refused("review", "begin", ...yes)).toMatchObject({ error: "ReviewCalendarBegun" });
    const second = await calendarNow();
    await story.system.travelTo(second.next + BEGIN_SECONDS);
    expect((await cli.run("review", "status")).out).toMatch(/nobody began it in time: nothing lapses by it/);
    expect(await cli.refused("review", "begin", ...yes)).toMatchObject({ error: "ReviewCalendarOutsideWindow" });
  });

  it("its anchor reviews it; when a period passes without a review, anyone reclaims it", async () => {
    const extend = ["project", "extend", known.project, "--reason", "the exhibition opened", ...yes];
    expect(await cli.refused(...extend, "--as", "payeeOne")).toMatchObject({ error: "BudgetVaultNotAnchor" });
    await cli.json(sent, ...extend, "--as", "anchor");
    expect((await cli.run("project", "show", known.project)).out).toMatch(
      /lease +running, paid through review period 2/,
    );
    const chapter = new EnclaveChapter(story);
    await chapter.nextPeriod();
    await story.system.travelTo((await story.system.now()) + 590);
    const reclaim = ["project", "reclaim", known.project, "--as", "relayer", ...yes];
    expect(await cli.refused(...reclaim)).toMatchObject({ error: "BudgetVaultLeaseRunning" });
    await story.system.travelTo((await story.system.now()) + 11);
    await cli.json(sent, ...reclaim);
    expect(await enclaves()).toEqual([]);
  });
});
