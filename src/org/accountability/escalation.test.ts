import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import {
  approveEscalation,
  escalationStatus,
  executedEscalation,
  openEscalation,
  opensAt,
  rejectEscalation,
  withdrawEscalation,
  type Escalation,
  type EscalationChange,
} from "./escalation.ts";

const requester: Hex = `0x${"aa".repeat(20)}`;
const [first, second, third] = ["11", "22", "33"].map((each): Hex => `0x${each.repeat(20)}`) as [Hex, Hex, Hex];
const openedAt = 1_000;
const deadline = 1_300;
const live = (): number => 10_000;
const by = (anchor: Hex, position = 0) => ({ caller: anchor, anchor, position });
const usable = { usableSeconds: 100, liveUntil: live };

function done(change: EscalationChange): Escalation {
  if (!change.done) throw new Error(change.error);
  return change.escalation;
}

const request = { requester, deadlineSeconds: 300, pathLength: 3 };
const pending = done(openEscalation(undefined, request, live, openedAt));

describe("an escalation", () => {
  it("is denied by silence, from its deadline on, without anybody doing anything", () => {
    expect(escalationStatus(undefined, live, 0)).toBe("None");
    expect(escalationStatus(pending, live, deadline - 1)).toBe("Pending");
    expect(escalationStatus(pending, live, deadline)).toBe("Denied");
    for (const change of [
      approveEscalation(pending, by(first), usable, deadline),
      rejectEscalation(pending, by(first), live, deadline),
      withdrawEscalation(pending, live, deadline),
    ]) {
      expect(change).toEqual({ done: false, error: "EscalationsUnexpectedStatus" });
    }
    expect(approveEscalation(pending, by(first), usable, deadline - 1)).toMatchObject({ done: true });
  });

  it("opens to one anchor after the other, by equal shares of the time", () => {
    expect([0, 1, 2].map((position) => opensAt(pending, position))).toEqual([1_000, 1_100, 1_200]);
    const early = { done: false, error: "EscalationsNotOpenYet" };
    expect(approveEscalation(pending, by(second, 1), usable, 1_099)).toEqual(early);
    expect(approveEscalation(pending, by(second, 1), usable, 1_100)).toMatchObject({ done: true });
    expect(rejectEscalation(pending, by(third, 2), live, 1_199)).toEqual(early);
    expect(rejectEscalation(pending, by(third, 2), live, 1_200)).toMatchObject({ done: true });
  });

  it("opens every position at or after opening and before the deadline, in order, for every path", () => {
    fc.assert(
      fc.property(
        fc.nat(2 ** 31),
        fc.integer({ min: 7, max: 2 ** 24 }),
        fc.integer({ min: 1, max: 7 }),
        (at, lasts, length) => {
          const times = Array.from({ length }, (_, position) =>
            opensAt({ openedAt: at, until: at + lasts, pathLength: length }, position),
          );
          expect(times[0]).toBe(at);
          times.forEach((time, index) => {
            expect(time).toBeLessThan(times[index + 1] ?? at + lasts);
          });
        },
      ),
    );
  });

  it("can be used until its time is over or who approved it is not live any more", () => {
    const approved = done(approveEscalation(pending, by(first), usable, 1_050));
    expect(approved).toMatchObject({ until: 1_150, resolver: first });
    expect(escalationStatus(approved, live, 1_149)).toBe("Approved");
    expect(escalationStatus(approved, live, 1_150)).toBe("Unused");
    expect(escalationStatus(approved, () => 1_101, 1_100)).toBe("Approved");
    expect(escalationStatus(approved, () => 1_100, 1_100)).toBe("Unused");
  });

  it("is approved for no longer than who approves it lives, and not by who is not live", () => {
    const dying = { usableSeconds: 100, liveUntil: () => 1_060 };
    expect(done(approveEscalation(pending, by(first), dying, 1_050)).until).toBe(1_060);
    expect(approveEscalation(pending, by(first), dying, 1_060)).toEqual({
      done: false,
      error: "EscalationsResolverNotLive",
    });
  });

  it("is never resolved by who asked for it, nor on behalf of who asked for it", () => {
    const own = { done: false, error: "EscalationsOwnRequest" };
    expect(approveEscalation(pending, by(requester), usable, 1_050)).toEqual(own);
    const substitute = { caller: first, anchor: requester, position: 0 };
    expect(approveEscalation(pending, substitute, usable, 1_050)).toEqual(own);
    expect(rejectEscalation(pending, substitute, live, 1_050)).toEqual(own);
  });

  it("is opened anew from every state but pending and approved", () => {
    const open = (former: Escalation | undefined, now: number) => openEscalation(former, request, live, now);
    const taken = { done: false, error: "EscalationsAlreadyOpen" };
    const approved = done(approveEscalation(pending, by(first), usable, 1_050));
    expect(open(pending, deadline - 1)).toEqual(taken);
    expect(open(approved, 1_149)).toEqual(taken);
    const over = [
      [pending, deadline],
      [approved, 1_150],
      [executedEscalation(approved), 1_060],
      [done(rejectEscalation(pending, by(first), live, 1_050)), 1_060],
      [done(withdrawEscalation(pending, live, 1_050)), 1_060],
      [done(withdrawEscalation(approved, live, 1_060)), 1_060],
    ] as const;
    for (const [former, now] of over) {
      expect(done(open(former, now))).toEqual({ ...pending, openedAt: now, until: now + 300 });
    }
  });

  it("is executed once", () => {
    const approved = done(approveEscalation(pending, by(first), usable, 1_050));
    expect(escalationStatus(executedEscalation(approved), live, 1_060)).toBe("Executed");
  });
});
