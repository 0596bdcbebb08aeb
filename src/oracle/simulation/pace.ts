import type { EpochCalendar } from "../epochs/epoch-clock.ts";

/** The oracle that is simulated; its times are in the range of a production's. */
export const calendar: EpochCalendar = { genesis: 0, epochSeconds: 960, reportDeadlineSeconds: 480 };

/** Pause between two looks of an operator, by its own clock. */
export const POLL_MS = 6_000;

/** Wait for a peer's answer; as long as a running operator's. */
export const PEER_TIMEOUT_MS = 3_000;
