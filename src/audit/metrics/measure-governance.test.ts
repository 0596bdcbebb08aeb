import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import type { AuditedEvent } from "../replay/audited-event.ts";
import type { ReplayedEscalation } from "../replay/escalation-replay.ts";
import { measureGovernance, type MeasuredHistory } from "./measure-governance.ts";
import { decimalText, shareOf } from "./share.ts";

const account = (n: number): Hex => `0x${n.toString(16).padStart(40, "0")}`;
const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;

function event(kind: string, eventName: string, anchor: number, transaction = 1): AuditedEvent {
  return { kind, eventName, args: { anchor: account(anchor) }, log: { transaction: word(transaction) } } as never;
}

function escalation(change: Partial<ReplayedEscalation>): ReplayedEscalation {
  return {
    operation: word(1),
    status: "pending",
    team: 1,
    caller: account(9),
    anchor: account(1),
    pathVersion: 1,
    openedAt: 100n,
    deadline: 400n,
    resolver: undefined,
    usableUntil: 0n,
    endedAt: undefined,
    ...change,
  };
}

const measured = (change: Partial<MeasuredHistory>) =>
  measureGovernance({
    events: [],
    escalations: [],
    now: 1_000n,
    identityOf: word.bind(undefined, 7),
    hasRecord: () => true,
    ...change,
  });

describe("the measures of governance", () => {
  it("given nothing was decided, it has no shares", () => {
    expect(measured({})).toMatchObject({
      decisions: 0,
      accountabilityTraceability: null,
      autonomousOperationRate: null,
      governanceHealth: null,
      escalationLatencyP99Seconds: null,
    });
  });

  it("counts what was escalated once, and its execution not again", () => {
    const events = [
      event("Authority", "GrantGiven", 1, 1),
      event("Escalations", "EscalationOpened", 1, 2),
      event("Escalations", "EscalationExecuted", 1, 3),
      event("Authority", "GrantUsedUp", 1, 3),
      event("BudgetVault", "PoolWithdrawn", 1, 3),
      event("BudgetVault", "PoolWithdrawn", 1, 3),
      event("BudgetVault", "PoolDeposited", 1, 4),
    ];
    expect(measured({ events, escalations: [escalation({})] })).toMatchObject({ decisions: 3, escalations: 1 });
  });

  it("given an anchor without a record, its decisions trace to nobody", () => {
    const events = [1, 1, 2, 0].map((anchor) => event("Authority", "GrantGiven", anchor));
    const hasRecord = (anchor: Hex): boolean => anchor === account(1);
    expect(measured({ events, hasRecord })).toMatchObject({
      traced: 2,
      accountabilityTraceability: "0.500000",
      untraced: { [account(2)]: 1, [account(0)]: 1 },
    });
    expect(measured({ events, identityOf: () => undefined })).toMatchObject({ traced: 0 });
  });

  it("given as much escalated as the target says, H' is 1 and the published health 0", () => {
    const events = Array.from({ length: 1_000 }, () => event("Authority", "GrantGiven", 1));
    const escalated = (count: number) =>
      measured({ events, escalations: Array.from({ length: count }, () => escalation({})) });
    expect(escalated(107)).toMatchObject({
      governanceHealthPublished: "0.000000",
      governanceHealth: "1.000000",
      autonomousOperationRate: "0.893000",
      targetAutonomyRate: "0.893000",
    });
    expect(escalated(0)).toMatchObject({ governanceHealthPublished: "1.000000", governanceHealth: "2.000000" });
    expect(escalated(214)).toMatchObject({ governanceHealthPublished: "-1.000000", governanceHealth: "0.000000" });
  });

  it("given each kind of end, it takes the time to it, and leaves out what still waits", () => {
    const ends = [
      escalation({ status: "executed", endedAt: 150n }),
      escalation({ status: "rejected", endedAt: 120n }),
      escalation({ deadline: 1_000n }), // denied in the very second
      escalation({ deadline: 1_001n }), // waits
      escalation({ status: "approved", usableUntil: 600n }),
      escalation({ status: "approved", usableUntil: 1_001n }), // may still be used
    ];
    expect(measured({ escalations: ends })).toMatchObject({ escalationsDecided: 4, escalationLatencyP99Seconds: 900 });
  });

  it("takes the 99th percentile by nearest rank", () => {
    const of = (count: number) =>
      measured({
        escalations: Array.from({ length: count }, (_, i) =>
          escalation({ status: "rejected", endedAt: 101n + BigInt(i) }),
        ),
      }).escalationLatencyP99Seconds;
    expect([of(1), of(99), of(100), of(200)]).toEqual([1, 99, 99, 198]);
  });
});

describe("shares", () => {
  it("are rounded towards zero", () => {
    expect(decimalText(shareOf(2, 3) ?? 0n)).toBe("0.666666");
    expect(decimalText(-(shareOf(2, 3) ?? 0n))).toBe("-0.666666");
    expect(decimalText(-1n)).toBe("0.000000");
    expect(shareOf(1, 0)).toBeUndefined();
  });
});
