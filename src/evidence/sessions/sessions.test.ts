import { describe, expect, it } from "vitest";
import { Sessions } from "./sessions.ts";

const signer = `0x${"ab".repeat(20)}` as const;

function begin(lifetimeSeconds = 60) {
  const clock = { ms: 1_000 };
  const sessions = new Sessions({
    clock: { nowMs: () => clock.ms, sleep: () => Promise.resolve() },
    lifetimeSeconds,
  });
  return { sessions, clock };
}

describe("sessions", () => {
  it.each([
    [-1, signer],
    [0, undefined],
  ])("given its end %i ms away, a session's signer is %s", (offset, expected) => {
    const { sessions, clock } = begin();
    const { token, expiresAtMs } = sessions.open(signer);
    expect(expiresAtMs).toBe(61_000);
    clock.ms = expiresAtMs + offset;
    expect(sessions.signerOf(token)).toBe(expected);
  });

  it("given a closed one, or a token that was never given out, there is no session", () => {
    const { sessions } = begin();
    const { token } = sessions.open(signer);
    sessions.close(token);
    expect([sessions.signerOf(token), sessions.signerOf("0".repeat(64))]).toEqual([undefined, undefined]);
  });

  it("given a flood, the oldest give way", () => {
    const { sessions } = begin();
    const first = sessions.open(signer).token;
    const second = sessions.open(signer).token;
    for (let n = 0; n < 9_999; n += 1) sessions.open(signer);
    expect([sessions.signerOf(first), sessions.signerOf(second)]).toEqual([undefined, signer]);
  });
});
