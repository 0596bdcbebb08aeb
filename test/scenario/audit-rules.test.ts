import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readParameters } from "../../src/audit/read-parameters.ts";
import { readSystem, type SystemHistory } from "../../src/audit/read-system.ts";
import { signatureReaderAt } from "../../src/audit/reader/contract-reader.ts";
import { createRpc } from "../../src/audit/reader/rpc.ts";
import { checkSenderClaims, checkSignatureClaims } from "../../src/audit/replay/check-claims.ts";
import { replaySystem, type SystemParameters } from "../../src/audit/replay/replay-system.ts";
import { recordingContext } from "../../src/audit/replay/rule-context.ts";
import { rules, type RuleId } from "../../src/audit/rules.ts";
import type { PlacedTransaction } from "../../src/audit/reader/verified-block.ts";
import { roles } from "../../src/chain/roles.ts";
import type { Hex } from "../../src/core/hex.ts";
import { agreementTamperings } from "../support/agreement-tampering.ts";
import { AuditedStory } from "../support/audited-story.ts";
import { challengeTamperings } from "../support/challenge-chapter.ts";
import { enclaveTamperings } from "../support/enclave-chapter.ts";
import { operatorTamperings } from "../support/operator-chapter.ts";
import { partTamperings } from "../support/part-chapter.ts";
import { policyTamperings } from "../support/policy-tamperings.ts";
import { refundTamperings } from "../support/refund-chapter.ts";
import { safetyTamperings } from "../support/safety-tamperings.ts";
import {
  again,
  approvedByWhoAsked,
  args,
  calledBySomebodyElse,
  farFuture,
  flip,
  indexOf,
  later,
  listedAs,
  nothing,
  onEvent,
  rateTold,
  resolverRemoved,
  strange,
  stranger,
  type Tampering,
  type Tamperings,
  transaction,
  usedPoolClosed,
  without,
  withoutAll,
} from "../support/tampering.ts";

/** Rules about logs, code and stored state, which no change of events can break: audit.test.ts breaks them. */
const brokenElsewhere: readonly RuleId[] = [
  "journal-head",
  "journal-log-withheld",
  "journal-log-forged",
  "journal-log-undecodable",
  "registry-code",
  "safety-state",
  "treasury-credited",
  "treasury-solvency",
];

let story: AuditedStory;
let history: SystemHistory;
let parameters: SystemParameters;

beforeAll(async () => {
  story = await AuditedStory.begin();
  await story.tell();
  const rpc = createRpc(story.system.rpcUrl);
  history = await readSystem({ rpc, authority: story.system.address("Authority") });
  const kinds = new Map(history.contracts.map(({ address, kind }) => [address, kind]));
  parameters = await readParameters(rpc, history.block.number, history.authority, kinds);
});
afterAll(() => story.system.stop());

/** The rules that find something in a tampered history, and those that cannot be told. */
async function judged(tampering: Tampering): Promise<{ broken: Set<RuleId>; unchecked: Set<RuleId> }> {
  const { events, transactions } = tampering(history);
  const context = recordingContext(history.chainId, (hash) => transactions.get(hash));
  replaySystem(context, parameters, events);
  const rpc = createRpc(story.system.rpcUrl);
  const reader = (number: bigint) => signatureReaderAt(rpc, number, history.block.number);
  const { findings, doubtful } = await checkSignatureClaims(context.claims, reader);
  const senders = await checkSenderClaims(context.senderClaims);
  return {
    broken: new Set([...context.findings, ...findings, ...senders].map(({ rule }) => rule)),
    unchecked: new Set([...context.uncheckedRules, ...doubtful].map(({ rule }) => rule)),
  };
}

async function rulesBroken(tampering: Tampering): Promise<Set<RuleId>> {
  return (await judged(tampering)).broken;
}

const tamperings: Tamperings = {
  ...policyTamperings,
  ...safetyTamperings,
  ...enclaveTamperings,
  ...operatorTamperings,
  ...refundTamperings,
  ...challengeTamperings,
  "registry-twice": [["a contract is registered twice", again("ContractRegistered")]],
  "registry-authority": [["a contract obeys another authority", args("AuthorityUpdated", { authority: stranger })]],
  "treasury-conservation": [["what was paid is paid again", again("MilestonePaid")]],
  "treasury-pool-overdrawn": [["more is moved than the pool holds", args("PoolMoved", { amount: 10n ** 30n })]],
  "treasury-pool-unknown": [["money enters a pool that was not opened", without("PoolOpened")]],
  "treasury-pool-closed": [
    ["a plan is opened with a pool that was closed, and committed from it", usedPoolClosed],
    ["a pool is closed twice", again("PoolClosed")],
  ],
  "treasury-intent-reused": [["an intent is used twice", again("PoolDeposited")]],
  "treasury-plan-id": [
    ["the id belongs to another plan", args("ProjectOpened", { project: strange })],
    ["the payee is not the plan's", args("ProjectOpened", { payee: stranger })],
  ],
  "treasury-project-status": [
    ["a project is funded twice", again("ProjectFunded")],
    ["a lease is renewed that was never opened", args("LeaseRenewed", { project: strange })],
    ["a project is reclaimed twice", again("ProjectReclaimed")],
    ["a project is cancelled twice", again("ProjectCancelled")],
  ],
  "treasury-anchor-not-live": [["a plan opens while its anchor's life is over", later("ProjectOpened", 10n ** 8n)]],
  "treasury-acceptance": [
    ["the anchor's signature is another one", transaction("ProjectAccepted", flip(2), 1)],
    ["the payee's call came from somebody else", calledBySomebodyElse("ProjectAccepted")],
    ["another digest was accepted", args("ProjectAccepted", { cause: strange })],
    ["one party accepts twice", again("ProjectAccepted")],
  ],
  "treasury-funding": [
    ["less than the total is committed", args("ProjectFunded", { amount: 1n })],
    ["the lease starts longer than the plan says", args("ProjectFunded", { paidThrough: 9 })],
    ["nobody accepted", without("ProjectAccepted", 1)],
    ["the plan had expired", later("ProjectFunded", 100_000n)],
  ],
  "treasury-lease-renewal": [
    ["it is paid for longer", args("LeaseRenewed", { paidThrough: 9 })],
    ["the score is another", args("LeaseRenewed", { score: 1n })],
    ["missing scores are not counted", args("LeaseRenewed", { missing: 0 }, 1)],
    ["a rise is recorded where the score did not rise", args("LeaseRenewed", { ground: 3 })],
    ["no ground is recorded", args("LeaseRenewed", { ground: 0 })],
    ["a sudden rise is stored at once", args("LeaseRenewed", { ground: 1 }, 3)],
    ["a sudden rise pays for more than its report", args("LeaseRenewed", { paidThrough: 9 }, 3)],
    ["a score that was missing is recorded as measured", args("LeaseRenewed", { ground: 1 }, 1)],
    ["the proof does not lead to the root", transaction("LeaseRenewed", flip(1))],
    ["the leaf is another", args("LeaseRenewed", { cause: strange })],
    ["the report was never accepted", args("LeaseRenewed", { report: 7 })],
    ["the report was proved before", again("LeaseRenewed")],
    ["the lease had lapsed", args("ProjectFunded", { paidThrough: 0 })],
  ],
  "treasury-milestone-status": [
    ["a milestone is paid that nobody proved", args("MilestonePaid", { attestors: 0n })],
    ["the plan has no such milestone", args("MilestoneProved", { milestone: 9 })],
    ["the plan has no such milestone to pay", args("MilestonePaid", { milestone: 9 })],
    ["an overturned proof is paid", without("MilestoneProved", 1)],
  ],
  "treasury-milestone-quorum": [
    ...(["MilestoneProved", "MilestonePaid"] as const).flatMap((name): readonly (readonly [string, Tampering])[] => [
      [`${name}: one attestor signed of two`, args(name, { attestors: 1n })],
      [`${name}: another attestor signed`, args(name, { attestors: name === "MilestonePaid" ? 0b110n : 0b011n })],
      [`${name}: the evidence is another`, args(name, { evidence: strange })],
      [`${name}: another digest was signed`, args(name, { cause: strange })],
      // Inside of the last signature, whether it is an account's of 65 bytes or a key's of 64.
      [`${name}: a signature is another one`, transaction(name, flip(2))],
    ]),
    ...partTamperings["treasury-milestone-quorum"],
    [
      "the attestor was revoked before",
      ({ events, transactions }) => {
        const revocation = events[indexOf(events, "AttestorRevoked", 0)];
        const rest = events.filter((event) => event !== revocation);
        const moved =
          revocation === undefined ? rest : rest.toSpliced(indexOf(rest, "AttestorSetCreated", 0) + 1, 0, revocation);
        return { events: moved, transactions };
      },
    ],
  ],
  "treasury-milestone-lease": [["the lease had lapsed", args("ProjectFunded", { paidThrough: 0 })]],
  "treasury-milestone-deadline": [
    ["the deadline of what waits had passed", later("MilestoneProved", 100_000n)],
    ["the deadline of what is paid at once had passed", later("MilestonePaid", 100_000n)],
  ],
  "treasury-single-payment": [["a milestone is paid twice", again("MilestonePaid")]],
  "treasury-payment": [
    ["somebody else is paid", args("MilestonePaid", { payee: stranger })],
    ["more is paid", args("MilestonePaid", { amount: 101n * 10n ** 18n })],
    ["another asset is paid", args("MilestonePaid", { asset: stranger })],
    ["another proof is named", args("MilestonePaid", { cause: strange }, 1)],
    ...partTamperings["treasury-payment"],
  ],
  "treasury-challenge-window": [
    ["the window is shorter than the plan's", args("MilestoneProved", { payableFrom: 1 })],
    ["what has a window is paid at once", args("MilestonePaid", { attestors: 3n }, 1)],
    ["a proof is overturned after its window", later("MilestoneOverturned", 60n)],
    ["a payment does not wait", later("MilestonePaid", -60n, 1)],
  ],
  ...agreementTamperings,
  "treasury-reclaim": [
    ["less comes back than was committed", args("ProjectReclaimed", { amount: 1n })],
    ["it goes to another account", args("ProjectReclaimed", { reclaimTo: strange })],
    ["the lease was running", args("ProjectFunded", { paidThrough: 9 }, 1)],
    ["a milestone is taken back before its deadline", later("MilestoneReclaimed", -1_000n)],
    ...partTamperings["treasury-reclaim"],
  ],
  "treasury-claim": [
    ["more is claimed than is owed", args("Claimed", { amount: 2n * 10n ** 18n })],
    ["a payment becomes a claim twice", again("ClaimCredited")],
    ["more becomes a claim than was paid", args("ClaimCredited", { amount: 10n ** 19n })],
    ["somebody else is owed", args("ClaimCredited", { payee: stranger })],
    ["another asset is owed", args("ClaimCredited", { asset: stranger })],
    ["another proof is named by a claim", args("ClaimCredited", { cause: strange })],
    ["a claim that no payment left", withoutAll("MilestonePaid")],
  ],
  "treasury-attestor-set": [
    ["a seat is revoked twice", again("AttestorRevoked")],
    ["somebody else revokes", args("AttestorRevoked", { anchor: stranger })],
    ["a set takes no signature", args("AttestorSetCreated", { threshold: 0 })],
    [
      "one member sits twice",
      onEvent("AttestorSetCreated", (event) => {
        if (event.eventName !== "AttestorSetCreated") return event;
        const [first] = event.args.attestors;
        return { ...event, args: { ...event.args, attestors: first === undefined ? [] : [first, first] } };
      }),
    ],
  ],
  "oracle-operator-set": [
    ["the quorum is lower", args("OperatorSetScheduled", { quorum: 2 })],
    ["more faults are tolerated", args("OperatorSetScheduled", { faults: 2 })],
    ["it signs what is already measured", args("OperatorSetScheduled", { fromEpoch: 1 })],
  ],
  "oracle-ruleset": [
    ["it is named for what is already measured", args("RulesetScheduled", { fromEpoch: 1 })],
    ["nobody who is live answers for it", args("RulesetScheduled", { anchor: stranger })],
    ["it has no hash", args("RulesetScheduled", { ruleset: `0x${"00".repeat(32)}` })],
  ],
  "oracle-sequence": [
    ["a report is skipped", args("ReportAccepted", { index: 5 }, 1)],
    ["an epoch has two reports", again("ReportAccepted", { index: 2 })],
  ],
  "oracle-window": [
    ["a report is late", later("ReportAccepted", 40n)],
    ["a report says that it was accepted at another time", args("ReportAccepted", { acceptedAt: 1 })],
  ],
  "oracle-report-quorum": [
    ["one of the signatures that a fund handed on is another one", transaction("ReportRefunded", flip(3))],
    ["two operators signed of three", args("ReportAccepted", { signers: 0b11n })],
    ["another operator is said to have signed", args("ReportAccepted", { signers: 0b0111n })],
    ["another root was signed", args("ReportAccepted", { root: strange })],
    ["a signature is another one", transaction("ReportAccepted", flip(3))],
    ["another set signed", args("ReportAccepted", { configuration: 2 })],
    ["a suspended operator counts", args("ReportAccepted", { signers: 0b1111n }, -1)],
    ["others are said to have signed together", args("ReportAccepted", { signers: 0b0111n }, 1)],
    ["two signed together of three", args("ReportAccepted", { signers: 0b11n }, 1)],
    ["another root was signed together", args("ReportAccepted", { root: strange }, 1)],
    ["what they signed together is another number", transaction("ReportAccepted", flip(3), 1)],
    ["one who signed together has another key", args("OperatorKeyRegistered", { x: 1n })],
    ["one who signed together never registered a key", without("OperatorKeyRegistered")],
    ...operatorTamperings["oracle-report-quorum"],
  ],
  "oracle-operator-key": [
    ["the key is another one", args("OperatorKeyRegistered", { x: 1n }, 2)],
    ["the operator is another one", args("OperatorKeyRegistered", { operator: stranger })],
    ["a registration counts twice", again("OperatorKeyRegistered")],
    ["the key did not sign", transaction("OperatorKeyRegistered", flip(7))],
    ["the operator did not sign", transaction("OperatorKeyRegistered", flip(2))],
    ["the time was over", later("OperatorKeyRegistered", 10n ** 10n)],
  ],
  "oracle-threshold": [
    ["τ is another than the last report left", args("ReportAccepted", { threshold: 1n }, 1)],
    ["τ moves otherwise than its controller", args("ReportAccepted", { nextThreshold: 1n })],
  ],
  "oracle-counters": [["more survive than were scored", args("ReportAccepted", { surviving: 9 })]],
  "authority-task": [
    ["a task outlives its anchor", args("TaskOpened", { deadline: farFuture })],
    ["a task ends twice", again("TaskEnded")],
    ["a task is opened by somebody who is no anchor", args("TaskOpened", { opener: stranger, anchor: stranger })],
  ],
  "authority-grant": [
    ["a grant outlives its task", args("GrantGiven", { notAfter: farFuture })],
    ["a grant serves no task", args("GrantGiven", { task: 9 })],
    ["a grant names another anchor", args("GrantGiven", { anchor: stranger })],
    ["a grant is for a function that roles reach", args("GrantGiven", { selector: "0x00000000" })],
    ["a grant is ended that does not exist", without("GrantGiven", 1)],
  ],
  "authority-grant-use": [
    ["a withdrawal rests on no grant", without("GrantGiven")],
    ["a withdrawal comes after the grant expired", later("PoolWithdrawn", 700n, 1)],
    ["a counted grant is used once too often", again("PoolWithdrawn")],
    ["an uncounted grant is used up", args("GrantGiven", { uses: 0 })],
  ],
  "authority-grant-overlap": [["another task grants the same", again("GrantGiven", { task: 9 })]],
  "authority-granter": [
    ["somebody without the granter role grants", args("GrantGiven", { granter: stranger })],
    ["somebody unrelated ends a grant", args("GrantEnded", { by: stranger })],
  ],
  "authority-role": [
    ["an anchor is enrolled by somebody without the role", args("AnchorEnrolled", { by: stranger })],
    ["a seat is given by somebody without the role", args("SeatGranted", { by: stranger })],
  ],
  "authority-liveness": [
    ["the authority believes an anchor live for longer", args("AnchorLivenessSet", { liveUntil: farFuture })],
  ],
  "authority-admin-delay": [["an administrator acts without delay", again("RoleGranted", { roleId: 0n, delay: 0 }, 1)]],
  "authority-grant-role": [["somebody holds the role of grants", args("RoleGranted", { roleId: roles.GRANT_ROLE }, 1)]],
  "authority-team": [
    ["a task is opened for a team that has another anchor", args("TaskOpened", { team: 1 }, 1)],
    ["a task is opened for a team that there is not", args("TaskOpened", { team: 9 })],
  ],
  "authority-listed": [
    ["an action is granted that was never listed", withoutAll("ActionFactsSet")],
    ["an action is granted that was retired", listedAs(0)],
  ],
  "authority-limits": [
    ["more is withdrawn than the team may", args("PoolWithdrawn", { amount: 100n * 10n ** 18n }, 4)],
    ["more is withdrawn than the grant's cap", args("GrantGiven", { cap: 1 }, 3)],
    ["nobody approved what crossed a limit", without("EscalationExecuted")],
    ["what was approved was another team's", args("EscalationOpened", { team: 1 })],
    ["another call was approved", args("EscalationExecuted", { operation: strange })],
    ["the rate's validity was over", rateTold("Authority", { validUntil: 1 })],
    ["the team had no scope", args("TeamLimitsSet", { limits: { maxImpact: 1e9, scopes: 0, minReversibility: 0 } }, 1)],
    [
      "the team may only do what can be undone better",
      args("TeamLimitsSet", { limits: { maxImpact: 1e9, scopes: 2 ** 32 - 1, minReversibility: 51 } }, 1),
    ],
  ],
  "authority-capability": [
    ["another list is granted", args("CapabilityGranted", { actionsHash: strange })],
    ["one of its actions was not granted", without("GrantGiven", 2)],
    ["another action was granted", args("GrantGiven", { selector: "0x00000000" }, 2)],
    ["the version was another one", args("CapabilitySet", { actionsHash: strange })],
  ],
  "authority-policy-write": [
    ["the authority believes other facts", listedAs(1)],
    ["the catalog never said so", without("ActionRegistered")],
    ["the authority believes another list", args("CapabilitySet", { actionsHash: strange })],
    ["the authority believes another rate", rateTold("Authority", { rate: 1n })],
    ["the constitution set no such rate", rateTold("Constitution", { rate: 1n })],
    ["the authority believes a stricter cone than was decided", args("TeamLimitsSet", { limits: nothing }, 1)],
    ["the authority believes in another anchor of the team", args("TeamLimitsSet", { anchor: stranger }, 1)],
  ],
  "authority-escalations": [["a stranger approves calls", args("EscalationsSet", { escalations: stranger })]],
  "accountability-substitute": [
    ["somebody else names it", args("SubstituteNamed", { by: stranger })],
    ["it is nobody who is accountable", args("SubstituteNamed", { substitute: stranger })],
    ["the anchor lives no more", later("SubstituteNamed", 10n ** 8n)],
  ],
  "accountability-escalation-opened": [
    ["it names another boundary", args("EscalationOpened", { boundary: 7 })],
    ["it names no boundary", args("EscalationOpened", { boundary: 0 })],
    ["it says that less is asked for", args("EscalationOpened", { actual: 1n })],
    ["it says that the limit is another", args("EscalationOpened", { limit: 1n }, 1)],
    ["the operation is another call's", args("EscalationOpened", { operation: strange })],
    ["the call is another one", args("EscalationOpened", { data: "0x12345678" })],
    ["no grant permits the call", without("GrantGiven", 3)],
    ["nothing was crossed", args("GrantGiven", { cap: 0 }, 3)],
    ["the task is another one", args("EscalationOpened", { task: 1 })],
    ["another team answers for it", args("EscalationOpened", { team: 3 })],
    ["another human answers for it", args("EscalationOpened", { anchor: stranger })],
    ["humans have less time than the constitution says", args("EscalationOpened", { deadline: 1 })],
    ["the path is an older one", args("EscalationOpened", { pathVersion: 0 })],
    ["it is opened while it waits", again("EscalationOpened")],
  ],
  "accountability-escalation-resolved": [
    ["somebody who is not on the path approves", args("EscalationApproved", { resolver: stranger, anchor: stranger })],
    ["somebody acts for an anchor unnamed", args("EscalationApproved", { resolver: stranger })],
    ["the substitute was never named", without("SubstituteNamed")],
    ["it is approved after its deadline", later("EscalationApproved", 259_200n)],
    ["it is approved before the resolver's time", later("EscalationApproved", -100n)],
    ["the approval is usable for longer", args("EscalationApproved", { usableUntil: farFuture })],
    ["who asked approves", approvedByWhoAsked],
    ["it is rejected twice", again("EscalationRejected")],
    ["somebody who is not on the path rejects", args("EscalationRejected", { resolver: stranger, anchor: stranger })],
    ["somebody else withdraws it", args("EscalationWithdrawn", { caller: stranger })],
    ["it is withdrawn twice", again("EscalationWithdrawn")],
    ["what was never asked is approved", without("EscalationOpened")],
  ],
  "accountability-escalation-executed": [
    ["an approval is spent twice", again("EscalationExecuted")],
    ["an approval is spent after its end", later("EscalationExecuted", 3_600n)],
    ["an approval is spent that nobody gave", without("EscalationApproved")],
    ["somebody else is said to have approved", args("EscalationExecuted", { anchor: stranger })],
    ["its resolver lives no more", resolverRemoved],
  ],
  "accountability-status": [
    ["an anchor accepts that nobody enrolled", without("AnchorEnrolled")],
    ["somebody else checks in for an anchor", args("AnchorCheckedIn", { by: stranger })],
  ],
  "accountability-oath": [
    ["the oath's signature is another one", transaction("AnchorAccepted", flip(2))],
    ["the oath is about another identity", args("AnchorAccepted", { identity: strange })],
    ["another digest was signed", args("AnchorAccepted", { cause: strange })],
    ["the oath had expired", later("AnchorAccepted", 10_000n)],
  ],
  "accountability-liveness": [
    ["an anchor lives for longer than a period", args("AnchorCheckedIn", { liveUntil: farFuture })],
  ],
  "accountability-removal": [
    ["one of two anchors approved", without("OperationApproved")],
    ["somebody else resigns for an anchor", args("AnchorRemoved", { by: stranger }, 1)],
    ["an outsider approves", args("OperationApproved", { anchor: stranger })],
  ],
  "strategy-fork": [
    ["a branch's budget never moved", without("PoolMoved", 1)],
    ["a fork is merged twice", again("ForkMerged")],
    ["a fork opens under an anchor who is not live", args("ForkOpened", { anchor: stranger })],
  ],
  "strategy-merge": [
    ["the loser is merged", args("ForkMerged", { branch: 0 })],
    ["the vote was still running", later("ForkMerged", -15n)],
    [
      "too few voted",
      ({ events, transactions }) => ({
        events: events.filter(({ eventName }) => eventName !== "VoteCast"),
        transactions,
      }),
    ],
    ["there was no such vote", args("ForkMerged", { cause: strange })],
  ],
  "strategy-vote": [
    ["a seat votes twice", again("VoteCast")],
    ["somebody without a seat votes", args("VoteCast", { voter: stranger })],
    ["a vote comes after the end", later("VoteCast", 10_000n)],
    ["a vote weighs two", args("VoteCast", { weight: 2n })],
    ["a proposal is executed twice", again("ProposalExecuted")],
  ],
  "strategy-seat": [
    ["a member is seated twice", again("SeatGranted")],
    ["seats are miscounted", args("SeatGranted", { seats: 5n })],
  ],
  "strategy-sweep": [
    ["less is swept than was moved", args("BranchSwept", { amount: 1n })],
    ["the winner is swept", args("BranchSwept", { branch: 1 })],
  ],
};

/** A decoy: the same call, of another proof. */
const otherDeadline = (each: PlacedTransaction): PlacedTransaction => {
  const deadline = 10 + 3 * 64; // the fourth word behind the selector
  return {
    ...each,
    input: `${each.input.slice(0, deadline)}${"0".repeat(62)}99${each.input.slice(deadline + 64)}` as Hex,
  };
};

const cases = Object.entries(tamperings).flatMap(([rule, each]) =>
  each.map(([what, tampering]) => ({ rule, what, tampering })),
);

describe("the rules of the auditor, over a history in which every event happens", () => {
  it("find nothing in the untouched history", async () => {
    expect(await rulesBroken((untouched) => untouched)).toEqual(new Set());
  });

  it("are each broken by at least one case, here or on the chain", () => {
    const broken = new Set([...Object.keys(tamperings), ...brokenElsewhere]);
    expect(Object.keys(rules).filter((rule) => !broken.has(rule))).toEqual([]);
  });

  // Who relays may write anything beside the call that another contract makes for it.
  it.each([
    ["treasury-milestone-quorum", "MilestonePaid", flip(2)],
    ["treasury-milestone-quorum", "MilestoneProved", otherDeadline],
    ["treasury-lease-renewal", "LeaseRenewed", flip(1)],
    ["treasury-agreement", "ProjectCancelled", flip(6)],
    ["oracle-report-quorum", "ReportAccepted", flip(3)],
    ["oracle-operator-key", "OperatorKeyRegistered", flip(7)],
    ["oracle-suspension", "OperatorSuspended", flip(2)],
    ["oracle-operator-delegate", "OperatorDelegated", flip(2)],
    ["accountability-oath", "AnchorAccepted", flip(2)],
  ] as const)(
    "%s: given that another contract made the call of %s, its input accuses nobody",
    async (rule, name, change) => {
      const relayed = transaction(name, (each) => ({ ...change(each), to: stranger }));
      const { broken, unchecked } = await judged(relayed);
      expect([...broken]).toEqual([]);
      expect([...unchecked]).toContain(rule);
    },
  );

  it.each(cases)("$rule: given that $what, it is found", async ({ rule, tampering }) => {
    expect([...(await rulesBroken(tampering))]).toContain(rule);
  });
});
