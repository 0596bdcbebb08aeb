import { seconds, type Handlers } from "./handler.ts";

/** Accountable humans. Whether one is live is decided by `liveUntil` when a rule reads it. */
export const accountabilityHandlers: Handlers = {
  AnchorEnrolled: ({ anchor }, _state, log) => [
    {
      entity: "anchor",
      id: anchor,
      row: { status: "proposed", liveUntil: 0, since: seconds(log), substitute: null },
    },
  ],
  AnchorAccepted: ({ anchor, liveUntil }, _state, log) => [
    { entity: "anchor", id: anchor, row: { status: "accepted", liveUntil, since: seconds(log), substitute: null } },
  ],
  AnchorCheckedIn: ({ anchor, liveUntil }, state, log) => {
    const substitute = state.get("anchor", anchor)?.substitute ?? null;
    return [{ entity: "anchor", id: anchor, row: { status: "accepted", liveUntil, since: seconds(log), substitute } }];
  },
  AnchorRemoved: ({ anchor }) => [{ entity: "anchor", id: anchor, row: null }],
};
