/** Histories that break the rules about limits, trips, resets and what people let pass. */
import {
  again,
  approvedBefore,
  args,
  calledBySomebodyElse,
  coSignatureAsked,
  flip,
  indexOf,
  later,
  strange,
  stranger,
  type Tampering,
  type Tamperings,
  transaction,
  without,
} from "./tampering.ts";

/** One of the anchors who approved the ruling did not. */
const rulingLessApproved: Tampering = ({ events, transactions }) => {
  const ruled = events[indexOf(events, "ShortfallRuled", 0)];
  if (ruled?.eventName !== "ShortfallRuled") throw new TypeError("the story has it");
  const { cause } = ruled.args;
  const approval = events.find((event) => event.eventName === "OperationApproved" && event.args.operation === cause);
  if (approval === undefined) throw new TypeError("the story has it");
  return { events: events.filter((event) => event !== approval), transactions };
};

export const safetyTamperings: Tamperings = {
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
    ["enclaves may hold more than the constitution says", args("LimitsSet", { enclaveShare: 10n ** 18n }, 1)],
    ["the constitution never changed", without("ValueSet", 4)],
  ],
  "safety-outflow": [
    ["more leaves than may", args("LimitsSet", { outflowShare: 1n })],
    ["more is withdrawn than may, and nobody approved it", without("WithdrawalApproved")],
    ["another withdrawal was approved", args("WithdrawalApproved", { amount: 6n * 10n ** 18n })],
    ["somebody else approves", args("WithdrawalApproved", { anchor: stranger })],
    ["an approval could not be used any more", args("WithdrawalApproved", { usableUntil: 1 })],
    ["an approval was taken back", args("WithdrawalApproved", { usableUntil: 0 })],
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
    ["a plan does not ask where its team may not decide by itself", coSignatureAsked(6, false)],
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
    ["most of the leaves are gone and nothing trips", args("ReportAccepted", { leafCount: 100 })],
    ["nothing trips the oracle", args("OracleTripped", { cause: strange })],
    ["no guardian tripped the oracle", without("TrippedByGuardian", 1)],
    ["the oracle's trip ends sooner", args("OracleTripped", { until: 1 }, 1)],
  ],
  "treasury-shortfall": [
    ["more of each claim is ruled than there is", args("ShortfallRuled", { share: 6n * 10n ** 17n })],
    ["another operation was approved", args("ShortfallRuled", { cause: strange })],
    ["the vault owed less", args("ShortfallRuled", { credited: 1n })],
    ["it is miscounted", args("ShortfallRuled", { trip: 7 })],
    ["one of three anchors approved", rulingLessApproved],
    ["a payee takes more than was ruled", args("Claimed", { amount: 5n * 10n ** 15n }, 1)],
    ["a payee takes its share twice", again("Claimed", {}, 1)],
    ["nobody ruled", without("ShortfallRuled")],
    ["anchors rule twice in a trip", again("ShortfallRuled")],
    ["the trip was over", later("ShortfallRuled", 10n ** 6n)],
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
};
