import type { EventOf } from "./audited-event.ts";
import type { ReportHistory } from "./lease-replay.ts";
import type { RuleContext } from "./rule-context.ts";

/** What a review calendar fixes at its deployment; times in seconds. */
export interface CalendarParameters {
  readonly genesis: bigint;
  readonly periodSeconds: bigint;
  readonly beginSeconds: bigint;
}

/** The history of one review calendar: to leases it is an oracle that people answer for, without leaves. */
export interface CalendarReplay extends ReportHistory {
  apply(event: EventOf<"ReviewCalendar">): void;
}

export function replayCalendar(context: RuleContext, parameters: CalendarParameters): CalendarReplay {
  const { genesis, periodSeconds, beginSeconds } = parameters;
  let last = { index: 0, period: 0, acceptedAt: genesis };

  return {
    apply({ log, eventName, args }) {
      if (eventName !== "ReviewPeriodBegan") return;
      const rule = "enclave-review-period";
      const now = log.blockTimestamp;
      const opensAt = genesis + BigInt(args.period) * periodSeconds;
      const inTime = now >= opensAt && now < opensAt + beginSeconds;
      context.require(inTime, rule, log, `period ${args.period} begun from ${opensAt} on, for ${beginSeconds} s`, now);
      context.requireEqual(rule, log, "index", last.index + 1, args.index);
      context.require(args.period > last.period, rule, log, `a period after ${last.period}`, args.period);
      context.requireEqual(rule, log, "begun at", now, BigInt(args.begunAt));
      last = { index: args.index, period: args.period, acceptedAt: now };
    },
    latest: () => last,
    managedUntil: () => 0n, // people decide there anyway
    report: () => undefined,
  };
}
