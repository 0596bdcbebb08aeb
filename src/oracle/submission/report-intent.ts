import { encodeFunctionData } from "viem";
import { heartbeatOracleAbi } from "../../chain/abi.ts";
import type { Intent, IntentRecord } from "../../chain/outbox/intent.ts";
import type { Hex } from "../../core/hex.ts";
import type { AggregateSignature } from "../cosigning/session.ts";
import type { SignedReport } from "./signed-report.ts";

/** How far an intent has come; nothing is known of it where an outbox does not tell. */
export type SubmissionStatus = Partial<Pick<IntentRecord, "status" | "succeeded">>;

export interface ReportIntentInput {
  readonly oracle: Hex;
  /** Takes the report in the oracle's place, by the same calls, hands it on and refunds the sender. */
  readonly fund?: Hex | undefined;
  readonly signed: SignedReport;
  /** The same report's common signature, where there is one. */
  readonly aggregate: AggregateSignature | undefined;
  readonly statusOf: (id: string) => SubmissionStatus | undefined;
  readonly closesAt: number;
}

/**
 * What to hand to the outbox now: the common signature; single ones where there is none, or where the chain refused it. Undefined where
 * what is to be handed over was.
 */
export function reportIntent(
  input: ReportIntentInput,
): { readonly intent: Intent; readonly isAggregate: boolean } | undefined {
  const { oracle, fund, signed, aggregate, statusOf, closesAt } = input;
  const { report, signers, signatures } = signed;
  const intentOf = (id: string, data: Hex): Intent => ({
    id,
    to: fund ?? oracle,
    data,
    value: 0n,
    validUntilSeconds: closesAt,
  });
  const id = `report:${oracle}:${report.epoch}`;
  const aggregateId = `aggregate:${oracle}:${report.epoch}`;
  if (statusOf(id) !== undefined) return undefined;
  const handedOver = statusOf(aggregateId);
  if (handedOver !== undefined && !hasFailed(handedOver)) return undefined;
  if (aggregate === undefined || handedOver !== undefined) {
    const args = [report, signers, signatures] as const;
    const data = encodeFunctionData({ abi: heartbeatOracleAbi, functionName: "submit", args });
    return { intent: intentOf(id, data), isAggregate: false };
  }
  const args = [report, aggregate] as const;
  const data = encodeFunctionData({ abi: heartbeatOracleAbi, functionName: "submitAggregate", args });
  return { intent: intentOf(aggregateId, data), isAggregate: true };
}

/** Whether it will never have its effect: the chain would refuse it, or did. */
function hasFailed({ status, succeeded }: SubmissionStatus): boolean {
  return status === "refused" || status === "expired" || succeeded === false;
}
