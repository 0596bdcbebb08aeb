import { toFunctionSelector, type Hex } from "viem";
import type { JournaledContract } from "./permissions.ts";

/** As `IAuthorityLimits.ImpactKind` counts them. */
export const impactKinds = { unlisted: 0, none: 1, fixed: 2, amount: 3, assetAmount: 4 } as const;

/** A function of the system that grants reach, with what it can do at worst. */
export interface CatalogEntry {
  readonly contract: JournaledContract;
  readonly signature: string;
  readonly impact: keyof typeof impactKinds;
  readonly amountWord: number;
  readonly assetWord: number;
  readonly scope: string;
  readonly reversibilityPercent: number;
  /** Signature of the same contract's function that undoes it. */
  readonly inverse: string;
}

/** Every function that carries `GRANT_ROLE` stands here: without its facts nobody could be granted it. */
export const catalog: readonly CatalogEntry[] = [
  {
    contract: "BudgetVault",
    signature: "withdraw(bytes32,address,address,uint256)",
    impact: "assetAmount",
    amountWord: 3,
    assetWord: 1,
    scope: "budget allocation",
    // Who received it can pay it back; nobody can make them.
    reversibilityPercent: 50,
    inverse: "deposit(bytes32,address,uint256,bytes32)",
  },
];

/** What it takes to read a row: no impact, and nothing to undo. */
export const dataReadFacts = { signature: "read(string)", scope: "reporting", reversibilityPercent: 100 } as const;

export function selectorOf(signature: string): Hex {
  return toFunctionSelector(`function ${signature}`);
}
