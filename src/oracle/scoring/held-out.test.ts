import { describe, expect, it } from "vitest";
import { heldOutCommitment, heldOutDocument, heldOutEntry } from "../../../test/support/held-out.ts";
import { exampleDefinition } from "../../../test/support/score-definition.ts";
import { countingIn, heldOutEntrySchema, isStillSecret, parseHeldOut, spanWindow } from "./held-out.ts";

const [probe] = heldOutDocument.probes;
const [check] = heldOutDocument.checks;
const probes = (count: number) => [
  ...heldOutDocument.probes,
  ...Array.from({ length: count - 2 }, (_, index) => ({ ...probe, name: `p${index}` })),
];

describe("a held-out document", () => {
  it("given it whole, its commitment is its hash", () => {
    expect(parseHeldOut(heldOutDocument)).toMatchObject({ ok: true, commitment: heldOutCommitment });
  });

  it.each([
    ["no salt", { salt: undefined }, "salt"],
    ["a short salt", { salt: "0x00" }, "salt"],
    ["no probe", { probes: [] }, "probes"],
    ["seventeen probes", { probes: probes(17) }, "probes"],
    ["a part that is no probe of it", { checks: [{ ...check, part: "gone" }] }, "no such probe"],
    ["a whole that is a metric", { checks: [{ ...check, whole: "delivery/commits" }] }, "no such probe"],
    ["two probes of one name", { probes: [probe, probe] }, "names must differ"],
    ["no check", { checks: [] }, "checks"],
    ["two checks of one name", { checks: [check, check] }, "names must differ"],
    ["a check that says what it detects", { checks: [{ ...check, detects: "burst" }] }, "detects"],
    ["a name with a colon", { checks: [{ ...check, name: "a:b" }] }, "name"],
    ["epochs that descend", { first: 4 }, "last"],
    ["more than a year of epochs", { first: 1, last: 54 }, "last"],
    ["epoch zero", { first: 0 }, "first"],
    [
      "a source that knows only the present",
      { probes: [{ ...probe, source: { kind: "http-json", url: "https://status.example/", pointer: "/n" } }] },
      "must take a window",
    ],
    ["something beside", { extra: 1 }, "extra"],
  ])("given %s, it is refused and says where", (_, changes, problem) => {
    const parsed = parseHeldOut({ ...heldOutDocument, ...changes });
    expect(parsed).toMatchObject({ ok: false, problem: expect.stringContaining(problem) as string });
  });

  it("given sixteen probes, or a span of 53 epochs, it is taken", () => {
    expect(parseHeldOut({ ...heldOutDocument, probes: probes(16), first: 1, last: 53 }).ok).toBe(true);
  });

  it("given its last epoch, it is secret until that has closed; a broken one stays secret, a definition never is", () => {
    expect(isStillSecret(heldOutDocument, 2)).toBe(true);
    expect(isStillSecret(heldOutDocument, 3)).toBe(false);
    expect(isStillSecret({ ...heldOutDocument, probes: [] }, 1_000)).toBe(true);
    expect(isStillSecret(exampleDefinition, 0)).toBe(false);
  });
});

describe("an entry of a definition", () => {
  it.each([
    [2, 0],
    [3, 1],
    [5, 1],
    [6, 0],
  ])("given epoch %i, %i count", (epoch, count) => {
    expect(countingIn([heldOutEntry], epoch)).toHaveLength(count);
  });

  it("given none, none counts", () => {
    expect(countingIn(undefined, 3)).toEqual([]);
  });

  it.each([
    [{ first: 4 }, false],
    [{ first: 3 }, true],
    [{ through: 2 }, false],
    [{ through: 3 }, true],
  ])("given %j, its order is held to", (changes, ok) => {
    expect(heldOutEntrySchema.safeParse({ ...heldOutEntry, ...changes }).success).toBe(ok);
  });

  it("given an epoch that is scored later, its time is that of its own epochs", () => {
    const scored = { epoch: 5, startSeconds: 1_400, endSeconds: 1_500 };
    expect(spanWindow(heldOutEntry, scored)).toEqual({ epoch: 3, startSeconds: 1_100, endSeconds: 1_300 });
    expect(spanWindow({ first: 5, last: 5 }, scored)).toEqual(scored);
  });
});
