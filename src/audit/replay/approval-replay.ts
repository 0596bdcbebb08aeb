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
  /** Requires that a plan, or a version of one, asks for co-signatures where its team may not decide by itself. */
  planOpened(log: PlacedLog, plan: Plan, isPending?: (milestone: number) => boolean): void;
  coSigned(log: PlacedLog, args: EventArgs<"BudgetVault", "PaymentCoSigned">): void;
  withdrawalApproved(log: PlacedLog, args: EventArgs<"BudgetVault", "WithdrawalApproved">): void;
  /** Whether `signer` is up the chain of the plan, live or not. */
  mayCoSign(plan: Plan, signer: Hex): boolean;
  /** Whether the payment that rests on this very proof was co-signed. */
  isCoSigned(project: Hex, milestone: number, proof: Hex | undefined): boolean;
  isApproved(withdrawal: Withdrawal, now: bigint): boolean;
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
  const proofs = new Set<string>();
  const usableUntil = new Map<Hex, bigint>();
  const rule = "safety-co-signature";

  /** Those up the path of the plan's team; the plan's anchor and the root's, where it names no team that there is. Never the payee. */
  function mayCoSign(plan: Plan, signer: Hex): boolean {
    if (signer === plan.payee) return false;
    const teams = world.teams();
    if (teams === undefined) return true;
    const team = BigInt(plan.team) === 0n ? undefined : teams.teamAt(plan.team);
    if (team === undefined) return signer === plan.anchor || teams.anchorOf(ROOT) === signer;
    return teams.pathOf(team).some((each) => teams.anchorOf(each) === signer);
  }

  function checkSigner(
    log: PlacedLog,
    args: EventArgs<"BudgetVault", "PaymentCoSigned">,
    { id, plan }: ReplayedProject,
  ): void {
    const { milestone, by, cause } = args;
    const transaction = context.transaction(log);
    const call = findCalls(transaction?.input ?? "0x", iBudgetVaultAbi, "coSign").find(
      ([project, index, proof, , signer]) =>
        project === id && index === milestone && proof === cause && signer.toLowerCase() === by,
    );
    const deadline = call?.[3] ?? 0;
    if (call !== undefined) {
      const inTime = log.blockTimestamp < BigInt(deadline);
      context.fromInput(log).require(inTime, rule, log, `the co-signature before ${deadline}`, log.blockTimestamp);
    }
    const signature = call?.[5] ?? "0x";
    if (signature === "0x" || (transaction?.to === log.address && transaction.from === by)) {
      claimCaller(context, rule, log, by);
      return;
    }
    const place = { chainId: context.chainId, verifyingContract: log.address };
    const amount = plan.milestones[milestone]?.amount ?? 0n;
    const message = { project: id, milestone, payee: plan.payee, asset: plan.asset, amount, proof: cause, deadline };
    const digest = hashTypedData({ ...typedDataOf("PaymentApproval", place), message });
    context.fromInput(log).claimSignature({ rule, log, signer: by, digest, signature });
  }

  return {
    planOpened(log, plan, isPending = () => true) {
      for (const { coSignature, challengeWindow } of plan.milestones) {
        const holds = !coSignature || challengeWindow > 0;
        context.require(holds, rule, log, "a challenge window where a co-signature is asked for", "none");
      }
      const teams = world.teams();
      if (teams === undefined || BigInt(plan.team) === 0n) return; // a plan without a team has no such limit
      const unsigned = plan.milestones.reduce(
        (sum, { amount, coSignature }, index) => (coSignature || !isPending(index) ? sum : sum + amount),
        0n,
      );
      if (unsigned === 0n) return;
      const team = teams.teamAt(plan.team);
      const maxImpact = team === undefined ? 0n : BigInt(teams.coneOf(team)?.maxImpact ?? 0);
      const rate = world.rateOf(plan.asset);
      const rated = rate !== undefined && log.blockTimestamp < rate.validUntil;
      // Without a valid rate nobody knows the impact, and without the team its limit; rounded up, against the spender.
      const impact = rated ? (unsigned * rate.rate + RATE_UNIT - 1n) / RATE_UNIT : undefined;
      const within = team !== undefined && impact !== undefined && impact <= maxImpact;
      const expected = `co-signatures asked for beyond ${maxImpact} of team ${team ?? plan.team}`;
      context.require(within, rule, log, expected, `${impact ?? "an unknown impact"} without one`);
    },
    coSigned(log, args) {
      const { project: id, milestone, by, cause } = args;
      const project = world.projects.require(log, id);
      if (project === undefined) return;
      const status = project.milestones[milestone]?.status ?? "none";
      const open = status === "pending" || status === "proved";
      context.require(open, rule, log, "a milestone that is pending or proved", status);
      const may = mayCoSign(project.plan, by) && world.isLive(by, log.blockTimestamp);
      context.require(may, rule, log, "a live anchor up the chain of the plan, and not its payee", by);
      const key = `${id} ${milestone} ${cause}`;
      context.require(!proofs.has(key), rule, log, "a proof that was not co-signed", cause);
      checkSigner(log, args, project);
      proofs.add(key);
    },
    withdrawalApproved(log, { anchor, usableUntil: until, ...withdrawal }) {
      const outflow = "safety-outflow";
      const own = world.poolAnchor(withdrawal.pool);
      context.requireEqual(outflow, log, "the pool's anchor", own, anchor);
      context.require(world.isLive(anchor, log.blockTimestamp), outflow, log, "a live anchor", anchor);
      const takenBack = until === 0;
      const has = world.poolBalance(withdrawal.pool, withdrawal.asset);
      const inPool = withdrawal.amount > 0n && withdrawal.amount <= has;
      context.require(takenBack || inPool, outflow, log, `an amount of at most ${has}`, withdrawal.amount);
      const ahead = log.blockTimestamp < BigInt(until);
      context.require(takenBack || ahead, outflow, log, "an approval that can be used", `one until ${until}`);
      claimCaller(context, outflow, log, anchor);
      usableUntil.set(withdrawalId(withdrawal), BigInt(until));
    },
    mayCoSign,
    isCoSigned: (project, milestone, proof) => proofs.has(`${project} ${milestone} ${proof ?? ""}`),
    isApproved: (withdrawal, now) => now < (usableUntil.get(withdrawalId(withdrawal)) ?? 0n),
    spend: (withdrawal) => void usableUntil.delete(withdrawalId(withdrawal)),
  };
}
