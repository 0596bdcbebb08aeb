import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readParameters } from "../../src/audit/read-parameters.ts";
import { readSystem, type SystemHistory } from "../../src/audit/read-system.ts";
import { signatureReaderAt } from "../../src/audit/reader/contract-reader.ts";
import { createRpc } from "../../src/audit/reader/rpc.ts";
import { checkSenderClaims, checkSignatureClaims } from "../../src/audit/replay/check-claims.ts";
import { replaySystem, type SystemParameters } from "../../src/audit/replay/replay-system.ts";
import { recordingContext } from "../../src/audit/replay/rule-context.ts";
import { rules, type RuleId } from "../../src/audit/rules.ts";
import { roles } from "../../src/chain/roles.ts";
import { agreementTamperings } from "../support/agreement-tampering.ts";
import { AuditedStory } from "../support/audited-story.ts";
import {
  again,
  approvedBefore,
  approvedByWhoAsked,
  args,
  calledBySomebodyElse,
  coSignatureAsked,
  farFuture,
  flip,
  indexOf,
  later,
  listedAs,
  nothing,
  onEvent,
  raisedByItsOwnAnchor,
  rateTold,
  resolverRemoved,
  strange,
  stranger,
  teamOpenedAfterProposal,
  transaction,
  unlisted,
  wide,
  withArgs,
  without,
  withoutAll,
  type Tampering,
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

/** The rules that find something in a tampered history. */
async function rulesBroken(tampering: Tampering): Promise<Set<RuleId>> {
  const { events, transactions } = tampering(history);
  const context = recordingContext(history.chainId, (hash) => transactions.get(hash));
  replaySystem(context, parameters, events);
  const rpc = createRpc(story.system.rpcUrl);
  const reader = (number: bigint) => signatureReaderAt(rpc, number, history.block.number);
  const { findings } = await checkSignatureClaims(context.claims, reader);
  const senders = await checkSenderClaims(context.senderClaims);
  return new Set([...context.findings, ...findings, ...senders].map(({ rule }) => rule));
}

const tamperings: Readonly<Record<string, readonly (readonly [string, Tampering])[]>> = {
  "registry-twice": [["a contract is registered twice", again("ContractRegistered")]],
  "registry-authority": [["a contract obeys another authority", args("AuthorityUpdated", { authority: stranger })]],
  "treasury-conservation": [["what was paid is paid again", again("MilestonePaid")]],
  "treasury-pool-overdrawn": [["more is moved than the pool holds", args("PoolMoved", { amount: 10n ** 30n })]],
  "treasury-pool-unknown": [["money enters a pool that was not opened", without("PoolOpened")]],
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
    ["a refused score renews", args("LeaseRenewed", { outcome: 3 })],
    ["the proof does not lead to the root", transaction("LeaseRenewed", flip(1))],
    ["the leaf is another", args("LeaseRenewed", { cause: strange })],
    ["the report was never accepted", args("LeaseRenewed", { report: 7 })],
    ["the report was proved before", again("LeaseRenewed")],
    ["the lease had lapsed", args("ProjectFunded", { paidThrough: 0 })],
  ],
  "treasury-milestone-status": [
    ["a milestone is paid that nobody proved", without("MilestoneProved")],
    ["the plan has no such milestone", args("MilestoneProved", { milestone: 9 })],
    ["an overturned proof is paid", without("MilestoneProved", 2)],
  ],
  "treasury-milestone-quorum": [
    ["one attestor signed of two", args("MilestoneProved", { attestors: 1n })],
    ["another attestor signed", args("MilestoneProved", { attestors: 0b110n })],
    ["the evidence is another", args("MilestoneProved", { evidence: strange })],
    ["another digest was signed", args("MilestoneProved", { cause: strange })],
    // Inside of the last signature, whether it is an account's of 65 bytes or a key's of 64.
    ["a signature is another one", transaction("MilestoneProved", flip(2))],
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
  "treasury-milestone-deadline": [["the deadline had passed", later("MilestoneProved", 100_000n)]],
  "treasury-single-payment": [["a milestone is paid twice", again("MilestonePaid")]],
  "treasury-payment": [
    ["somebody else is paid", args("MilestonePaid", { payee: stranger })],
    ["more is paid", args("MilestonePaid", { amount: 101n * 10n ** 18n })],
    ["another asset is paid", args("MilestonePaid", { asset: stranger })],
    ["another proof is named", args("MilestonePaid", { cause: strange })],
  ],
  "treasury-challenge-window": [
    ["the window is shorter than the plan's", args("MilestoneProved", { payableFrom: 1 }, 1)],
    ["a proof is overturned after its window", later("MilestoneOverturned", 60n)],
    ["a payment does not wait", later("MilestonePaid", -60n, 1)],
  ],
  ...agreementTamperings,
  "treasury-reclaim": [
    ["less comes back than was committed", args("ProjectReclaimed", { amount: 1n })],
    ["it goes to another account", args("ProjectReclaimed", { reclaimTo: strange })],
    ["the lease was running", args("ProjectFunded", { paidThrough: 9 }, 1)],
    ["a milestone is taken back before its deadline", later("MilestoneReclaimed", -1_000n)],
  ],
  "treasury-claim": [["more is claimed than is owed", args("Claimed", { amount: 2n * 10n ** 18n })]],
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
  "treasury-lease-extension": [
    ["it is paid for longer", args("LeaseExtended", { paidThrough: 99 })],
    ["another human answers for it", args("LeaseExtended", { anchor: stranger })],
    ["the anchor lives no more", later("LeaseExtended", 10n ** 8n)],
    ["it counts from another report", args("LeaseExtended", { report: 1 })],
    ["nobody says why", args("LeaseExtended", { cause: `0x${"0".repeat(64)}` })],
    ["somebody else called", calledBySomebodyElse("LeaseExtended")],
  ],
  "safety-limits": [
    ["more may leave than the constitution says", args("LimitsSet", { outflowShare: 2n * 10n ** 16n }, 1)],
    ["more may be reclaimed than the constitution says", args("LimitsSet", { reclaimShare: 2n * 10n ** 16n }, 1)],
    ["reclaims are counted for a shorter time", args("LimitsSet", { reclaimWindow: 1 }, 1)],
    ["trips last shorter", args("LimitsSet", { tripSeconds: 1 }, 1)],
    ["the constitution never changed", without("ValueSet", 4)],
  ],
  "safety-outflow": [
    ["more leaves than may", args("LimitsSet", { outflowShare: 1n })],
    ["more is withdrawn than may, and nobody approved it", without("WithdrawalApproved")],
    ["another withdrawal was approved", args("WithdrawalApproved", { amount: 6n * 10n ** 18n })],
    ["somebody else approves", args("WithdrawalApproved", { anchor: stranger })],
    ["an approval is given twice", again("WithdrawalApproved")],
    ["more is approved than the pool has", args("WithdrawalApproved", { amount: 10n ** 30n })],
    ["somebody else called", calledBySomebodyElse("WithdrawalApproved")],
    ["an approval is used twice", again("PoolWithdrawn", {}, 6)],
  ],
  "safety-co-signature": [
    ["nobody co-signed while the asset was tripped", without("PaymentCoSigned")],
    ["nobody co-signed while the oracle was tripped", without("PaymentCoSigned", 2)],
    ["another proof was co-signed", args("PaymentCoSigned", { cause: strange })],
    ["somebody co-signs who is no anchor", args("PaymentCoSigned", { by: stranger })],
    ["the anchor's signature is another one", transaction("PaymentCoSigned", flip(2), 1)],
    ["somebody else called", calledBySomebodyElse("PaymentCoSigned")],
    ["a proof is co-signed twice", again("PaymentCoSigned")],
    ["the oracle was stale", later("MilestonePaid", 10n ** 6n)],
    ["the plan asks for a co-signature", coSignatureAsked(0, true)],
    ["a plan does not ask where its team may not decide by itself", coSignatureAsked(4, false)],
  ],
  "safety-reclaim": [
    ["more is reclaimed than may", args("LimitsSet", { reclaimShare: 1n })],
    ["somebody else takes back what is held", calledBySomebodyElse("ProjectReclaimed", 1)],
    ["the anchor lives no more", later("ProjectReclaimed", 10n ** 8n, 1)],
    ["the oracle was stale", later("ProjectReclaimed", 10n ** 6n)],
  ],
  "safety-trip": [
    ["nothing met a limit", args("LimitsSet", { outflowShare: 10n ** 19n }, 1)],
    ["no reclaim met a limit", args("LimitsSet", { reclaimShare: 10n ** 19n }, 1)],
    ["nothing explains it", args("AssetTripped", { cause: strange })],
    ["no guardian said so", without("TrippedByGuardian")],
    ["the guardian said why else", args("TrippedByGuardian", { cause: strange })],
    ["another guardian said so", args("TrippedByGuardian", { by: stranger })],
    ["it ends sooner", args("AssetTripped", { until: 1 })],
    ["it is miscounted", args("AssetTripped", { trips: 9 })],
    ["one is left out", without("AssetTripped")],
    ["another human answers for it", args("AssetTripped", { anchor: stranger })],
    ["the withdrawal was approved", approvedBefore],
    ["no money was missing", args("ShortfallShown", { balance: 10n ** 30n })],
    ["less was owed", args("ShortfallShown", { credited: 1n })],
    ["τ moved too far and nothing trips", without("OracleTripped")],
    ["nothing trips the oracle", args("OracleTripped", { cause: strange })],
    ["no guardian tripped the oracle", without("TrippedByGuardian", 1)],
    ["the oracle's trip ends sooner", args("OracleTripped", { until: 1 }, 1)],
  ],
  "safety-reset": [
    ["one of three anchors approved", without("OperationApproved", 2)],
    ["another operation was approved", args("AssetReset", { cause: strange })],
    ["an earlier trip's approval is used", args("AssetReset", { trips: 1 }, 1)],
    ["nothing had tripped", again("AssetReset")],
    ["one of three anchors approved for the oracle", without("OperationApproved", 8)],
    ["another operation was approved for the oracle", args("OracleReset", { cause: strange })],
    ["the oracle's trip was over", later("OracleReset", 100_000n)],
  ],
  "oracle-operator-set": [
    ["the quorum is lower", args("OperatorSetScheduled", { quorum: 2 })],
    ["more faults are tolerated", args("OperatorSetScheduled", { faults: 2 })],
    ["it signs what is already measured", args("OperatorSetScheduled", { fromEpoch: 1 })],
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
    ["two operators signed of three", args("ReportAccepted", { signers: 0b11n })],
    ["another operator is said to have signed", args("ReportAccepted", { signers: 0b0111n })],
    ["another root was signed", args("ReportAccepted", { root: strange })],
    ["a signature is another one", transaction("ReportAccepted", flip(3))],
    ["another set signed", args("ReportAccepted", { configuration: 2 })],
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
  "policy-parameter": [
    ["a parameter starts outside its bounds", args("ParameterDefined", { value: 2n ** 100n })],
    ["a parameter is defined twice", again("ParameterDefined")],
    ["a value is outside its bounds", args("ValueSet", { value: 2n ** 100n })],
    ["a version is skipped", args("ValueSet", { version: 9 })],
    ["a value is set of what is not defined", without("ParameterDefined")],
  ],
  "policy-team-value": [
    ["a team's value is looser than the office's", args("ValueSet", { value: 1_900_000_000n }, 2)],
    ["a team announces to be looser than the office", args("ChangeProposed", { value: 1_900_000_000n }, 2)],
  ],
  "policy-change": [
    ["a change takes effect a second early", later("ValueSet", -100n)],
    ["a change takes effect after its time", later("ValueSet", 10n ** 8n)],
    ["a change is announced for sooner", args("ChangeProposed", { enactableFrom: 1 })],
    ["another value than was announced takes effect", args("ValueSet", { value: 1n })],
    ["nobody announced the change", without("ChangeProposed")],
    ["a change is announced while one waits", again("ChangeProposed")],
    ["somebody else makes the team stricter", args("ValueSet", { by: stranger }, 2)],
    ["a team becomes looser at once", without("ChangeProposed", 3)],
    ["somebody else speaks for the team", args("ChangeProposed", { by: stranger }, 2)],
    ["somebody else cancels", args("ChangeCancelled", { by: stranger })],
    ["what is cancelled was not pending", again("ChangeCancelled")],
  ],
  "policy-consent": [
    ["one team consents of two", without("ChangeConsented")],
    ["somebody else consents for a team", args("ChangeConsented", { by: stranger })],
    ["a team consents twice", again("ChangeConsented", { consents: 2 })],
    ["a consent counts for more", args("ChangeConsented", { consents: 2 })],
    ["fewer consents are required", args("ChangeProposed", { required: 1 })],
    ["the root did not consent", without("ChangeConsented", 2)],
    ["a team consents that was opened later", teamOpenedAfterProposal],
  ],
  "policy-rate": [
    ["a rate is above its bounds", rateTold("Constitution", { rate: 10n ** 20n })],
    ["a rate is valid for ever", rateTold("Constitution", { validUntil: farFuture })],
    ["a rate is valid no more", rateTold("Constitution", { validUntil: 1 })],
    ["the asset was never defined", without("AssetDefined")],
    ["an asset's bounds are moved", again("AssetDefined")],
  ],
  "policy-catalog": [
    ["the selector is another function's", args("ActionRegistered", { selector: "0x00000000" })],
    ["a version is skipped", args("ActionRegistered", { version: 9 })],
    ["a scope was never named", without("ScopeNamed")],
    ["a scope's number is another", args("ScopeNamed", { scope: 9 })],
    ["what is retired was not listed", again("ActionRetired", { version: 3 })],
    [
      "an action can be undone more than completely",
      onEvent("ActionRegistered", (event) =>
        event.eventName === "ActionRegistered"
          ? withArgs(event, { registration: { ...event.args.registration, reversibility: 101 } })
          : event,
      ),
    ],
  ],
  "policy-capability": [
    ["a capability lists nothing", args("CapabilityDefined", { actions: [] })],
    ["a capability lists what the catalog does not", args("CapabilityDefined", { actions: [unlisted] })],
    ["a version is skipped", args("CapabilityDefined", { version: 9 })],
    [
      "a capability lists an action twice",
      onEvent("CapabilityDefined", (event) =>
        event.eventName === "CapabilityDefined"
          ? withArgs(event, { actions: [...event.args.actions, ...event.args.actions] })
          : event,
      ),
    ],
  ],
  "policy-team": [
    ["a team opens under somebody who is no anchor", args("TeamOpened", { anchor: stranger })],
    ["a team is given to somebody who is no anchor", args("TeamAnchorSet", { anchor: stranger })],
    ["a lower tier allows more", args("TeamOpened", { cones: [wide, nothing] })],
    ["nothing would lower its tier", args("TeamOpened", { triggers: 0 })],
    ["nothing would lower its tier any more", args("TeamTriggersSet", { triggers: 8 })],
    ["a team is at a tier that it has not", args("TeamOpened", { tier: 2 })],
    ["a version is skipped", args("TeamPathSet", { version: 9 })],
    ["a member joins twice", again("MemberAdded")],
    ["somebody leaves who was no member", args("MemberRemoved", { member: stranger })],
    ["a closed team changes", again("TeamClosed")],
    ["a team's number is skipped", args("TeamOpened", { team: 9 }, 3)],
  ],
  "policy-path": [
    ["a path does not end at the root", args("TeamPathSet", { path: [2] })],
    ["a team escalates to itself", args("TeamPathSet", { path: [3, 1] })],
    ["a path names a team twice", args("TeamPathSet", { path: [2, 2, 1] })],
    ["a path goes on behind the root", args("TeamPathSet", { path: [1, 2] })],
    ["a path names a team that is not open", args("TeamPathSet", { path: [9, 1] })],
    ["a path is empty", args("TeamOpened", { path: [] }, 1)],
    ["a team is closed that others need", args("TeamClosed", { team: 2 })],
    ["the root is closed", args("TeamClosed", { team: 1 })],
  ],
  "policy-tier": [
    ["a tier falls by two", args("TierLowered", { tier: 255 })],
    ["a tier rises where it should fall", args("TierLowered", { tier: 2 })],
    ["a tier falls by what is no trigger of the team", args("TierLowered", { trigger: 5 })],
    ["a stranger raises a tier", args("TierRaised", { by: stranger })],
    ["a team's own anchor raises its tier", raisedByItsOwnAnchor],
    ["a tier rises by two", args("TierRaised", { tier: 2 })],
    ["new cones widen what a team may do", args("TeamConesSet", { tier: 2 })],
  ],
  "policy-cone": [
    ["the authority enforces a wider cone", args("TeamLimitsSet", { limits: wide }, 1)],
    ["the authority did not learn of a lower tier", without("TeamLimitsSet", 9)],
    ["the authority did not learn of a stricter value", without("TeamLimitsSet", 7)],
    ["the authority did not learn that a team was closed", without("TeamLimitsSet", 6)],
    ["the authority still lets the former anchor open tasks", without("TeamLimitsSet", 2)],
  ],
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

  it.each(cases)("$rule: given that $what, it is found", async ({ rule, tampering }) => {
    expect([...(await rulesBroken(tampering))]).toContain(rule);
  });
});
