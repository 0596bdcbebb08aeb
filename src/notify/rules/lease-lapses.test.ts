import { describe, expect, it } from "vitest";
import { dueOf, party, proposedProject, stateOf } from "../../../test/support/notify-state.ts";
import { leaseLapses } from "./lease-lapses.ts";

/** A project paid through report 5, and the oracle's latest report, accepted at 1,000. */
const at = (report: number, status: "active" | "reclaimed" = "active") =>
  stateOf({
    project: { p: { ...proposedProject, status, paidThrough: 5 } },
    oracle: { [party(4)]: { report, acceptedAt: 1_000, trippedUntil: 0 } },
  });

describe("a lease", () => {
  it.each([
    [3, 1_000, []],
    [4, 1_000, [["lease-lapses/p/5/last-report", "notice", null]]],
    [5, 1_000, [["lease-lapses/p/5/window", "urgent", 1_100]]],
    [5, 1_099, [["lease-lapses/p/5/window", "urgent", 1_100]]],
    [5, 1_100, [["lease-lapses/p/5/lapsed", "urgent", null]]],
    [6, 1_000, [["lease-lapses/p/5/lapsed", "urgent", null]]],
  ])("given report %i and the time %i", (report, now, expected) => {
    expect(dueOf(leaseLapses, at(report), now).map(({ id, urgency, dueAt }) => [id, urgency, dueAt])).toEqual(expected);
  });

  it("given an enclave, it says that its anchor reviews it, and how", () => {
    const enclave = (report: number) =>
      dueOf(
        leaseLapses,
        stateOf({
          project: { p: { ...proposedProject, status: "active", paidThrough: 5 } },
          oracle: { [party(4)]: { report, acceptedAt: 1_000, trippedUntil: 0, reviewed: true } },
        }),
        1_000,
      )[0];
    const command = "mandate project extend p --reason <why it goes on>";
    expect(enclave(4)).toMatchObject({ title: "An enclave is reviewed in the next period", command });
    expect(enclave(5)).toMatchObject({ urgency: "urgent", command });
    expect(enclave(5)?.text).toMatch(/^Review period 5 has begun/);
  });

  it("given it waits, payee and anchor hear of it; given a project that is over, nobody", () => {
    expect(dueOf(leaseLapses, at(5), 1_000)[0]).toMatchObject({ addresses: [party(1), party(3)], anchor: party(3) });
    expect(dueOf(leaseLapses, at(6, "reclaimed"), 2_000)).toEqual([]);
  });
});
