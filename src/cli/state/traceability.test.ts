import { describe, expect, it } from "vitest";
import { traceabilityOf, type Decision } from "./traceability.ts";

const anchor = `0x${"aa".repeat(20)}` as const;
const other = `0x${"bb".repeat(20)}` as const;
const first = `0x${"01".repeat(32)}` as const;
const second = `0x${"02".repeat(32)}` as const;
const transaction = `0x${"ff".repeat(32)}` as const;
const decision = (block: bigint, by: `0x${string}` = anchor): Decision => {
  return { kind: "grant", anchor: by, block, transaction };
};

describe("traceability", () => {
  const acceptances = [
    { anchor, identity: first, block: 10n },
    { anchor, identity: second, block: 20n },
  ];

  it("given records of all anchors, every decision traces to a named human", () => {
    const found = traceabilityOf([decision(10n), decision(25n)], acceptances, () => "present");
    expect(found).toEqual({ decisions: 2, traced: 2, percent: "100.00", untraced: [] });
  });

  it("given one of its two records is erased, an anchor's decisions under that one no longer trace", () => {
    const found = traceabilityOf([decision(19n), decision(20n), decision(21n)], acceptances, (_anchor, identity) =>
      identity === second ? "erased" : "present",
    );
    expect(found).toMatchObject({ decisions: 3, traced: 1, percent: "33.33" });
    expect(found.untraced.map(({ block, gap }) => [block, gap])).toEqual([
      [20n, "erased"],
      [21n, "erased"],
    ]);
  });

  it("given a decision before the anchor accepted, or by nobody's anchor, it does not trace", () => {
    const found = traceabilityOf([decision(9n), decision(30n, other)], acceptances, () => "present");
    expect(found.untraced.map(({ gap }) => gap)).toEqual(["never-accepted", "never-accepted"]);
  });

  it("given the same address in other letters, it is the same anchor", () => {
    const spelled = decision(10n, `0x${"AA".repeat(20)}`);
    expect(traceabilityOf([spelled], acceptances, () => "present").traced).toBe(1);
  });

  it("given no decision, there is no share, not a perfect one", () => {
    expect(traceabilityOf([], acceptances, () => "present").percent).toBeNull();
  });
});
