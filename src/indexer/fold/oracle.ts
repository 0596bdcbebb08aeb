import { seconds, type Handlers } from "./handler.ts";

/** Operator sets, rulesets and accepted reports of the heartbeat oracle; periods of the review calendar. */
export const oracleHandlers: Handlers = {
  OperatorSetScheduled: {
    fold: (_rows, { configuration, fromEpoch, operators }, log) => [
      { entity: "operatorSet", id: `${log.address}/${configuration}`, row: { fromEpoch, operators } },
    ],
  },
  RulesetScheduled: {
    fold: (_rows, { ruleset, fromEpoch, anchor }, log) => [
      {
        entity: "ruleset",
        id: `${log.address}/${log.blockNumber}/${log.logIndex}`,
        row: {
          ...{ oracle: log.address, hash: ruleset, fromEpoch, anchor },
          ...{ scheduledAt: seconds(log), block: Number(log.blockNumber), logIndex: log.logIndex },
        },
      },
    ],
  },
  ReportAccepted: {
    fold: (_rows, { cause, anchor: _anchor, ...report }, log) => [
      {
        entity: "report",
        id: `${log.address}/${report.index}`,
        row: { oracle: log.address, ...report, digest: cause, transactionHash: log.transactionHash },
      },
    ],
  },
  ReviewPeriodBegan: {
    fold: (_rows, { index, period, begunAt }, log) => [
      {
        entity: "reviewPeriod",
        id: `${log.address}/${index}`,
        row: { calendar: log.address, index, period, begunAt },
      },
    ],
  },
};
