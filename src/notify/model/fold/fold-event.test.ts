import { describe, expect, it } from "vitest";
import { party, word } from "../../../../test/support/notify-state.ts";
import type { ChainLog } from "../../../chain/follow/block.ts";
import { MemoryState } from "../memory-state.ts";
import type { Entities } from "../rows.ts";
import { foldEvent } from "./fold-event.ts";

type Said = readonly [name: string, args: Readonly<Record<string, unknown>>];

/** Folds events in turn, each a second after the one before, from second 1. */
function folded(...events: readonly Said[]): MemoryState {
  const state = new MemoryState();
  events.forEach(([name, args], index) => {
    const log = {
      address: party(0xaa),
      blockTimestamp: BigInt(index + 1),
      transactionHash: word(index),
      logIndex: 0,
    } as ChainLog;
    state.apply(foldEvent(state, { name, args, log }));
  });
  return state;
}

const ids = (state: MemoryState, entity: keyof Entities): string[] => [...state.all(entity)].map(([id]) => id);

const enrolled = (anchor: number) => ["AnchorEnrolled", { anchor: party(anchor), identity: word(1) }] as const;
const accepted = (anchor: number) =>
  ["AnchorAccepted", { anchor: party(anchor), identity: word(1), liveUntil: 100 }] as const;
const named = (anchor: number, substitute: number) =>
  ["SubstituteNamed", { anchor: party(anchor), substitute: party(substitute) }] as const;
const escalated = [
  "EscalationOpened",
  {
    operation: word(7),
    team: 1,
    caller: party(9),
    target: party(8),
    data: "0x1234567800ff",
    task: 3,
    boundary: 7,
    limit: 5n,
    actual: 6n,
    deadline: 500,
    pathVersion: 2,
  },
] as const;
const opened = ["TeamOpened", { team: 1, place: word(1), anchor: party(1), path: [2, 3] }] as const;

describe("folding events into what may wait", () => {
  it("given an anchor's life, it is proposed, accepted, live for longer, gone", () => {
    expect(folded(enrolled(1)).get("anchor", party(1))).toMatchObject({ status: "proposed", since: 1 });
    const checkedIn = folded(enrolled(1), accepted(1), ["AnchorCheckedIn", { anchor: party(1), liveUntil: 200 }]);
    expect(checkedIn.get("anchor", party(1))).toEqual({
      status: "accepted",
      liveUntil: 200,
      since: 3,
      substitute: null,
    });
    const removed = folded(enrolled(1), accepted(1), ["AnchorRemoved", { anchor: party(1) }]);
    expect(removed.get("anchor", party(1))).toBeUndefined();
    expect([...removed.all("happening")][0]?.[1]).toMatchObject({ event: "AnchorRemoved", addresses: [party(1)] });
  });

  it("given a substitute, it counts until it is taken back or enrolled anew", () => {
    const start = [accepted(1), accepted(2), named(1, 2)] as const;
    const substitute = (...more: readonly Said[]): unknown =>
      folded(...start, ...more).get("anchor", party(1))?.substitute;
    expect(substitute()).toBe(party(2));
    expect(substitute(["AnchorCheckedIn", { anchor: party(1), liveUntil: 200 }])).toBe(party(2));
    expect(substitute(named(1, 0))).toBeNull();
    expect(substitute(["AnchorRemoved", { anchor: party(2) }], enrolled(2))).toBeNull();
  });

  it("given the end of a task, its grants go with it and others stay", () => {
    const grant = (task: number, grantee: number) =>
      [
        "GrantGiven",
        { task, grantee: party(grantee), target: party(8), selector: "0x01020304", notBefore: 1, notAfter: 9 },
      ] as const;
    const opening = ["TaskOpened", { task: 4, anchor: party(1), deadline: 50, team: 6 }] as const;
    const state = folded(opening, grant(4, 1), grant(5, 2), ["TaskEnded", { task: 4, status: 2 }]);
    expect(folded(opening).get("task", "4")).toEqual({ anchor: party(1), deadline: 50, openedAt: 1, team: 6 });
    expect([ids(state, "task"), ids(state, "grant")]).toEqual([[], [`${party(2)}/${party(8)}/0x01020304`]]);
    const end = { task: 5, grantee: party(2), target: party(8), selector: "0x01020304" };
    expect(ids(folded(grant(5, 2), ["GrantEnded", end]), "grant")).toEqual([]);
    expect(ids(folded(grant(5, 2), ["GrantUsedUp", end]), "grant")).toEqual([]);
  });

  it("given an escalation, every way to end it ends what waits, and an approval makes it wait for its caller", () => {
    expect(folded(escalated).get("escalation", word(7))).toMatchObject({
      status: "pending",
      selector: "0x12345678",
      openedAt: 1,
      limit: "5",
      actual: "6",
    });
    const approval = ["EscalationApproved", { operation: word(7), resolver: party(2), usableUntil: 90 }] as const;
    expect(folded(escalated, approval).get("escalation", word(7))).toMatchObject({
      status: "approved",
      approvedAt: 2,
      usableUntil: 90,
      resolver: party(2),
    });
    for (const name of ["EscalationRejected", "EscalationWithdrawn", "EscalationExecuted"]) {
      expect(ids(folded(escalated, [name, { operation: word(7), resolver: party(2) }]), "escalation"), name).toEqual(
        [],
      );
    }
    const rejected = folded(escalated, ["EscalationRejected", { operation: word(7), resolver: party(2) }]);
    expect([...rejected.all("happening")][0]?.[1].addresses).toEqual([party(9)]);
  });

  it("given a team, every path that it had is kept, its anchor is the present one, and a closed one stays readable", () => {
    const state = folded(
      opened,
      ["TeamPathSet", { team: 1, path: [4] }],
      ["TeamAnchorSet", { team: 1, anchor: party(5) }],
      ["TeamClosed", { team: 1 }],
    );
    const row = { place: word(1), anchor: party(5), open: false, paths: [[2, 3], [4]] };
    expect(state.get("team", "1")).toEqual(row);
    const lowered = folded(opened, ["TierLowered", { team: 1, tier: 0, trigger: 1 }]);
    expect([...lowered.all("happening")]).toMatchObject([
      [`${word(1)}/0`, { at: 2, addresses: [party(1)], teams: [1], text: expect.stringContaining("overturned") }],
    ]);
  });

  it("given a change, consents are the contract's count, and each end of it ends the wait", () => {
    const proposed = [
      "ChangeProposed",
      { parameter: word(1), team: 0, value: 8n, enactableFrom: 10, expiresAt: 20, required: 3, by: party(7) },
    ] as const;
    const consented = ["ChangeConsented", { parameter: word(1), team: 2, consents: 3 }] as const;
    const later = ["TeamOpened", { team: 2, place: word(2), anchor: party(2), path: [1] }] as const;
    expect(folded(opened, proposed, later, consented).get("change", `${word(1)}/0`)).toMatchObject({
      consents: 3,
      consentedBy: [2],
      electorate: 1,
    });
    for (const name of ["ChangeCancelled", "ValueSet"]) {
      expect(ids(folded(proposed, [name, { parameter: word(1), team: 0 }]), "change"), name).toEqual([]);
      expect(ids(folded(proposed, [name, { parameter: word(1), team: 2 }]), "change"), name).toHaveLength(1);
    }
  });

  it("given an event that nothing waits for, or that no contract of this version declares, no row changes", () => {
    expect(folded(["PoolOpened", {}], ["", {}], ["constructor", {}], ["toString", {}])).toEqual(new MemoryState());
  });

  describe("given what both sides of a project agreed", () => {
    const terms = (amount: bigint, deadline: number) => ({ amount, deadline });
    const plan = {
      asset: party(0xee),
      payee: party(1),
      opener: party(2),
      anchor: party(3),
      oracle: party(4),
      renewalWindow: 100,
      acceptBy: 1_000,
      milestones: [terms(5n, 50), terms(6n, 60)],
    };
    const running = [
      ["ProjectOpened", { project: word(7), plan }],
      ["ProjectFunded", { project: word(7), paidThrough: 2 }],
      ["MilestoneProved", { project: word(7), milestone: 0, payableFrom: 90 }],
    ] as const;

    it("an amendment's anchor, lease and deadlines are what waits from then on; what is proved stays", () => {
      const next = {
        ...plan,
        anchor: party(5),
        renewalWindow: 70,
        milestones: [terms(5n, 50), terms(7n, 80), terms(1n, 90)],
      };
      const state = folded(...running, [
        "ProjectAmended",
        { project: word(7), planVersion: 2, plan: next, anchor: party(5) },
      ]);
      expect(state.get("project", word(7))).toMatchObject({
        status: "active",
        anchor: party(5),
        renewalWindow: 70,
        milestones: [
          { amount: "5", status: "proved", payableFrom: 90 },
          { amount: "7", deadline: 80, status: "pending" },
          { amount: "1", deadline: 90, status: "pending" },
        ],
      });
      const [told] = [...state.all("happening")];
      expect(told?.[1]).toMatchObject({
        event: "ProjectAmended",
        addresses: [party(1), party(2), party(3), party(5)],
      });
    });

    it("a part that was paid leaves a milestone that waits to be proved", () => {
      const part = ["MilestonePaid", { project: word(7), milestone: 0, payee: party(1), amount: 2n }] as const;
      expect(folded(...running, part).get("project", word(7))?.milestones[0]).toMatchObject({
        ...{ amount: "5", paid: "2", status: "pending", payableFrom: 0, proof: null },
      });
      const rest = ["MilestonePaid", { project: word(7), milestone: 0, payee: party(1), amount: 3n }] as const;
      expect(folded(...running, part, rest).get("project", word(7))?.milestones[0]).toMatchObject({
        status: "settled",
      });
    });

    it("a cancelled project waits for nothing but the payment of what is proved", () => {
      const cancelled = ["ProjectCancelled", { project: word(7), amount: 6n, anchor: party(3) }] as const;
      const state = folded(...running, cancelled);
      expect(state.get("project", word(7))).toMatchObject({
        status: "cancelled",
        milestones: [{ status: "proved" }, { status: "settled" }],
      });
      expect([...state.all("happening")][0]?.[1]).toMatchObject({ addresses: [party(1), party(2), party(3)] });
      const paid = ["MilestonePaid", { project: word(7), milestone: 0, payee: party(1), amount: 5n }] as const;
      expect(folded(...running, cancelled, paid).get("project", word(7))).toBeUndefined();
    });
  });

  it.each(["ChallengeUpheld", "ChallengeRejected", "ChallengeWithdrawn", "ChallengeLapsed"])(
    "given a challenge of a score, it waits until %s",
    (end) => {
      const row = {
        ...{ project: word(5), challenger: party(9), epoch: 7, team: 1, pathTeam: 1, pathVersion: 2 },
        deadline: 500,
      };
      const challenged = ["ChallengeOpened", { challenge: word(6), ...row, anchor: party(8) }] as const;
      expect(folded(challenged).get("challenge", word(6))).toEqual({ ...row, planAnchor: party(8), openedAt: 1 });
      expect(ids(folded(challenged, [end, { challenge: word(6) }]), "challenge")).toEqual([]);
    },
  );
});
