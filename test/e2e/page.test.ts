import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { erc20Abi, getAddress, type Hex } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { budgetVaultAbi } from "../../src/chain/abi.ts";
import { createChainClient, type ChainClient } from "../../src/chain/client.ts";
import { devAccount, devAccountIndex, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import { exampleEvidence } from "../../scripts/start/seed.ts";
import { runMandate } from "../support/run-mandate.ts";
import { findBrowser, launchBrowser, noBrowserReason } from "./support/browser.ts";
import { injectWallet, type TestWallet } from "./support/injected-wallet.ts";
import { startStack, type RunningStack } from "./support/running-stack.ts";

const executable = findBrowser();

const finance = devAccount("finance");
const accountNames = Object.keys(devAccountIndex) as DevAccountName[];
const unit = 10n ** 18n;
/** Waits cover several epochs of a minute on a busy machine. */
const patienceMs = 200_000;

describe("the page in a real browser", () => {
  let stack: RunningStack;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let wallet: TestWallet;
  let chain: ChainClient;

  const projectWith = (status: string): Locator =>
    page.getByRole("article").filter({ has: page.getByText(status, { exact: true }) });
  const tokensOf = (account: Hex): Promise<bigint> =>
    chain.readContract({
      address: stack.deployment.contracts.TestToken ?? "0x",
      abi: erc20Abi,
      functionName: "balanceOf",
      args: [account],
    });

  beforeAll(async () => {
    if (executable === undefined) return;
    stack = await startStack();
    chain = createChainClient({ chainId: stack.deployment.chainId, rpcUrl: stack.rpcUrl });
    browser = await launchBrowser(executable);
    context = await browser.newContext({ viewport: { width: 1200, height: 1600 } });
    page = await context.newPage();
    page.setDefaultTimeout(30_000);
    wallet = await injectWallet(page, { account: finance, chainId: stack.deployment.chainId, rpcUrl: stack.rpcUrl });
    await page.goto(stack.pageUrl);
  });

  afterAll(async () => {
    if (executable === undefined) return;
    await browser.close();
    expect(await stack.interrupt()).toBe(0);
  });

  beforeEach(({ skip }) => skip(executable === undefined, noBrowserReason));

  it("shows pools, projects, leases and milestones from the indexer, complete to the journals' heads", async () => {
    await page.getByText("journals complete").waitFor();
    const pools = page.getByRole("table", { name: "Pools" });
    await pools.getByText("25 ETH").waitFor();
    await pools.getByText("1,500 TEST").waitFor();
    await page.getByRole("article").nth(2).waitFor(); // projects are asked for apart from pools, and may come later
    expect(await page.getByRole("article").count()).toBe(3);
    await page.getByText("lease runs").first().waitFor();
    await page.getByText("2 of 3").first().waitFor();
  });

  it("has no accessibility violation that axe finds, in light and in dark", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(
        violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map((node) => node.html).join(" ")}`),
      ).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: "light" });
  });

  it("given the keyboard alone, when a wallet is connected, it shows the account", async () => {
    const connect = page.getByRole("button", { name: "Connect wallet" });
    await connect.focus();
    await page.keyboard.press("Enter");
    const choice = page.getByRole("button", { name: "Test wallet" });
    await choice.waitFor();
    await choice.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Disconnect" }).waitFor();
    await page
      .locator(`[aria-label="${getAddress(finance.address)}"]`)
      .first()
      .waitFor();
  });

  it("given a person who declines in the wallet, when a project is funded, it pays nothing and says so", async () => {
    const before = await tokensOf(finance.address);
    await projectWith("proposed").getByRole("button", { name: "Fund" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("200 TEST").first().waitFor();
    wallet.refuseNext();
    await dialog.getByRole("button", { name: /Fund with/ }).click();
    await dialog.getByText("Nothing was paid").waitFor();
    expect(await tokensOf(finance.address)).toBe(before);
  });

  it("given an accepted project, when it is funded, it takes exactly its total, once, and its lease runs", async () => {
    const before = await tokensOf(finance.address);
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: /Fund with/ }).click();
    await dialog.getByText("The project is funded and its lease runs.").waitFor({ timeout: patienceMs });
    expect(before - (await tokensOf(finance.address))).toBe(200n * unit);
    const allowance = await chain.readContract({
      address: stack.deployment.contracts.TestToken ?? "0x",
      abi: erc20Abi,
      functionName: "allowance",
      args: [finance.address, stack.deployment.contracts.BudgetVault],
    });
    expect(allowance).toBe(0n);
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await projectWith("proposed").waitFor({ state: "detached" });
    await page.getByRole("table", { name: "Pools" }).getByText("1,500 TEST").waitFor();
  });

  it("given an earlier payment of this browser, when it is forgotten by the page but not by the chain, it does not pay again", async () => {
    const paid = await chain.getContractEvents({
      address: stack.deployment.contracts.BudgetVault,
      abi: budgetVaultAbi,
      eventName: "ProjectFunded",
      args: { from: finance.address },
      fromBlock: 0n,
    });
    expect(paid).toHaveLength(1);
    const leftovers = await page.evaluate(() =>
      Object.keys(localStorage).filter((name) => name.startsWith("mandate.payment")),
    );
    expect(leftovers).toEqual([]);
  });

  it("given evidence that misses the specification, when a release is asked for, it sends nothing and shows the attestors' reasons", async () => {
    const sentBefore = wallet.sent.length;
    const watch = page.getByRole("article").filter({ hasText: "Total 1,000 TEST" });
    await watch.getByRole("button", { name: "Release milestone 1" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Evidence document (JSON)").fill('{"delivered": false, "testsPassed": 3}');
    await dialog.getByRole("button", { name: "Have it attested and release" }).click();
    await dialog.getByText("0 of 2 signatures").waitFor();
    expect(wallet.sent.length).toBe(sentBefore);
  });

  it("given evidence that meets it, when the release is relayed, it pays the payee exactly once", async () => {
    const payee = devAccount("payeeOne").address;
    const before = await tokensOf(payee);
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Evidence document (JSON)").fill(JSON.stringify(exampleEvidence));
    await dialog.getByRole("button", { name: "Have it attested and release" }).click();
    await dialog.getByText("The payee has the money.").waitFor({ timeout: patienceMs });
    const [released] = await chain.getContractEvents({
      address: stack.deployment.contracts.BudgetVault,
      abi: budgetVaultAbi,
      eventName: "MilestonePaid",
      fromBlock: 0n,
    });
    expect(released?.args.payee).toBe(payee);
    expect((await tokensOf(payee)) - before).toBe(released?.args.amount);
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await page.getByText("paid", { exact: true }).first().waitFor();
  });

  it("shows an accepted report, and the renewed lease, without a reload", async () => {
    await page.getByText(/Report \d+ of epoch \d+/).waitFor({ timeout: patienceMs });
    await page
      .getByText(/Last proved score/)
      .first()
      .waitFor({ timeout: patienceMs });
  });

  describe("given a challenge of a score", () => {
    let challenge: string;
    let article: Locator;
    const rulerSchema = z.object({ rulers: z.array(z.object({ anchor: z.string() })) });
    /** Runs a command against the stack, which must succeed. */
    async function mandate<T>(schema: z.ZodType<T>, ...args: readonly string[]): Promise<T> {
      const at = ["--deployment", join(stack.directory, "deployment.json"), "--rpc-url", stack.rpcUrl];
      const documents = ["--documents", join(stack.directory, "challenges")];
      const { code, json } = await runMandate("--json", "challenge", ...args, ...at, ...documents);
      expect([code, json], args.join(" ")).toMatchObject([0, {}]);
      return schema.parse(json);
    }
    const row = (): Locator => article.locator(`[data-challenge="${challenge}"]`);

    beforeAll(async () => {
      if (executable !== undefined) await page.goto(stack.pageUrl); // whatever the tests before left open
    });

    it("before there is one, each project says so", async () => {
      await page.getByText("No score of this project was challenged.").first().waitFor();
      expect(await page.getByRole("table", { name: "Challenges" }).count()).toBe(0);
    });

    it("shows what is challenged, until when, on what evidence, and who has to rule, without a reload", async () => {
      await mandate(
        z.looseObject({}),
        ...["set-terms", "--bond", "0.2", "--reward", "0.1", "--anchor", "anchor", "--yes"],
      );
      const renewed = page.getByRole("article").filter({ hasText: "Last proved score" }).first();
      const project = (await renewed.getAttribute("data-project")) ?? "";
      const evidence = join(stack.directory, "lockstep.json");
      writeFileSync(evidence, JSON.stringify({ stars: "from one address block" }));
      const open = ["open", project, "--evidence", evidence, "--operators", stack.operatorUrl, "--least-reward", "0"];
      ({ challenge } = await mandate(z.looseObject({ challenge: z.string() }), ...open, "--as", "agent", "--yes"));
      await mandate(z.looseObject({}), "store-evidence", challenge, "--store", stack.evidenceUrl, "--as", "agent");
      article = page.locator(`article[data-project="${project}"]`);
      await row().waitFor({ timeout: patienceMs });
      await row().getByText("open", { exact: true }).waitFor();
      await row().getByRole("list", { name: "Who rules" }).getByText("may rule now").first().waitFor();
      expect(await row().locator("time").first().getAttribute("datetime")).toMatch(/^\d{4}-/);
    });

    it("given the keyboard alone, the evidence is reached, and is the document that the chain names", async () => {
      const link = row().getByRole("link", { name: `Document with the evidence of challenge ${challenge}` });
      const before = row().locator("code").first(); // the challenge's own name comes first
      await before.focus();
      await page.keyboard.press("Tab");
      expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
      const answer = await fetch((await link.getAttribute("href")) ?? "");
      expect(await answer.json()).toMatchObject({
        kind: "mandate.challenge/1",
        evidence: { stars: "from one address block" },
      });
    });

    it("has no accessibility violation that axe finds, in light and in dark", async () => {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
      }
      await page.emulateMedia({ colorScheme: "light" });
    });

    it("given a ruling, it says how and by whom", async () => {
      const { rulers } = await mandate(rulerSchema, "show", challenge);
      const ruler = accountNames.find((name) => devAccount(name).address === rulers[0]?.anchor);
      const ruling = ["rule", challenge, "--reject", "--reason", "organic", "--as", ruler ?? "nobody"];
      await mandate(z.looseObject({}), ...ruling);
      await row().getByText("rejected", { exact: true }).waitFor({ timeout: patienceMs });
      await row().getByText("Rejected by").waitFor();
      await row()
        .locator(`[aria-label="${rulers[0]?.anchor ?? ""}"]`)
        .waitFor();
    });
  });
});
