import type { Handlers } from "./handler.ts";

/** Operator sets and accepted reports of the heartbeat oracle. */
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
};
