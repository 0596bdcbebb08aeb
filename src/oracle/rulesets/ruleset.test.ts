import { describe, expect, it } from "vitest";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { MAXIMUM_VAULTS, rulesetHash, rulesetSchema, type Ruleset } from "./ruleset.ts";

const vault = (number: number): Hex => `0x${number.toString(16).padStart(40, "0")}`;
const vaults = (count: number): Hex[] => Array.from({ length: count }, (_, at) => vault(at + 1));
const ruleset: Ruleset = {
  kind: "mandate.oracle-ruleset/1",
  vaults: vaults(2),
  settlement: { block: "finalized", seconds: 0 },
  scoring: documentHash("scoring"),
};

describe("a ruleset", () => {
  it("given a document, it is taken as it is, and its hash is that of the document", () => {
    expect(rulesetSchema.parse(ruleset)).toEqual(ruleset);
    expect(rulesetHash(rulesetSchema.parse(ruleset))).toBe(documentHash(ruleset));
  });

  it.each([
    ["no vault", { vaults: [] }, false],
    ["one vault", { vaults: vaults(1) }, true],
    ["the most vaults", { vaults: vaults(MAXIMUM_VAULTS) }, true],
    ["a vault more", { vaults: vaults(MAXIMUM_VAULTS + 1) }, false],
    ["vaults that descend", { vaults: [vault(2), vault(1)] }, false],
    ["a vault twice", { vaults: [vault(1), vault(1)] }, false],
    ["a vault in capitals", { vaults: [`0x${"AB".repeat(20)}`] }, false],
    ["no scoring", { scoring: undefined }, false],
    ["a scoring that is no digest", { scoring: "1" }, false],
    ["half a settlement", { settlement: { block: "safe" } }, false],
    ["another kind", { kind: "mandate.oracle-ruleset/2" }, false],
    ["something that nobody knows", { weights: [] }, false],
  ])("given %s, it has one spelling or is none", (_, changes, isRuleset) => {
    expect(rulesetSchema.safeParse({ ...ruleset, ...changes }).success).toBe(isRuleset);
  });
});
