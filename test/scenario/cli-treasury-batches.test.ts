import { createServer, type Server } from "node:http";
import { erc20Abi, keccak256, stringToHex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { devAccount, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import { leafOutcomes } from "../../src/core/api/proofs.ts";
import type { Hex } from "../../src/core/hex.ts";
import { jsonLine } from "../../src/cli/output.ts";
import { AuditedStory } from "../support/audited-story.ts";
import { mandateOn, type MandateCli } from "../support/mandate-cli.ts";

const ONE = 10n ** 18n;
const sent = z.looseObject({ sent: z.literal(true), transaction: z.string() });
const listed = sent.extend({ projects: z.array(z.string()) });
const word: Hex = `0x${"11".repeat(32)}`;
const address = (name: DevAccountName): Hex => devAccount(name).address;
const yes = ["--yes"];

let story: AuditedStory;
let cli: MandateCli;
let operator: Server;
let operators: string[];
let reported: readonly Hex[] = [];
let report: Awaited<ReturnType<AuditedStory["report"]>> | undefined;

/** Proofs need no trust, and so whoever has the report can serve them: here the story's teller does. */
async function serveProofs(): Promise<void> {
  operator = createServer((request, response) => {
    const project = reported.find((each) => request.url?.endsWith(each));
    const { leaf, proof } = project === undefined ? {} : (report?.proofOf(project) ?? {});
    if (report === undefined || leaf === undefined) {
      response.writeHead(404).end(jsonLine({ code: "ProofUnknown", message: "not in the report" }));
      return;
    }
    const outcome = leafOutcomes[leaf.outcome - 1];
    response.end(jsonLine({ header: report.header, leaf: { ...leaf, outcome }, proof }));
  });
  await new Promise<void>((resolve) => operator.listen(0, "127.0.0.1", resolve));
  const place = operator.address();
  operators = ["--operators", `http://127.0.0.1:${typeof place === "object" ? (place?.port ?? 0) : 0}`];
}

beforeAll(async () => {
  story = await AuditedStory.begin();
  cli = mandateOn(story.system);
  await serveProofs();
});
afterAll(async () => {
  operator.close();
  cli.remove();
  await story.system.stop();
});

describe("leases in batches", () => {
  const ids: Hex[] = [];
  const reportOn = async (...scored: readonly Hex[]): Promise<void> => {
    reported = scored;
    const leaf = (project: Hex, score: bigint) => ({ project, outcome: 1 as const, score });
    const other = (place: number) => keccak256(stringToHex(`other ${place}`));
    // Four of five survive, as is aimed at: τ stays where it is, and the oracle does not trip.
    const survivors = [...scored, ...Array.from({ length: Math.max(0, 4 - scored.length) }, (_, i) => other(i))];
    report = await story.report([...survivors.map((each) => leaf(each, 9n * 10n ** 17n)), leaf(other(9), 0n)]);
  };

  it("given several projects in a report, one transaction renews them; what stands in one's way is told", async () => {
    for (let left = 3; left > 0; left--) {
      const milestones = [await story.milestone({ amount: BigInt(left) * ONE })];
      ids.push((await story.project({ name: "payeeOne" }, milestones, { initialReports: 1 })).id);
    }
    const [one = "0x", two = "0x", three = "0x"] = ids;
    await reportOn(one, two);
    const renew = ["project", "renew", ...ids, ...operators];
    const shown = await cli.run(...renew, "--dry-run");
    expect(shown.out).toContain("Renew the leases of 2 projects by the report of epoch");
    expect(shown.out).toContain(`${one}: score 0.9, threshold `);
    expect(shown.out).toContain(`${three}: no operator has a proof`);
    expect((await cli.json(listed, ...renew, ...yes)).projects).toEqual([one, two].sort());
    expect(await cli.refused("project", "renew", "--all", ...operators, ...yes)).toMatchObject({
      code: 3,
      error: "NothingToRenew",
    });
    expect(await cli.refused("project", "renew", ...operators, ...yes)).toMatchObject({ error: "ProjectMissing" });
  });

  it("--watch sends by itself, and so does not go with --dry-run", async () => {
    const shown = await cli.run("project", "renew", "--watch", "--dry-run", ...operators);
    expect(shown).toMatchObject({ code: 2, err: expect.stringContaining("cannot be used with") as unknown });
  });

  it("given leases that ran out, one transaction takes the money back; a running one keeps its own", async () => {
    const [one = "0x", two = "0x", three = "0x"] = ids;
    const reclaim = ["project", "reclaim"];
    expect(await cli.refused(...reclaim, ...yes)).toMatchObject({ code: 2, error: "ProjectMissing" });
    expect(await cli.refused(...reclaim, one, two, ...yes)).toMatchObject({ code: 1, error: "NothingToReclaim" });
    await story.system.travelTo((await story.system.now()) + 30);
    await reportOn(one);
    await cli.json(sent, "project", "renew", one, ...operators, ...yes);
    await reportOn(one);
    await story.system.travelTo((await story.system.now()) + 30); // the window in which the others could renew
    const shown = await cli.run(...reclaim, ...ids, "--dry-run");
    expect(shown.out).toContain(`${one}: its lease is running`);
    expect(shown.out).toContain(`${three}: 1 TEST to the pool ${story.pool}`);
    const { projects } = await cli.json(listed, ...reclaim, "--all", ...yes);
    expect(projects.toSorted()).toEqual([two, three].sort());
  });
});

describe("permits", () => {
  let token: Hex;
  const fund = (): string[] => ["pool", "fund", "main", "--asset", token, "--permit", "--amount"];
  const balanceOf = (owner: Hex): Promise<bigint> =>
    story.system.client.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [owner] });
  const allowance = (owner: Hex, spender: Hex): Promise<bigint> => {
    const args = [owner, spender] as const;
    return story.system.client.readContract({ address: token, abi: erc20Abi, functionName: "allowance", args });
  };

  beforeAll(async () => {
    token = await story.system.deploy("mocks/PermitTokens.sol", "PermitToken", []);
    await story.system.send("finance", "BudgetVault", "allowAsset", [token, true]);
    await story.system.call("finance", token, "function mint(address,uint256)", [address("finance"), 50n * ONE]);
    await cli.json(sent, "pool", "open", "main", ...yes);
  });

  it("given a token that takes permits, a pool is funded in one transaction that leaves no allowance", async () => {
    const shown = await cli.run(...fund(), "20", "--dry-run");
    expect(shown.out).toMatch(/permits +the vault to take 20 PERMIT, until 20.* UTC, in 1 h/);
    expect(shown.out).not.toContain("PERMIT.approve");
    const before = await story.system.client.getTransactionCount({ address: address("finance") });
    await cli.json(sent, ...fund(), "20", "--intent", word, ...yes);
    expect(await story.system.client.getTransactionCount({ address: address("finance") })).toBe(before + 1);
    expect(await balanceOf(story.vault)).toBe(20n * ONE);
    expect(await allowance(address("finance"), story.vault)).toBe(0n);
    expect(await cli.refused(...fund(), "20", "--intent", word, ...yes)).toMatchObject({ error: "IntentUsed" });
  });

  it("given a token that takes none, the coin, or no key to sign with, it says so before anything is sent", async () => {
    const unsupported = { code: 2, error: "PermitUnsupported" };
    const plain = ["pool", "fund", "main", "--amount", "1", "--permit"];
    expect(await cli.refused(...plain, ...yes)).toMatchObject(unsupported);
    expect(await cli.refused(...plain, "--asset", "coin", ...yes)).toMatchObject(unsupported);
    const without = ["--sender", address("finance"), "--dry-run"];
    expect(await cli.refused(...fund(), "1", ...without)).toMatchObject(unsupported);
    const commit = ["project", "fund", word, "--permit", ...yes];
    expect(await cli.refused(...commit)).toMatchObject({ code: 2, error: "OptionsDiffer" });
  });

  it("funds a project from a wallet with exactly its total", async () => {
    const plan = cli.file("plan.json", {
      pool: "main",
      asset: token,
      payee: "payeeOne",
      anchor: "anchor",
      scoreDefinition: { kind: "score", name: "story" },
      renewalWindow: "20s",
      acceptWithin: "1d",
      milestones: [
        { amount: "30", deadlineIn: "1d", specification: { deliver: "it" }, attestorSet: story.attestorSet },
      ],
    });
    const opened = await cli.json(sent.extend({ project: z.string() }), "project", "open", plan, ...yes);
    const accept = ["project", "accept", opened.project, ...yes, "--party"];
    await cli.json(sent, ...accept, "payee", "--as", "payeeOne");
    await cli.json(sent, ...accept, "anchor", "--as", "anchor");
    await cli.json(sent, "project", "fund", opened.project, "--from", "wallet", "--permit", ...yes);
    expect(await balanceOf(address("finance"))).toBe(0n);
    const shown = (await cli.run("project", "show", opened.project)).out;
    expect(shown).toMatch(/status +active/);
    expect(shown).toMatch(/committed +30 PERMIT, from the pool main/);
    expect(shown).toMatch(/accepted +payee: yes, anchor: yes/);
  });
});
