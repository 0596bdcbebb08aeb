import { encodeFunctionData, parseUnits, zeroHash } from "viem";
import { describe, expect, it } from "vitest";
import {
  authorityAbi,
  budgetVaultAbi,
  escalationsAbi,
  mergeGovernorAbi,
  teamsAbi,
} from "../../../generated/abi/index.ts";
import { rendered, renderedMessage, testAccounts, testDeployment } from "./rendering.ts";

const { token, payee } = testAccounts;
const pool = `0x${"ab".repeat(32)}` as const;
const project = `0x${"cd".repeat(32)}` as const;
const nativeCoin = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE";
const deadline = 1_767_225_600; // 2026-01-01 00:00:00 UTC

const withdrawal = encodeFunctionData({
  abi: budgetVaultAbi,
  functionName: "withdraw",
  args: [pool, token, payee, 1_250_500_000n],
});

describe("what a wallet shows", () => {
  it("given a payment out of a pool, it names amount, symbol, pool and payee", async () => {
    const model = await rendered("BudgetVault", withdrawal);
    expect(model.sentence).toBe(`Pay 1250.5 TUSD out of pool ${pool} to Petra`);
    expect(model.lines).toEqual([`Pool: ${pool}`, "Amount: 1250.5 TUSD", "Asset: Test dollar", "Payee: Petra"]);
  });

  it("given a deposit of the chain's coin, it shows it in coins, and what goes along", async () => {
    const amount = parseUnits("2", 18);
    const args = [pool, nativeCoin, amount, zeroHash] as const;
    const model = await rendered(
      "BudgetVault",
      encodeFunctionData({ abi: budgetVaultAbi, functionName: "deposit", args }),
      amount,
    );
    expect(model.lines).toContain("Amount: 2 ETH");
    expect(model.lines).toContain("Coins sent along: 2 ETH");
  });

  it("given a plan, it shows payee, acceptance, and amount and deadline of each milestone", async () => {
    const milestone = {
      deadline,
      challengeWindow: 3600,
      specification: zeroHash,
      attestorSet: zeroHash,
      attestorSetVersion: 1,
      coSignature: false,
    };
    const plan = {
      ...{ version: 1, project, pool, reclaimTo: pool, asset: token, payee, opener: payee, anchor: payee },
      ...{ team: zeroHash, oracle: payee, scoreDefinition: zeroHash, leaseReports: 2, initialReports: 3 },
      ...{ maxMissing: 1, renewalWindow: 7200, acceptBy: deadline, salt: zeroHash },
      milestones: [
        { ...milestone, amount: 10_000_000n },
        { ...milestone, amount: 20_500_000n, deadline: deadline + 86_400 },
      ],
    };
    const data = encodeFunctionData({ abi: budgetVaultAbi, functionName: "openProject", args: [plan] });
    const { lines } = await rendered("BudgetVault", data);
    expect(lines.filter((line) => line.startsWith("Milestone pays"))).toEqual([
      "Milestone pays: 10 TUSD",
      "Milestone pays: 20.5 TUSD",
    ]);
    expect(lines.filter((line) => line.startsWith("Milestone deadline"))).toEqual([
      "Milestone deadline: 2026-01-01 00:00:00Z",
      "Milestone deadline: 2026-01-02 00:00:00Z",
    ]);
    expect(lines).toContain("Payee: Petra");
    expect(lines).toContain("Time to renew after a report: 02:00:00");
  });

  it("given a grant, it shows grantee, end, uses and cap in units of account", async () => {
    const request = { task: 7, grantee: payee, target: payee, selector: "0x12345678" } as const;
    const args = [{ ...request, notBefore: deadline, notAfter: deadline + 60, uses: 3, cap: 1_234_500 }] as const;
    const { lines } = await rendered(
      "Authority",
      encodeFunctionData({ abi: authorityAbi, functionName: "grant", args }),
    );
    expect(lines).toContain("Grantee: Petra");
    expect(lines).toContain("Until: 2026-01-01 00:01:00Z");
    expect(lines).toContain("Cap on impact: 123.45 units of account");
  });

  it.each([
    [
      "Authority",
      encodeFunctionData({
        abi: authorityAbi,
        functionName: "execute",
        args: [testDeployment.contracts.BudgetVault, withdrawal],
      }),
    ],
    [
      "Escalations",
      encodeFunctionData({
        abi: escalationsAbi,
        functionName: "open",
        args: [testDeployment.contracts.BudgetVault, withdrawal, zeroHash, zeroHash],
      }),
    ],
    [
      "MergeGovernor",
      encodeFunctionData({
        abi: mergeGovernorAbi,
        functionName: "queue",
        args: [[testDeployment.contracts.BudgetVault], [0n], [withdrawal], zeroHash],
      }),
    ],
  ] as const)("given a call inside a call of %s, it reads the inner one too", async (contract, data) => {
    const { lines } = await rendered(contract, data);
    expect(lines).toContain("Call: Pay out of a pool");
    expect(lines).toContain("  Amount: 1250.5 TUSD");
    expect(lines).toContain("  Payee: Petra");
  });

  it("given a vote and a trigger, it shows names for numbers", async () => {
    const vote = encodeFunctionData({ abi: mergeGovernorAbi, functionName: "castVote", args: [5n, 1] });
    expect((await rendered("MergeGovernor", vote)).sentence).toBe("Vote For on proposal 5");
    const lowered = encodeFunctionData({ abi: teamsAbi, functionName: "lowerTier", args: [3, 1, zeroHash] });
    expect((await rendered("Teams", lowered)).lines).toContain("Because: Attestation overturned");
  });

  it("given a milestone's proof, it says what is paid, to whom, and until when the proof counts", async () => {
    const model = await renderedMessage("MilestoneProof", {
      ...{ project, planVersion: "1", milestone: "2", payee, asset: token, amount: "40000000", evidence: zeroHash },
      ...{ attestorSet: zeroHash, attestorSetVersion: "1", deadline: String(deadline) },
    });
    expect(model.sentence).toBe("Attest milestone 2: 40 TUSD to Petra");
    expect(model.lines).toContain("Proof valid until: 2026-01-01 00:00:00Z");
  });

  it("given the acceptance of a payee, it says the sum of the plan", async () => {
    const message = { project, planVersion: "1", payee, asset: token, total: "30500000" };
    const model = await renderedMessage("PayeeAcceptance", message);
    expect(model.sentence).toBe(`Accept to be paid up to 30.5 TUSD for project ${project}`);
  });
});
