import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { keccak256Text } from "../../core/keccak.ts";
import type { Leaf } from "../../core/merkle/leaf.ts";
import { ProjectList } from "../epochs/project-list.ts";
import type { EpochFacts } from "../scoring/evaluate-epoch.ts";
import { factsReader, leavesReader, type PartReader, type StatedLeaves } from "../replay/long-parts.ts";
import { packLeaves } from "../tree/packed-leaves.ts";
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
/** What is read of a text that arrives in chunks of a size. */
function readIn<Content>(reader: PartReader<Content>, bytes: Buffer, size: number): Content {
  for (let start = 0; start < bytes.length; start += size) reader.push(bytes.subarray(start, start + size));
  return reader.end();
}
const factsIn = (bytes: Buffer, size = 1_000): EpochFacts => readIn(factsReader("facts"), bytes, size);
const leavesIn = (bytes: Buffer, size = 1_000): StatedLeaves => readIn(leavesReader("leaves"), bytes, size);
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
    const leaves = packLeaves(leavesOf(count));
    for (const size of [1, 7, 200, 2 ** 20]) {
      expect(factsIn(bytesOf(bundleText(facts)), size)).toEqual(facts);
      expect(leavesIn(bytesOf(bundleText([...leaves])), size).differenceTo(leaves)).toBeUndefined();
    }
  });
});

describe("leaves as a bundle states them", () => {
  const computed = packLeaves(leavesOf(1_200));
  const differenceTo = (stated: readonly Leaf[]): string | undefined =>
    leavesIn(bytesOf(bundleText(stated))).differenceTo(computed);
  const texts = [...computed].map((each) => bundleText(each));

  it.each<[string, (leaves: Leaf[]) => Leaf[], string]>([
    ["without the last", (leaves) => leaves.slice(0, -1), `leaf 1199: expected ${texts[1_199]}, found none`],
    ["with one more", (leaves) => [...leaves, ...leaves.slice(0, 1)], `leaf 1200: expected none, found ${texts[0]}`],
    ["in another order", (leaves) => leaves.toReversed(), `leaf 0: expected ${texts[0]}, found ${texts[1_199]}`],
    [
      "with a score that no leaf has",
      (leaves) => leaves.map((leaf, index) => (index === 7 ? { ...leaf, score: 2n ** 64n } : leaf)),
      `leaf 7: expected ${texts[7]}, found ${texts[7]?.replace(/"score":"\d+"/, `"score":"${2n ** 64n}"`)}`,
    ],
  ])("given them %s, it says where they differ, with both texts", (_, change, difference) => {
    expect(differenceTo(change([...computed]))).toBe(difference);
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
    ["an entry of which there is no end", `[${leaf?.replace('"score":"', `"score":"${"1".repeat(5_000)}`)}`],
    ["letters beyond ASCII", `[${leaf?.replace('"value"', '"välue"')}]`],
  ])("given %s, it is refused", (_, text) => {
    for (const size of [1, 1_000, 2 ** 20]) expect(() => leavesIn(bytesOf(text), size)).toThrow(malformed);
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
    for (const size of [1, 1_000]) expect(() => factsIn(bytesOf(changed), size)).toThrow(malformed);
  });
});
