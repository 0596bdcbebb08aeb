import { describe, expect, it } from "vitest";
import { DisagreementWatch, type DisagreementAlert } from "./disagreement-watch.ts";

describe("DisagreementWatch", () => {
  it("given contradictions, it alerts once, counts them, and forgets them ten minutes after the last", () => {
    let nowMs = 0;
    const told: DisagreementAlert[] = [];
    const watch = new DisagreementWatch({ nowMs: () => nowMs, sleep: () => Promise.resolve() }, (each) =>
      told.push(each),
    );
    const alert = (count: number) => ({ type: "rpc-disagreement", endpoint: "a.example", method: "eth_call", count });
    for (const atMs of [0, 599_999, 1_199_998]) {
      nowMs = atMs;
      watch.note({ endpoint: "a.example", method: "eth_call" });
    }
    expect(watch.alerts).toEqual([alert(3)]);
    expect(told).toEqual([alert(1)]);
    nowMs += 599_999;
    expect(watch.alerts).toHaveLength(1);
    nowMs += 1;
    expect(watch.alerts).toEqual([]);
    watch.note({ endpoint: "a.example", method: "eth_call" });
    expect(told).toEqual([alert(1), alert(1)]);
  });
});
