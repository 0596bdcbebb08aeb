import { describe, expect, it } from "vitest";
import { Nonces } from "./nonces.ts";

const at = (clock: { ms: number }) => new Nonces({ nowMs: () => clock.ms, sleep: () => Promise.resolve() });

describe("nonces", () => {
  it("given an issued one, it is good once", () => {
    const nonces = at({ ms: 0 });
    const { nonce } = nonces.issue();
    expect([nonces.use(nonce), nonces.use(nonce)]).toEqual([true, false]);
  });

  it("given one that was not issued, it is not good", () => {
    expect(at({ ms: 0 }).use("0123456789abcdef")).toBe(false);
  });

  it.each([
    [-1, true],
    [0, false],
    [1, false],
  ])("given its last moment %i ms away, good is %s", (offset, good) => {
    const clock = { ms: 5 };
    const nonces = at(clock);
    const { nonce, expiresAtMs } = nonces.issue();
    clock.ms = expiresAtMs + offset;
    expect(nonces.use(nonce)).toBe(good);
  });

  it("given a flood, the oldest give way", () => {
    const nonces = at({ ms: 0 });
    const first = nonces.issue().nonce;
    for (let n = 0; n < 10_000; n += 1) nonces.issue();
    expect(nonces.use(first)).toBe(false);
  });
});
