import { toFunctionSelector } from "viem";
import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { asciiWordOf, textOfAsciiWord } from "../ascii-word.ts";
import { foundingCalls, type FoundingCall, type FoundingInput } from "./founding-calls.ts";
import type { ActionDefinition } from "./organization.ts";
import { tenTeamOffice } from "./ten-team-office.ts";

const reason: Hex = `0x${"ab".repeat(32)}`;
const vault: Hex = `0x${"01".repeat(20)}`;
const resource: Hex = `0x${"02".repeat(20)}`;
const anchorOf = (index: number): Hex => `0x${index.toString(16).padStart(40, "0")}`;
const anchors = Object.fromEntries(tenTeamOffice.teams.map(({ id }, index) => [id, anchorOf(100 + index)]));

const withdraw: ActionDefinition = {
  target: "BudgetVault",
  signature: "withdraw(bytes32,address,address,uint256)",
  impact: { kind: "assetAmount", amountWord: 3, assetWord: 1 },
  scope: "budget allocation",
  reversibility: 50,
  inverse: { target: "BudgetVault", signature: "deposit(bytes32,address,uint256,bytes32)" },
};
const refund: ActionDefinition = {
  target: resource,
  signature: "refund(uint256)",
  impact: { kind: "fixed", amount: 25n },
  scope: "refunds",
  reversibility: 90,
  inverse: null,
};
const input: FoundingInput = {
  organization: {
    ...tenTeamOffice,
    actions: [withdraw, refund],
    capabilities: [{ name: "pay", actions: [{ target: "BudgetVault", signature: withdraw.signature }] }],
  },
  anchors,
  targets: { BudgetVault: vault },
  knownScopes: ["reporting"],
  reason,
};

const ofCatalog = (call: FoundingCall): boolean =>
  call.functionName === "registerAction" || call.functionName === "defineCapability";

function callsOf(changes: Partial<FoundingInput> = {}): readonly FoundingCall[] {
  const plan = foundingCalls({ ...input, ...changes });
  if (!plan.planned) throw new Error("not planned");
  return plan.calls;
}

describe("calls that found an organization", () => {
  it("name every scope first that the catalog does not know", () => {
    const names = callsOf().flatMap((call) =>
      call.functionName === "nameScope" ? call.args.map(textOfAsciiWord) : [],
    );
    expect(names.slice(0, 3)).toEqual(["budget allocation", "refunds", "deal approval"]);
    expect(names).toHaveLength(19); // 20 of the ten teams, of which "reporting" is known
    expect(callsOf().findLastIndex(({ functionName }) => functionName === "nameScope")).toBe(18);
  });

  it("then register actions, with what the contract takes", () => {
    const [first, second] = callsOf().filter(ofCatalog);
    expect(first).toEqual({
      contract: "ActionCatalog",
      functionName: "registerAction",
      args: [
        {
          target: vault,
          signature: withdraw.signature,
          impact: 4,
          fixedImpact: 0,
          amountWord: 3,
          assetWord: 1,
          scope: asciiWordOf("budget allocation"),
          reversibility: 50,
          inverseTarget: vault,
          inverseSelector: toFunctionSelector("deposit(bytes32,address,uint256,bytes32)"),
        },
        reason,
      ],
    });
    expect(second).toMatchObject({
      args: [{ target: resource, impact: 2, fixedImpact: 25, inverseSelector: "0x00000000" }, reason],
    });
  });

  it("then define the capabilities", () => {
    expect(callsOf().filter(ofCatalog)[2]).toEqual({
      contract: "ActionCatalog",
      functionName: "defineCapability",
      args: [asciiWordOf("pay"), [{ target: vault, selector: toFunctionSelector(withdraw.signature) }], reason],
    });
  });

  it("then open the root, and every team with a path of teams that are open", () => {
    const opened = callsOf().filter((call) => call.functionName === "openTeam");
    expect(opened).toHaveLength(11);
    expect(textOfAsciiWord(opened[0]?.args[0] ?? "0x")).toBe("G1.U1.P0");
    opened.forEach((call, index) => {
      const path = call.args[4];
      expect(path.at(-1)).toBe(1);
      for (const team of path) expect(team).toBeLessThanOrEqual(index === 0 ? 1 : index);
    });
  });

  it("number the teams as Teams does, and set the path of those that wait for each other afterwards", () => {
    const plan = foundingCalls(input);
    if (!plan.planned) throw new Error("not planned");
    const { dev = 0, qa = 0, ceo } = plan.teamNumbers;
    expect(ceo).toBe(1);
    expect(plan.calls.filter((call) => call.functionName === "setPath").map(({ args }) => args)).toEqual([
      [Math.min(dev, qa), [Math.max(dev, qa), 1], reason],
    ]);
    const opened = plan.calls.filter((call) => call.functionName === "openTeam");
    for (const [id, number] of Object.entries(plan.teamNumbers)) {
      expect(opened[number - 1]?.args[1]).toBe(anchors[id]);
    }
  });

  it("give a team the bits of its scopes, at every tier", () => {
    const plan = foundingCalls(input);
    if (!plan.planned) throw new Error("not planned");
    const opened = plan.calls.filter((call) => call.functionName === "openTeam");
    const conesOf = (id: string) => opened[(plan.teamNumbers[id] ?? 0) - 1]?.args[2];
    // "reporting" is 0 already, then come "budget allocation" and "refunds"
    expect(conesOf("finance")).toEqual([
      { maxImpact: 0, scopes: 0, minReversibility: 100 },
      { maxImpact: 1_000_000_000, scopes: 0b011, minReversibility: 50 },
      { maxImpact: 2_000_000_000, scopes: 0b011, minReversibility: 50 },
    ]);
    expect(conesOf("sales")?.[2]).toEqual({ maxImpact: 500_000_000, scopes: 0b11000, minReversibility: 60 });
  });

  it("start every team at the highest tier, with every trigger", () => {
    for (const call of callsOf()) {
      if (call.functionName === "openTeam") expect([call.args[3], call.args[5]]).toEqual([2, 0b111]);
    }
  });

  it("are not planned without an anchor of every team and an address of every target", () => {
    const { hr: _, ...others } = anchors;
    expect(foundingCalls({ ...input, anchors: others, targets: {} })).toEqual({
      planned: false,
      missing: [
        { kind: "anchor", name: "hr" },
        { kind: "target", name: "BudgetVault" },
      ],
    });
  });

  it("use the 32nd bit as an unsigned number", () => {
    const knownScopes = [...Array.from({ length: 30 }, (_, index) => `s${index}`), "reporting"];
    const calls = callsOf({ knownScopes });
    const finance = calls.find(
      (call) => call.functionName === "openTeam" && textOfAsciiWord(call.args[0]) === "G1.U1.P6",
    );
    expect(finance?.args[2]).toMatchObject([{}, {}, { scopes: 2 ** 31 + 2 ** 30 }]);
  });
});
