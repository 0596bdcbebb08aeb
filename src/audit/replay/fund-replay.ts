import { toFunctionSelector } from "viem";
import type { Hex } from "../../core/hex.ts";
import type { PlacedLog } from "../reader/verified-block.ts";
import type { EventArgs, EventOf } from "./audited-event.ts";
import type { RuleContext } from "./rule-context.ts";

/** What a fund fixes at its deployment. */
export interface FundParameters {
  /** To which it hands reports on. */
  readonly oracle: Hex;
}

export interface FundWorld {
  readonly isLive: (anchor: Hex, time: bigint) => boolean;
  readonly requireMayCall: (log: PlacedLog, by: Hex, selector: Hex) => void;
  /** The transaction in which the fund's oracle accepted the report; "unknown" where that oracle is not audited. */
  readonly acceptedIn: (index: number) => Hex | undefined | "unknown";
}

/** The history of one fund of refunds. */
export interface FundReplay {
  apply(event: EventOf<"ReportFund">): void;
}

interface Terms {
  readonly limitGwei: number;
  readonly maxTipWei: number;
  readonly anchor: Hex;
}

const GWEI = 10n ** 9n;
const nobody: Hex = `0x${"0".repeat(40)}`;
const setTermsSelector = toFunctionSelector("setTerms(uint48,uint48,address)");
const withdrawSelector = toFunctionSelector("withdraw(uint256,address,address)");

export function replayFund(context: RuleContext, world: FundWorld): FundReplay {
  let terms: Terms = { limitGwei: 0, maxTipWei: 0, anchor: nobody };
  /** What is in it at least: coin can be forced upon an account without an event, and never taken. */
  let atLeast = 0n;
  const refunds = new Map<number, { readonly log: PlacedLog; readonly to: Hex; readonly amount: bigint }>();
  const refused = new Set<number>();

  function moved(log: PlacedLog, balance: bigint, amount: bigint): void {
    const left = atLeast + amount;
    const holds = left >= 0n && balance >= left;
    context.require(holds, "report-fund", log, `a balance of ${left} wei or more`, balance);
    atLeast = balance;
  }

  function requireLive(log: PlacedLog, anchor: Hex): void {
    const isLive = world.isLive(anchor, log.blockTimestamp);
    context.require(isLive, "report-fund", log, "a live anchor", anchor);
  }

  function refunded(log: PlacedLog, args: EventArgs<"ReportFund", "ReportRefunded">): void {
    const rule = "report-refund";
    const { index, to, amount, gasUsed, gasPrice, balance, anchor } = args;
    context.require(!refunds.has(index), rule, log, `one refund for report ${index}`, "another one");
    const accepted = world.acceptedIn(index);
    if (accepted === "unknown") context.unchecked(rule, log, "the fund's oracle is not in the registry");
    else context.requireEqual(rule, log, `report ${index} accepted in`, log.transaction, accepted);
    const most = BigInt(terms.limitGwei) * GWEI;
    context.require(amount <= most, rule, log, `${most} wei or less`, amount);
    context.require(amount <= gasUsed * gasPrice, rule, log, `${gasUsed * gasPrice} wei or less`, amount);
    context.requireEqual(rule, log, "anchor", terms.anchor, anchor);
    refunds.set(index, { log, to, amount });
    moved(log, balance, -amount);
  }

  function wasRefused(log: PlacedLog, args: EventArgs<"ReportFund", "ReportRefundRefused">): void {
    const rule = "report-refund";
    const { index, to, amount, balance, anchor } = args;
    const refund = refunds.get(index);
    context.require(!refused.has(index), rule, log, `the refund of report ${index} refused once`, "twice");
    context.requireEqual(rule, log, "refunded in", refund?.log.transaction, log.transaction);
    context.requireEqual(rule, log, "to", refund?.to, to);
    context.requireEqual(rule, log, "amount", refund?.amount, amount);
    context.requireEqual(rule, log, "anchor", terms.anchor, anchor);
    refused.add(index);
    moved(log, balance, amount);
  }

  return {
    apply({ log, eventName, args }) {
      switch (eventName) {
        case "ReportFundDeposited": {
          moved(log, args.balance, args.amount);
          return;
        }
        case "ReportRefunded": {
          refunded(log, args);
          return;
        }
        case "ReportRefundRefused": {
          wasRefused(log, args);
          return;
        }
        case "ReportFundTermsSet": {
          const { previousLimitGwei, limitGwei, previousMaxTipWei, maxTipWei, anchor, by } = args;
          world.requireMayCall(log, by, setTermsSelector);
          context.requireEqual("report-fund", log, "limit before", terms.limitGwei, previousLimitGwei);
          context.requireEqual("report-fund", log, "tip before", terms.maxTipWei, previousMaxTipWei);
          requireLive(log, anchor);
          terms = { limitGwei, maxTipWei, anchor };
          return;
        }
        case "ReportFundWithdrawn": {
          world.requireMayCall(log, args.by, withdrawSelector);
          requireLive(log, args.anchor);
          moved(log, args.balance, -args.amount);
          return;
        }
        case "AuthorityUpdated":
          return; // the system's to judge
      }
    },
  };
}
