import type { Hex } from "../../core/hex.ts";
import { need, seconds, type Handlers } from "./handler.ts";
import type { Change, EscalationRow, RowRef, Rows } from "./rows.ts";

function refOf(operation: string): RowRef<"escalation"> {
  return { entity: "escalation", id: operation };
}

function changed(rows: Rows, operation: string, change: Partial<EscalationRow>): Change {
  return { ...refOf(operation), row: { ...need(rows, "escalation", operation), ...change } };
}

/** Escalations. Denied and unused are decided by time, when read. */
export const escalationHandlers: Handlers = {
  EscalationOpened: {
    reads: ({ operation }) => [refOf(operation)],
    fold: (rows, { operation, data, limit, actual, cause: _cause, anchor: _anchor, ...opened }, log) => [
      {
        ...refOf(operation),
        row: {
          ...opened,
          selector: data.slice(0, 10) as Hex,
          data,
          limitValue: limit,
          actualValue: actual,
          status: "pending",
          openedAt: seconds(log),
          resolver: null,
          reason: null,
          resolvedAt: null,
          usableUntil: null,
          executedAt: null,
          openings: (rows.get("escalation", operation)?.openings ?? 0) + 1,
        },
      },
    ],
  },
  EscalationApproved: {
    reads: ({ operation }) => [refOf(operation)],
    fold: (rows, { operation, resolver, usableUntil, reason }, log) => [
      changed(rows, operation, { status: "approved", resolver, usableUntil, reason, resolvedAt: seconds(log) }),
    ],
  },
  EscalationRejected: {
    reads: ({ operation }) => [refOf(operation)],
    fold: (rows, { operation, resolver, reason }, log) => [
      changed(rows, operation, { status: "rejected", resolver, reason, resolvedAt: seconds(log) }),
    ],
  },
  EscalationWithdrawn: {
    reads: ({ operation }) => [refOf(operation)],
    fold: (rows, { operation }, log) => [changed(rows, operation, { status: "withdrawn", resolvedAt: seconds(log) })],
  },
  EscalationExecuted: {
    reads: ({ operation }) => [refOf(operation)],
    fold: (rows, { operation }, log) => [changed(rows, operation, { status: "executed", executedAt: seconds(log) })],
  },
};
