import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { keccak256Text } from "../../core/keccak.ts";
import type { Leaf } from "../../core/merkle/leaf.ts";
import { ProjectList } from "../epochs/project-list.ts";
import type { EpochFacts } from "../scoring/evaluate-epoch.ts";
import { checkLeaves, factsIn } from "../replay/long-parts.ts";
import { bundleText } from "./bundle.ts";
import { factsPart, leavesPart } from "./long-lists.ts";
import { piecesOf, textOf } from "./part.ts";

const word = (index: number): Hex => keccak256Text(String(index));
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const leavesOf = (count: number): Leaf[] =>
  numbers(count).map((index) => ({
    ...{ project: word(index), definition: word(index % 3), grade: index % 5 },
    outcome: (["value", "missing", "refused"] as const)[index % 3] ?? "value",
    score: index % 2 === 0 ? 2n ** 64n - 1n : 0n,
  }));
const factsOf = (count: number): EpochFacts => ({
  ...{ epoch: 7, configuration: 3, configurationDigest: word(1), faults: 1, threshold: 10n ** 18n },
  projects: ProjectList.of(numbers(count).map((index) => ({ project: word(index), definition: word(index % 3) }))),
});
const bytesOf = (text: string): Buffer => Buffer.from(text);
const malformed = expect.objectContaining({ code: "BundleMalformed" }) as unknown;

describe("long lists as parts", () => {
  it.each([0, 1, 2, 999, 1_000, 1_001, 2_000])(
    "given %i entries, their text is that of the whole document",
    (count) => {
      expect(textOf(leavesPart(leavesOf(count)))).toBe(bundleText(leavesOf(count)));
      expect(textOf(factsPart(factsOf(count)))).toBe(bundleText(factsOf(count)));
    },
  );

  it("given many entries, no piece has more than a thousand of them", () => {
    for (const piece of piecesOf(leavesPart(leavesOf(3_500)))) {
      expect(piece.split("project").length - 1).toBeLessThanOrEqual(1_000);
    }
  });

  it.each([0, 1, 1_001])("given %i entries, they are read as they were written", (count) => {
    const facts = factsOf(count);
    expect(factsIn("facts", bytesOf(bundleText(facts)))).toEqual(facts);
    expect(() => checkLeaves("leaves", bytesOf(bundleText(leavesOf(count))))).not.toThrow();
  });
});

describe("texts that are no leaves", () => {
  const [leaf] = leavesOf(1).map((each) => bundleText(each));
  it.each<[string, string]>([
    ["nothing", ""],
    ["no list", "{}"],
    ["no end", `[${leaf}`],
    ["no begin", `${leaf}]`],
    ["something before it", ` [${leaf}]`],
    ["something behind it", `[${leaf}] `],
    ["a comma too many", `[${leaf},]`],
    ["no comma", `[${leaf}${leaf}]`],
    ["a space", `[${leaf}, ${leaf}]`],
    ["an entry that is cut off", `[${leaf?.slice(0, -1)}]`],
    ["members in another order", `[${JSON.stringify({ ...leavesOf(1)[0], score: "1" })}]`],
    ["a member more", `[${leaf?.replace("{", '{"a":1,')}]`],
    ["a member less", `[${leaf?.replace(/"grade":\d,/, "")}]`],
    ["a number in another form", `[${leaf?.replace('"grade":0', '"grade":0.0')}]`],
    ["an outcome that does not exist", `[${leaf?.replace('"value"', '"other"')}]`],
    ["letters beyond ASCII", `[${leaf?.replace('"value"', '"välue"')}]`],
  ])("given %s, it is refused", (_, text) => {
    expect(() => checkLeaves("leaves", bytesOf(text))).toThrow(malformed);
  });
});

describe("texts that are no facts", () => {
  const text = bundleText(factsOf(2));
  it.each<[string, string]>([
    ["no list of projects", "{}"],
    ["projects that are no list", text.replace(/"projects":\[.*\]/, '"projects":{}')],
    ["no end of the list", text.replace("]", "")],
    [
      "a project twice",
      bundleText({ ...factsOf(0), projects: [0, 0].map((index) => ({ project: word(index), definition: word(1) })) }),
    ],
    ["a member more", text.replace("{", '{"a":1,')],
    ["another list before it", text.replace("{", '{"a":[],')],
    ["a member less", text.replace('"faults":1,', "")],
    ["a space", text.replace('"faults":1,', '"faults":1, ')],
    ["something behind it", `${text} `],
    ["a project with more members", text.replace('"project":', '"more":1,"project":')],
  ])("given %s, it is refused", (_, changed) => {
    expect(changed).not.toBe(text);
    expect(() => factsIn("facts", bytesOf(changed))).toThrow(malformed);
  });
});
