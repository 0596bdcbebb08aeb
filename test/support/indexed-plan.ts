/** What the index is told in tests: ids, a plan, and a deployment of which only some contracts keep a journal. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { keccak256, toHex, type Hex } from "viem";
import { nativeAsset } from "../../src/indexer/answers/asset-directory.ts";

export const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
export const account = (n: number): Hex => `0x${n.toString(16).padStart(40, "0")}`;
export const zero = account(0);
export const anchor = account(0xa);
export const poolId = keccak256(toHex("pool"));
export const projectId = keccak256(toHex("project"));
export const forkId = keccak256(toHex("fork"));

export const plan = {
  version: 1,
  project: word(0),
  pool: poolId,
  reclaimTo: poolId,
  asset: nativeAsset,
  payee: account(0x9a),
  opener: account(0x0b),
  anchor,
  team: word(0),
  oracle: zero,
  scoreDefinition: word(5),
  leaseReports: 2,
  initialReports: 1,
  maxMissing: 1,
  renewalWindow: 1_000,
  acceptBy: 4_000_000_000,
  salt: word(6),
  milestones: [
    {
      amount: 340282366920938463463374607431768211455n, // 2^128 - 1: what no double holds
      deadline: 4_000_000_000,
      challengeWindow: 0,
      specification: word(7),
      attestorSet: word(8),
      attestorSetVersion: 1,
      coSignature: false,
    },
  ],
};
export const total = plan.milestones[0]?.amount ?? 0n;
export const said = { cause: word(1), anchor };

/** Writes the record of a deployment whose other contracts are nowhere. */
export function writeRecord(
  directory: string,
  fromBlock: number,
  { authority, vault, oracle, forks }: Readonly<Record<"authority" | "vault" | "oracle" | "forks", Hex>>,
): void {
  const contracts = {
    Authority: authority,
    AuthorityLens: account(1),
    Anchors: account(2),
    Constitution: account(8),
    Teams: account(9),
    ActionCatalog: account(10),
    Escalations: account(11),
    OperatorKeys: account(0xff15),
    HeartbeatOracle: oracle,
    ReviewCalendar: account(0xff14),
    ReportFund: account(0xff16),
    Challenges: account(0xff17),
    BudgetVault: vault,
    Membership: account(3),
    MergeGovernor: forks,
    StrategyForks: forks,
    ERC7913P256Verifier: account(6),
    BudgetOffice: account(13),
    PaymentOffice: account(0xff13),
    CircuitBreaker: account(14),
    ERC7913WebAuthnVerifier: account(12),
    TimelockController: account(7),
  };
  writeFileSync(join(directory, "deployment.json"), JSON.stringify({ chainId: 31337, fromBlock, contracts }));
}
