import type { Handlers } from "./handler.ts";

/** Operator sets and accepted reports of the heartbeat oracle; periods of the review calendar. */
export const oracleHandlers: Handlers = {
  OperatorSetScheduled: {
    fold: (_rows, { configuration, fromEpoch, operators }, log) => [
      { entity: "operatorSet", id: `${log.address}/${configuration}`, row: { fromEpoch, operators } },
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
