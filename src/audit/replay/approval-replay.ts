import { encodeAbiParameters, hashTypedData, keccak256, parseAbiParameters } from "viem";
import { iBudgetVaultAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf } from "../../core/signing/typed-data.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs } from "./audited-event.ts";
import { claimCaller } from "./claim-caller.ts";
import { findCalls } from "./find-calls.ts";
import type { Cone, Rate } from "./limit-check.ts";
import type { Plan, ProjectReplay, ReplayedProject } from "./project-replay.ts";
import type { RuleContext } from "./rule-context.ts";

/** A withdrawal as an approval names it. */
export interface Withdrawal {
  readonly pool: Hex;
  readonly asset: Hex;
  readonly to: Hex;
  readonly amount: bigint;
}

/** What is read of the teams. */
export interface TeamPlaces {
  readonly teamAt: (place: Hex) => number | undefined;
  readonly anchorOf: (team: number) => Hex | undefined;
  /** The team's present path, the root last. */
  readonly pathOf: (team: number) => readonly number[];
  readonly coneOf: (team: number) => Cone | undefined;
}

export interface ApprovalWorld {
  readonly projects: ProjectReplay;
  readonly isLive: (anchor: Hex, time: bigint) => boolean;
  /** Undefined in a system without teams. */
  readonly teams: () => TeamPlaces | undefined;
  /** As the authority knows it. */
  readonly rateOf: (asset: Hex) => Rate | undefined;
  readonly poolAnchor: (pool: Hex) => Hex | undefined;
  readonly poolBalance: (pool: Hex, asset: Hex) => bigint;
}

/** What people let pass a vault's limits: co-signatures of payments, and approvals of withdrawals. */
export interface ApprovalReplay {
  /** Requires that a plan asks for co-signatures where its team may not decide by itself. */
  planOpened(log: PlacedLog, plan: Plan): void;
  coSigned(log: PlacedLog, args: EventArgs<"BudgetVault", "PaymentCoSigned">): void;
  withdrawalApproved(log: PlacedLog, args: EventArgs<"BudgetVault", "WithdrawalApproved">): void;
  /** Whether the last co-signature of the milestone is over this very proof. */
  isCoSigned(project: Hex, milestone: number, proof: Hex | undefined): boolean;
  isApproved(withdrawal: Withdrawal): boolean;
  /** Spends the approval of exactly this withdrawal. */
  spend(withdrawal: Withdrawal): void;
}

const ROOT = 1;
const RATE_UNIT = 10n ** 18n;
const withdrawalTypes = parseAbiParameters("bytes32, address, address, uint256");

/** What an approval of a withdrawal is kept under, and a trip by it names as its cause. */
export function withdrawalId({ pool, asset, to, amount }: Withdrawal): Hex {
  return keccak256(encodeAbiParameters(withdrawalTypes, [pool, asset, to, amount]));
}

export function replayApprovals(context: RuleContext, world: ApprovalWorld): ApprovalReplay {
  const proofs = new Map<string, Hex>();
  const withdrawals = new Set<Hex>();
  const rule = "safety-co-signature";

  /** The plan's anchor; those up the path of its team; the root's, where the plan names no team that there is. */
  function mayCoSign(plan: Plan, signer: Hex): boolean {
    const teams = world.teams();
    if (signer === plan.anchor || teams === undefined) return true;
    const team = BigInt(plan.team) === 0n ? undefined : teams.teamAt(plan.team);
    const path = team === undefined ? [ROOT] : teams.pathOf(team);
    return path.some((each) => teams.anchorOf(each) === signer);
  }

  function checkSigner(
    log: PlacedLog,
    args: EventArgs<"BudgetVault", "PaymentCoSigned">,
    { id, plan }: ReplayedProject,
  ): void {
    const { milestone, by, cause } = args;
    const transaction = context.transaction(log);
    const call = findCalls(transaction?.input ?? "0x", iBudgetVaultAbi, "coSign").find(
      ([project, index, proof, signer]) =>
        project === id && index === milestone && proof === cause && signer.toLowerCase() === by,
    );
    const signature = call?.[4] ?? "0x";
    if (signature === "0x" || (transaction?.to === log.address && transaction.from === by)) {
      claimCaller(context, rule, log, by);
      return;
    }
    const place = { chainId: context.chainId, verifyingContract: log.address };
    const amount = plan.milestones[milestone]?.amount ?? 0n;
    const message = { project: id, milestone, payee: plan.payee, asset: plan.asset, amount, proof: cause };
    const digest = hashTypedData({ ...typedDataOf("PaymentApproval", place), message });
    context.claimSignature({ rule, log, signer: by, digest, signature });
  }

  return {
    planOpened(log, plan) {
      const teams = world.teams();
      const team = teams === undefined || BigInt(plan.team) === 0n ? undefined : teams.teamAt(plan.team);
      if (teams === undefined || team === undefined) return; // a plan without a team has no such limit
      const maxImpact = BigInt(teams.coneOf(team)?.maxImpact ?? 0);
      const rate = world.rateOf(plan.asset);
      const rated = rate !== undefined && log.blockTimestamp < rate.validUntil;
      plan.milestones.forEach(({ amount, coSignature }, index) => {
        if (coSignature) return;
        // Without a valid rate nobody knows the impact; rounded up, against the spender.
        const impact = rated ? (amount * rate.rate + RATE_UNIT - 1n) / RATE_UNIT : undefined;
        const within = impact !== undefined && impact <= maxImpact;
        const expected = `a co-signature asked for milestone ${index}, beyond ${maxImpact} of team ${team}`;
        context.require(within, rule, log, expected, `${impact ?? "an unknown impact"} without one`);
      });
    },
    coSigned(log, args) {
      const { project: id, milestone, by, cause } = args;
      const project = world.projects.require(log, id);
      if (project === undefined) return;
      const status = project.milestones[milestone]?.status ?? "none";
      const open = status === "pending" || status === "proved";
      context.require(open, rule, log, "a milestone that is pending or proved", status);
      const may = mayCoSign(project.plan, by) && world.isLive(by, log.blockTimestamp);
      context.require(may, rule, log, "a live anchor: the plan's, or up the path of its team", by);
      const key = `${id} ${milestone}`;
      context.require(proofs.get(key) !== cause, rule, log, "a proof that was not co-signed", cause);
      checkSigner(log, args, project);
      proofs.set(key, cause);
    },
    withdrawalApproved(log, { anchor, ...withdrawal }) {
      const outflow = "safety-outflow";
      const own = world.poolAnchor(withdrawal.pool);
      context.requireEqual(outflow, log, "the pool's anchor", own, anchor);
      context.require(world.isLive(anchor, log.blockTimestamp), outflow, log, "a live anchor", anchor);
      const has = world.poolBalance(withdrawal.pool, withdrawal.asset);
      const inPool = withdrawal.amount > 0n && withdrawal.amount <= has;
      context.require(inPool, outflow, log, `an amount of at most ${has}`, withdrawal.amount);
      const id = withdrawalId(withdrawal);
      context.require(!withdrawals.has(id), outflow, log, "a withdrawal that is not approved yet", id);
      claimCaller(context, outflow, log, anchor);
      withdrawals.add(id);
    },
    isCoSigned: (project, milestone, proof) => proof !== undefined && proofs.get(`${project} ${milestone}`) === proof,
    isApproved: (withdrawal) => withdrawals.has(withdrawalId(withdrawal)),
    spend: (withdrawal) => void withdrawals.delete(withdrawalId(withdrawal)),
  };
}
