/** Who may call what of the oracle, of what it reads, and of the calendar that stands in its place. */
import { authorityOnly, role, type Guard } from "./guard.ts";

export const oracleGuards = {
  OperatorKeys: {
    register: {
      guard: "state",
      by: "the signatures of the operator and of the key",
      refusal: "OperatorKeysDeadlinePassed",
    },
    delegate: {
      guard: "state",
      by: "the signatures of the operator and of its delegate",
      refusal: "OperatorKeysDeadlinePassed",
    },
    setAuthority: authorityOnly,
  },
  HeartbeatOracle: {
    scheduleOperatorSet: role,
    scheduleRuleset: role,
    reinstate: role,
    trip: role,
    reset: role,
    submit: { guard: "state", by: "a quorum of operators' signatures", refusal: "HeartbeatOracleEpochNotNewer" },
    suspend: {
      guard: "state",
      by: "two reports that contradict each other, signed by the operator",
      refusal: "HeartbeatOracleNoContradiction",
    },
    rotate: {
      guard: "state",
      by: "a delegate or key that the operator signed for, and its seat has not",
      refusal: "HeartbeatOracleNotSeated",
    },
    submitAggregate: {
      guard: "state",
      by: "one signature of a quorum of operators",
      refusal: "HeartbeatOracleEpochNotNewer",
    },
    setAuthority: authorityOnly,
  },
  ReportFund: {
    submit: {
      guard: "state",
      by: "a quorum of operators' signatures",
      refusal: "HeartbeatOracleEpochNotNewer",
      refusedBy: "HeartbeatOracle",
    },
    submitAggregate: {
      guard: "state",
      by: "one signature of a quorum of operators",
      refusal: "HeartbeatOracleEpochNotNewer",
      refusedBy: "HeartbeatOracle",
    },
    setTerms: role,
    withdraw: { guard: "admin", refusal: "AccessManagedUnauthorized" },
    receive: { guard: "own", by: "coin that the caller gives" },
    setAuthority: authorityOnly,
  },
  ReviewCalendar: {
    begin: {
      guard: "state",
      by: "the first days of a period that was not begun",
      refusal: "ReviewCalendarOutsideWindow",
    },
    setAuthority: authorityOnly,
  },
  // Its code runs for the vault alone; the books at its own address are empty.
} as const satisfies Record<string, Record<string, Guard>>;
