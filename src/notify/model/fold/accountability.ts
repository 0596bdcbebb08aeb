import { seconds, type Handlers } from "./handler.ts";

/** How an anchor takes its substitute back. */
const nobody = "0x0000000000000000000000000000000000000000";

/** Accountable humans. Whether one is live is decided by `liveUntil` when a rule reads it. */
export const accountabilityHandlers: Handlers = {
  AnchorEnrolled: ({ anchor }, state, log) => [
    {
      entity: "anchor",
      id: anchor,
      row: { status: "proposed", liveUntil: 0, since: seconds(log), substitute: null },
    },
    // Whoever named it as substitute named its enrolment before this one.
    ...[...state.all("anchor")]
      .filter(([id, { substitute }]) => id !== anchor && substitute === anchor)
      .map(([id, row]) => ({ entity: "anchor", id, row: { ...row, substitute: null } }) as const),
  ],
  AnchorAccepted: ({ anchor, liveUntil }, _state, log) => [
    { entity: "anchor", id: anchor, row: { status: "accepted", liveUntil, since: seconds(log), substitute: null } },
  ],
  AnchorCheckedIn: ({ anchor, liveUntil }, state, log) => {
    const substitute = state.get("anchor", anchor)?.substitute ?? null;
    return [{ entity: "anchor", id: anchor, row: { status: "accepted", liveUntil, since: seconds(log), substitute } }];
  },
  SubstituteNamed: ({ anchor, substitute }, state) => {
    const before = state.get("anchor", anchor);
    if (before === undefined) return [];
    return [
      { entity: "anchor", id: anchor, row: { ...before, substitute: substitute === nobody ? null : substitute } },
    ];
  },
  AnchorRemoved: ({ anchor }) => [{ entity: "anchor", id: anchor, row: null }],
};
