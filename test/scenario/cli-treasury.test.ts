import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { keccak256, stringToHex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { devAccount, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import type { Hex } from "../../src/core/hex.ts";
import { AuditedStory } from "../support/audited-story.ts";
import { mandateOn, type MandateCli } from "../support/mandate-cli.ts";

const ONE = 10n ** 18n;
const coin: Hex = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE";
const sent = z.looseObject({ sent: z.literal(true), transaction: z.string() });
const dry = z.looseObject({ sent: z.literal(false), gas: z.string() });
const balances = z.looseObject({ balances: z.array(z.looseObject({ symbol: z.string(), text: z.string() })) });
const milestoneSchema = z.looseObject({ status: z.string() });

let story: AuditedStory;
let cli: MandateCli;
let set: Hex;
let project: string;
const address = (name: DevAccountName): Hex => devAccount(name).address;
const held = async (pool: string) => (await cli.json(balances, "pool", "show", pool)).balances[0]?.text;
const tokens = (name: DevAccountName) => story.system.read("TestToken", "balanceOf", [address(name)]);
const status = async (index: number) =>
  (await cli.json(milestoneSchema, "milestone", "show", project, `${index}`)).status;
const yes = ["--yes"];

/** Money leaves a pool other than by a plan only by a grant for a task. */
async function grantWithdrawals(): Promise<void> {
  const open = ["task", "open", "pay a supplier", "--team", "G1.U1.P6", "--for", "2h", "--as", "anchor"];
  const { task } = await cli.json(sent.extend({ task: z.number() }), ...open);
  const what = ["--target", "BudgetVault", "--function", "withdraw", "--task", `${task}`, "--for", "1h"];
  await cli.json(sent, "grant", "give", "--to", "agent", ...what);
}

beforeAll(async () => {
  story = await AuditedStory.begin();
  cli = mandateOn(story.system);
  const signers = [address("attestorOne"), address("attestorTwo")].sort((a, b) =>
    keccak256(a) < keccak256(b) ? -1 : 1,
  );
  const args = [keccak256(stringToHex("people")), signers, 2] as const;
  const receipt = await story.system.send("attestorOwner", "BudgetVault", "createAttestorSet", args);
  set = receipt.logs[0]?.topics[1] ?? "0x";
});
afterAll(async () => {
  cli.remove();
  await story.system.stop();
});

describe("mandate pool", () => {
  it("asks before it sends: without a terminal and --yes nothing happens; --dry-run changes nothing", async () => {
    const open = ["pool", "open", "main", "--anchor", "anchor"];
    expect(await cli.refused(...open)).toMatchObject({ code: 2, error: "ConfirmationMissing" });
    await cli.json(dry, ...open, "--dry-run");
    expect(await cli.refused("pool", "show", "main")).toMatchObject({ code: 2, error: "PoolUnknown" });
    await cli.json(sent, ...open, ...yes);
    await cli.json(sent, "pool", "open", "other", ...yes);
  });

  it("given an intent, it pays once however often it is repeated; the preview says what moves", async () => {
    await story.system.send("finance", "TestToken", "approve", [story.vault, 0n]); // the command has to approve itself
    const fund = ["pool", "fund", "main", "--amount", "1000", "--intent", keccak256(stringToHex("first"))];
    const before = await tokens("finance");
    const shown = await cli.run(...fund, "--dry-run");
    expect(shown.out).toContain("Put 1000 TEST into the pool main");
    expect(shown.out).toMatch(/to +pool main \(has 0 TEST, then 1000 TEST\)/);
    expect(shown.out).toMatch(/gas +about \d+/);
    expect(await tokens("finance")).toBe(before);
    await cli.json(sent, ...fund, ...yes);
    expect(await cli.refused(...fund, ...yes)).toMatchObject({ code: 1, error: "IntentUsed" });
    expect(await held("main")).toBe("1000 TEST");
    expect(await tokens("finance")).toBe((before as bigint) - 1_000n * ONE);
  });

  it("given a wrong amount or nobody's right, it says so and moves nothing", async () => {
    expect(await cli.refused("pool", "fund", "main", "--amount", "1e3", ...yes)).toMatchObject({
      error: "AmountInvalid",
    });
    expect(await cli.refused("pool", "fund", "main", "--amount", "0", ...yes)).toMatchObject({
      error: "AmountInvalid",
    });
    expect(await cli.refused("pool", "fund", "main", "--amount", "9999999", ...yes)).toMatchObject({
      error: "WalletShort",
    });
    const withdraw = ["pool", "withdraw", "main", "--to", "payeeOne", "--amount"];
    const noRight = { code: 1, error: "AccessManagedUnauthorized" };
    expect(await cli.refused(...withdraw, "1", ...yes)).toMatchObject(noRight);
    await grantWithdrawals();
    expect(await cli.refused(...withdraw, "1", "--as", "finance", ...yes)).toMatchObject(noRight);
    expect(await cli.refused(...withdraw, "1", "--as", "payeeOne", ...yes)).toMatchObject(noRight);
    expect(await cli.refused(...withdraw, "1001", ...yes)).toMatchObject({ code: 1, error: "BudgetVaultPoolShort" });
    expect(await held("main")).toBe("1000 TEST");
  });

  it("withdraws, moves, credits a surplus, and exports for a Safe without sending", async () => {
    const file = join(cli.directory, "withdrawal.json");
    const withdraw = ["pool", "withdraw", "main", "--to", "payeeOne", "--amount", "10"];
    await cli.json(dry, ...withdraw, "--sender", address("agent"), "--export", file);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
      kind: "mandate.transaction/1",
      from: address("agent"),
      calls: [{ contract: "BudgetVault", function: "withdraw", value: "0" }],
      safe: { version: "1.0", transactions: [{ to: story.vault }] },
    });
    expect(await held("main")).toBe("1000 TEST");
    await cli.json(sent, ...withdraw, ...yes);
    expect(await tokens("payeeOne")).toBe(10n * ONE);
    await cli.json(sent, "pool", "move", "main", "other", "--amount", "90", ...yes);
    await story.system.send("finance", "TestToken", "mint", [story.vault, 3n * ONE]);
    await cli.json(sent, "pool", "credit-surplus", "other", ...yes);
    await cli.json(sent, "pool", "open", "short-lived", "--anchor", "anchor", ...yes);
    await cli.json(sent, "pool", "close", "short-lived", ...yes);
    expect((await cli.run("pool", "show", "short-lived")).out).toMatch(/status +closed/);
    expect(await cli.refused("pool", "close", "short-lived", ...yes)).toMatchObject({ error: "PoolClosed" });
    expect([await held("main"), await held("other")]).toEqual(["900 TEST", "93 TEST"]);
  });
});

describe("the life of a project", () => {
  it("is proposed, accepted by its payee itself and by its anchor without gas, and committed", async () => {
    const milestone = { deadlineIn: "1d", specification: { deliver: "it" }, attestorSet: set };
    const plan = cli.file("plan.json", {
      pool: "main",
      asset: "test",
      payee: "payeeOne",
      anchor: "anchor",
      scoreDefinition: { kind: "score", name: "story" },
      initialReports: 2,
      renewalWindow: "20s",
      acceptWithin: "1d",
      milestones: [
        { ...milestone, amount: "100", challengeWindow: "10m" },
        { ...milestone, amount: "50" },
        { ...milestone, amount: "25", deadlineIn: "2h" },
        { ...milestone, amount: "5" },
      ],
    });
    project = (await cli.json(sent.extend({ project: z.string() }), "project", "open", plan, ...yes)).project;
    const accept = ["project", "accept", project, "--party"];
    expect(await cli.refused(...accept, "payee", "--as", "relayer", ...yes)).toMatchObject({ error: "NotTheParty" });
    await cli.json(sent, ...accept, "payee", "--as", "payeeOne", ...yes);
    const file = join(cli.directory, "acceptance.json");
    const sign = ["project", "sign-acceptance", project, "--party", "anchor", "--out", file, "--signer"];
    expect(await cli.refused(...sign, "agent", ...yes)).toMatchObject({ error: "NotTheParty" });
    expect(await cli.refused(...sign, "anchor")).toMatchObject({ error: "ConfirmationMissing" });
    expect(existsSync(file)).toBe(false);
    expect((await cli.run(...sign, "anchor", ...yes)).out).toMatch(/total +180 TEST/);
    await cli.json(sent, ...accept, "anchor", "--signature", file, ...yes);
    await cli.json(dry, "project", "commit", project, "--dry-run");
    await cli.json(sent, "project", "commit", project, ...yes);
    expect(await held("main")).toBe("720 TEST");
  });

  const attest = (index: number, who: string, name: string, ...more: string[]) => [
    ...["milestone", "attest", project, `${index}`, "--as", who, "--out", join(cli.directory, name), ...more, ...yes],
  ];
  const signed = z.looseObject({ signature: z.string() });

  /** Two attestors sign the same evidence; answers the files. */
  async function proved(index: number, about: string): Promise<string[]> {
    const files = [`${about}-1.json`, `${about}-2.json`].map((name) => join(cli.directory, name));
    const evidence = cli.file(`${about}.json`, { about });
    await cli.json(signed, ...attest(index, "attestorOne", `${about}-1.json`, "--evidence", evidence));
    await cli.json(signed, ...attest(index, "attestorTwo", `${about}-2.json`, "--same-as", files[0] ?? ""));
    return files;
  }

  it("given one signature or a wrong signer, nothing is released; given two, it is held", async () => {
    const files = await proved(0, "first");
    const [one = ""] = files;
    const release = ["milestone", "release", project, "0", ...yes, "--signatures"];
    expect(await cli.refused(...attest(0, "agent", "x.json", "--same-as", one))).toMatchObject({
      error: "SignerWithoutSeat",
    });
    expect(await cli.refused(...release, one)).toMatchObject({ code: 1, error: "AttestationsMissing" });
    const forged = { ...(JSON.parse(readFileSync(one, "utf8")) as object), signer: address("attestorTwo") };
    expect(await cli.refused(...release, one, cli.file("forged.json", forged))).toMatchObject({
      error: "SignatureFalse",
    });
    expect(await cli.json(sent, ...release, ...files)).toMatchObject({ outcome: "held" });
    expect(await status(0)).toBe("proved");
  });

  it("is overturned by its anchor or its opener alone; the same proof never works again, a new one does, and is paid once", async () => {
    const why = cli.file("why.json", { reason: "it does not start" });
    const overturn = ["milestone", "overturn", project, "0", "--evidence", why, ...yes];
    expect(await cli.refused(...overturn, "--as", "agent")).toMatchObject({ error: "BudgetVaultNotAnchorOrOpener" });
    await cli.json(sent, ...overturn);
    const old = ["first-1.json", "first-2.json"].map((name) => join(cli.directory, name));
    const release = ["milestone", "release", project, "0", ...yes, "--signatures"];
    expect(await cli.refused(...release, ...old)).toMatchObject({ error: "BudgetVaultProofOverturned" });
    await cli.json(sent, ...release, ...(await proved(0, "second")));
    const pay = ["milestone", "pay", project, "0", ...yes];
    expect(await cli.refused(...pay)).toMatchObject({ error: "BudgetVaultChallengeWindowOpen" });
    const direct = ["milestone", "release", project, "1", ...yes, "--signatures", ...(await proved(1, "direct"))];
    expect(await cli.json(sent, ...direct)).toMatchObject({ outcome: "paid" });
    await story.system.travelTo((await story.system.now()) + 600);
    expect(await cli.refused(...pay)).toMatchObject({ error: "BudgetVaultCoSignatureRequired" }); // no report came
    await story.quietReport();
    expect(await cli.json(sent, ...pay)).toMatchObject({ outcome: "paid" });
    expect(await cli.refused(...pay)).toMatchObject({ error: "BudgetVaultUnexpectedMilestoneStatus" });
    expect(await tokens("payeeOne")).toBe(160n * ONE);
  });

  it("is paid in parts: what is due so far, each part once, whoever signed what in which order", async () => {
    const evidence = (about: string) => ["--evidence", cli.file(`${about}.json`, { about })];
    const part = async (about: string, due: string) => {
      const files = [`${about}-1.json`, `${about}-2.json`].map((name) => join(cli.directory, name));
      await cli.json(signed, ...attest(2, "attestorOne", `${about}-1.json`, ...evidence(about), "--part", due));
      await cli.json(signed, ...attest(2, "attestorTwo", `${about}-2.json`, "--same-as", files[0] ?? ""));
      return ["milestone", "release", project, "2", ...yes, "--signatures", ...files];
    };
    for (const wrong of ["25", "26"]) {
      const refused = await cli.refused(...attest(2, "attestorOne", "x.json", ...evidence("x"), "--part", wrong));
      expect(refused).toMatchObject({ error: "PartInvalid" });
    }
    const [april, may] = [await part("april", "4"), await part("may", "10")];
    const other = attest(2, "attestorTwo", "x.json", "--same-as", april.at(-1) ?? "", "--part", "5");
    expect(await cli.refused(...other)).toMatchObject({ error: "ClaimsDiffer" });
    const mixed = [...april.slice(0, -1), may.at(-1) ?? ""];
    expect(await cli.refused(...mixed)).toMatchObject({ error: "ClaimsDiffer" });
    expect((await cli.run(...may, "--dry-run")).out).toMatch(/due so far +10 TEST\n.*pays now +10 TEST/);
    expect(await cli.json(sent, ...april)).toMatchObject({ outcome: "paid", amountText: "4 TEST" });
    expect(await cli.refused(...april)).toMatchObject({ error: "BudgetVaultInvalidPart" });
    expect(await cli.json(sent, ...may)).toMatchObject({ outcome: "paid", amountText: "6 TEST" });
    expect((await cli.run("milestone", "show", project, "2")).out).toMatch(/paid so far +10 TEST/);
    expect(await tokens("payeeOne")).toBe(170n * ONE);
  });

  it("gives back what was not paid of a milestone after its deadline, and the rest after its lease", async () => {
    const reclaim = ["milestone", "reclaim", project, "2", ...yes];
    expect(await cli.refused(...reclaim)).toMatchObject({ error: "BudgetVaultDeadlineNotPassed" });
    expect(await cli.refused("project", "reclaim", project, ...yes)).toMatchObject({
      error: "BudgetVaultLeaseRunning",
    });
    await story.system.travelTo((await story.system.now()) + 7_200);
    await cli.json(sent, ...reclaim);
    expect(await held("main")).toBe("735 TEST");
    await story.report([{ project: project as Hex, outcome: 2, score: 0n }]);
    await story.system.travelTo((await story.system.now()) + 30);
    await cli.json(sent, "project", "reclaim", project, ...yes);
    expect(await held("main")).toBe("740 TEST");
  });
});

describe("mandate claim", () => {
  it("shows a payment that could not be pushed; who has none is told so", async () => {
    const args = ["mocks/ERC1271WalletMock.sol", "ERC1271WalletMock", [address("payeeTwo")]] as const;
    const wallet = await story.system.deploy(...args);
    const milestones = [await story.milestone({ amount: ONE })];
    const found = await story.project({ name: "payeeTwo", wallet }, milestones, { asset: coin });
    await story.release(found, 0, [0, 1]);
    const claims = z.looseObject({ claims: z.array(z.looseObject({ text: z.string() })) });
    expect((await cli.json(claims, "claim", "show", wallet)).claims).toMatchObject([{ text: "1 ETH" }]);
    expect(await cli.refused("claim", "send", "--asset", "coin", "--to", "payeeTwo", ...yes)).toMatchObject({
      error: "BudgetVaultNothingToClaim",
    });
    const file = join(cli.directory, "claim.json");
    const exported = ["claim", "send", "--asset", "coin", "--to", "payeeTwo", "--sender", wallet, "--export", file];
    await cli.json(dry, ...exported);
    const [call] = z
      .looseObject({ calls: z.array(z.object({ data: z.string() }).loose()) })
      .parse(JSON.parse(readFileSync(file, "utf8"))).calls;
    const execute = "function execute(address,bytes)";
    await story.system.call("relayer", wallet, execute, [story.vault, call?.data]);
    expect((await cli.json(claims, "claim", "show", wallet)).claims).toEqual([]);
  });
});
