import { need, type Handlers } from "./handler.ts";

/** Accountable humans. Whether one is live is decided by `liveUntil` when read. */
export const accountabilityHandlers: Handlers = {
  AnchorEnrolled: {
    fold: (_rows, { anchor, identity }) => [
      { entity: "anchor", id: anchor, row: { status: "enrolled", identity, liveUntil: 0 } },
    ],
  },
  AnchorAccepted: {
    fold: (_rows, { anchor, identity, liveUntil }) => [
      { entity: "anchor", id: anchor, row: { status: "accepted", identity, liveUntil } },
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
        row: { ...need(rows, "anchor", anchor), status: "removed", liveUntil: Number(log.blockTimestamp) },
      },
    ],
  },
};
