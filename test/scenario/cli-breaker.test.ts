import { keccak256, stringToHex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { AuditedStory } from "../support/audited-story.ts";
import { mandateOn, type MandateCli } from "../support/mandate-cli.ts";

const sent = z.looseObject({ sent: z.literal(true), transaction: z.string() });
const dry = z.looseObject({ sent: z.literal(false), gas: z.string() });
const statusSchema = z.looseObject({
  assets: z.array(z.looseObject({ symbol: z.string(), state: z.string(), trips: z.number() })),
  oracle: z.looseObject({ managed: z.boolean() }),
});
const yes = ["--yes"];

let story: AuditedStory;
let cli: MandateCli;
let claiming: Awaited<ReturnType<AuditedStory["claimingPayee"]>>;
const test = async () =>
  (await cli.json(statusSchema, "breaker", "status")).assets.find(({ symbol }) => symbol === "TEST");

beforeAll(async () => {
  story = await AuditedStory.begin();
  cli = mandateOn(story.system);
  claiming = await story.claimingPayee(10n ** 18n);
  await cli.json(sent, "pool", "open", "main", "--anchor", "anchor", ...yes);
  const intent = keccak256(stringToHex("breaker"));
  await cli.json(sent, "pool", "fund", "main", "--amount", "100", "--intent", intent, ...yes);
  const open = ["task", "open", "pay a supplier", "--team", "G1.U1.P6", "--for", "2h", "--as", "anchor"];
  const { task } = await cli.json(sent.extend({ task: z.number() }), ...open);
  const what = ["--target", "BudgetVault", "--function", "withdraw", "--task", `${task}`, "--for", "1h"];
  await cli.json(sent, "grant", "give", "--to", "agent", ...what);
});
afterAll(async () => {
  cli.remove();
  await story.system.stop();
});

describe("mandate breaker", () => {
  const trip = ["breaker", "trip", "test", "--reason", "a stolen key was reported"];
  const withdraw = ["pool", "withdraw", "main", "--to", "payeeOne", "--amount", "1"];

  it("shows limits, what may leave now, and that everything runs by itself", async () => {
    const { code, out } = await cli.run("breaker", "status");
    expect(code).toBe(0);
    expect(out).toMatch(/may leave in 24 hours +1000 %/);
    expect(out).toMatch(/TEST +closed/);
    expect(out).toMatch(/oracle +closed/);
  });

  it("given a guardian, it trips; given anybody else, it does not; a reason is asked for", async () => {
    expect(await cli.refused(...trip, "--as", "payeeOne", ...yes)).toMatchObject({
      code: 1,
      error: "AccessManagedUnauthorized",
    });
    expect((await cli.run("breaker", "trip", "test", "--yes")).code).toBe(2);
    await cli.json(dry, ...trip, "--dry-run");
    expect(await test()).toMatchObject({ state: "closed", trips: 0 });
    await cli.json(sent, ...trip, ...yes);
    expect(await test()).toMatchObject({ state: "tripped", trips: 1 });
    expect((await cli.run("breaker", "status")).out).toMatch(/TEST +tripped until/);
  });

  it("while it is tripped, only what the pool's anchor approved is withdrawn, once", async () => {
    expect(await cli.refused(...withdraw, ...yes)).toMatchObject({ code: 1, error: "BudgetVaultAssetTripped" });
    const approve = ["pool", "approve-withdrawal", "main", "--amount", "1", "--to", "payeeOne"];
    expect(await cli.refused(...approve, "--as", "finance", ...yes)).toMatchObject({
      error: "BudgetVaultNotPoolAnchor",
    });
    await cli.json(sent, ...approve, ...yes);
    await cli.json(sent, ...approve, "--revoke", ...yes);
    expect(await cli.refused(...withdraw, ...yes)).toMatchObject({ error: "BudgetVaultAssetTripped" });
    await cli.json(sent, ...approve, ...yes);
    await cli.json(sent.extend({ outcome: z.literal("paid") }), ...withdraw, ...yes);
    expect(await cli.refused(...withdraw, ...yes)).toMatchObject({ error: "BudgetVaultAssetTripped" });
    expect(await story.system.read("TestToken", "balanceOf", [devAccount("payeeOne").address])).toBe(10n ** 18n);
  });

  it("a quorum of anchors resets it, and nobody before", async () => {
    expect(await cli.refused("breaker", "reset", "test", ...yes)).toMatchObject({ error: "CircuitBreakerNotApproved" });
    const approve = ["breaker", "approve-reset", "test", ...yes];
    expect(await cli.refused(...approve, "--as", "finance")).toMatchObject({ error: "AnchorsUnexpectedStatus" });
    // The only live anchor of this organization is its quorum.
    expect(await cli.json(sent.extend({ quorum: z.string() }), ...approve)).toMatchObject({ quorum: "1" });
    await cli.json(sent, "breaker", "reset", "test", ...yes);
    expect(await test()).toMatchObject({ state: "closed", trips: 1 });
    expect(await cli.refused("breaker", "reset", "test", ...yes)).toMatchObject({ error: "BudgetVaultNotTripped" });
  });

  it("trips and shows the oracle, shows no shortfall where there is none, and refreshes limits", async () => {
    await cli.json(sent, "breaker", "trip", "oracle", "--reason", "sources disagree", ...yes);
    expect((await cli.json(statusSchema, "breaker", "status")).oracle.managed).toBe(true);
    expect(await cli.refused("breaker", "show-shortfall", "test", ...yes)).toMatchObject({
      error: "CircuitBreakerNoShortfall",
    });
    await cli.json(sent, "breaker", "refresh-limits", ...yes);
  });

  it("iTR-025: given coin that is missing, a claim waits; by a ruling of the anchors a share of it is sent, and the rest stays", async () => {
    const { payee, claim } = claiming;
    const { system, vault } = story;
    const half = (await system.client.getBalance({ address: vault })) / 2n;
    await system.rpc("anvil_setBalance", vault, `0x${half.toString(16)}`);
    expect((await cli.run("breaker", "status")).out).toMatch(/of each claim +nothing until anchors rule/);
    await cli.json(sent, "breaker", "show-shortfall", "coin", ...yes);
    const ruling = ["coin", "--share", "50", ...yes];
    expect(await cli.refused("breaker", "rule-shortfall", ...ruling)).toMatchObject({
      error: "CircuitBreakerNotApproved",
    });
    expect((await cli.run("breaker", "approve-ruling", ...ruling, "--dry-run")).out).toMatch(
      /of each claim +50 %, once/,
    );
    await cli.json(sent, "breaker", "approve-ruling", ...ruling);
    await cli.json(sent, "breaker", "rule-shortfall", ...ruling);
    expect((await cli.run("breaker", "status")).out).toMatch(/of each claim +50 %, once/);
    const send = ["claim", "send", "--asset", "coin", "--to", devAccount("payeeOne").address, "--sender", payee];
    const { out } = await cli.run(...send, "--dry-run");
    expect(out).toMatch(/moves +0\.5 ETH/);
    expect(out).toMatch(/stays a claim +0\.5 ETH: money of this asset is missing/);
    await claim();
    expect(await cli.refused("breaker", "approve-ruling", "coin", "--share", "51", ...yes)).toMatchObject({
      error: "RulingImpossible",
    });
    expect(await cli.refused(...send, "--dry-run")).toMatchObject({ error: "BudgetVaultShortfall" });
    expect(await cli.refused("breaker", "approve-ruling", "coin", "--share", "fifty", ...yes)).toMatchObject({
      error: "ValueInvalid",
    });
  });
});
