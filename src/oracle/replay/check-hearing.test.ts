import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  commitmentBy,
  epoch,
  keccak,
  observationWith,
  operators,
  sampleEvidence,
  seal,
  sign,
} from "../../../test/support/evidence-bundle.ts";
import { writeBundleDirectory, type SealedBundle } from "../bundle/bundle-directory.ts";
import { openBundlePath } from "../bundle/bundle-source.ts";
import type { HeldEvidence } from "../bundle/compose-bundle.ts";
import { replayEpoch, type Replay } from "./replay-epoch.ts";

let held: HeldEvidence;
let directory: string;

beforeAll(async () => {
  held = await sampleEvidence();
});
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mandate-hearing-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function replayOf(sealed: SealedBundle): Promise<Replay> {
  const path = join(directory, "epoch");
  await writeBundleDirectory(path, sealed);
  return replayEpoch({ epoch, keccak, source: await openBundlePath(path) });
}

describe("a replay of who committed to what, and who heard it", () => {
  const checkOf = (found: Replay, name: string) => found.checks.find((each) => each.name === name);
  /** Of four operators, what the last committed to was heard by so many, itself among them. */
  const lastHeardBy = (count: number, view = 0): Promise<HeldEvidence> =>
    sampleEvidence([], undefined, { hears: (seat, other) => other !== 3 || seat > 3 - count, view });

  it("given commitments that f + 1 heard, it says so", async () => {
    const found = await replayOf(await seal(await lastHeardBy(2)));
    expect(found.verdict).toBe("reproduced");
    expect(checkOf(found, "heard")?.detail).toBe("at least 2 operators heard in time what each of 4 committed to");
    expect(checkOf(found, "commitments")?.detail).toBe("4 of 4 included operators revealed what they had signed");
  });

  it("given one that f heard, and a report of the first view, it differs, and names the operator", async () => {
    const found = await replayOf(await seal(await lastHeardBy(1)));
    expect(found.verdict).toBe("differs");
    expect(found.difference).toMatch(/^heard: the report was committed to in view 0, of which the first 2 take only/);
    expect(found.difference).toContain(`not heard in time by 2: ${operators[3]}`);
  });

  it.each([
    [1, "differs", "differs"],
    [2, "ok", "reproduced"],
  ])(
    "given one that f heard, and a report of view %i, it is %s: from the third view on all may be included",
    async (view, status, verdict) => {
      const found = await replayOf(await seal(await lastHeardBy(1, view)));
      expect(found.verdict).toBe(verdict);
      expect(checkOf(found, "heard")).toMatchObject({
        status,
        detail: expect.stringContaining(operators[3] ?? "") as string,
      });
    },
  );

  it("given a deadline in which few views fit, only the first one is strict", async () => {
    const { opening, ...rest } = await lastHeardBy(1, 1);
    const short = await seal({ ...rest, opening: { ...opening, reportDeadlineSeconds: 7 } });
    expect(checkOf(await replayOf(short), "heard")?.status).toBe("ok");
  });

  it("given commits of f operators in the first view, it does not take them for an honest one's", async () => {
    const { messages, ...rest } = await lastHeardBy(1);
    const fewer = messages.filter(({ message }) => message.kind !== "commit" || message.operator === operators[0]);
    expect(checkOf(await replayOf(await seal({ ...rest, messages: fewer })), "heard")?.status).toBe("not-checked");
  });

  it("given an operator that signed a commitment to something else, it names both", async () => {
    const other = commitmentBy(2, observationWith());
    const found = await replayOf(await seal({ ...held, messages: [...held.messages, await sign(2, other)] }));
    expect(found.difference).toMatch(
      new RegExp(`^commitments: operator ${operators[2]} committed to ${other.commitment}, and revealed 0x`),
    );
  });

  it("given commitments that never came, the reveals alone show what was committed to", async () => {
    const messages = held.messages.filter(({ message }) => message.kind !== "commitment");
    const found = await replayOf(await seal({ ...held, messages }));
    expect(found.verdict).toBe("reproduced");
    expect(checkOf(found, "commitments")?.detail).toBe("0 of 4 included operators revealed what they had signed");
  });

  it("given a bundle from before observations were committed to, it is refused as one of other rules", async () => {
    const sealed = await seal(held);
    const text = sealed.text.replace("evidence-bundle/2", "evidence-bundle/1");
    await expect(replayOf({ ...sealed, text })).rejects.toMatchObject({ code: "BundleOfOtherRules" });
  });
});
