import { need, nobodyAsNull, type Handlers } from "./handler.ts";

/** Accountable humans. Whether one is live is decided by `liveUntil` when read. */
export const accountabilityHandlers: Handlers = {
  AnchorEnrolled: {
    reads: ({ anchor }) => [{ entity: "anchor", id: anchor }],
    fold: (rows, { anchor, identity }) => {
      const term = (rows.get("anchor", anchor)?.term ?? 0) + 1;
      const row = { status: "enrolled", identity, liveUntil: 0, term, substitute: null, substituteTerm: 0 } as const;
      return [{ entity: "anchor", id: anchor, row }];
    },
  },
  AnchorAccepted: {
    reads: ({ anchor }) => [{ entity: "anchor", id: anchor }],
    fold: (rows, { anchor, identity, liveUntil }) => [
      {
        entity: "anchor",
        id: anchor,
        row: { ...need(rows, "anchor", anchor), status: "accepted", identity, liveUntil },
      },
    ],
  },
  AnchorCheckedIn: {
    reads: ({ anchor }) => [{ entity: "anchor", id: anchor }],
    fold: (rows, { anchor, liveUntil }) => [
      { entity: "anchor", id: anchor, row: { ...need(rows, "anchor", anchor), liveUntil } },
    ],
  },
  AnchorRemoved: {
    reads: ({ anchor }) => [{ entity: "anchor", id: anchor }],
    fold: (rows, { anchor }, log) => [
      {
        entity: "anchor",
        id: anchor,
        row: {
          ...need(rows, "anchor", anchor),
          status: "removed",
          liveUntil: Number(log.blockTimestamp),
          substitute: null,
        },
      },
    ],
  },
  SubstituteNamed: {
    reads: ({ anchor, substitute }) => [anchor, substitute].map((id) => ({ entity: "anchor", id })),
    fold: (rows, { anchor, substitute }) => [
      {
        entity: "anchor",
        id: anchor,
        row: {
          ...need(rows, "anchor", anchor),
          substitute: nobodyAsNull(substitute),
          substituteTerm: rows.get("anchor", substitute)?.term ?? 0,
        },
      },
    ],
  },
};
