import { describe, expect, it } from "vitest";
import { keccak256Text } from "../../core/keccak.ts";
import { checkFileHash } from "./file-hash.ts";

const file = (name: string, content: string) => ({ name, contentBase64: Buffer.from(content).toString("base64") });
const specification = {
  kind: "file-hash" as const,
  files: [
    { name: "report.pdf", keccak256: keccak256Text("report") },
    { name: "data.csv", keccak256: keccak256Text("data") },
  ],
};

describe("checkFileHash", () => {
  it("given exactly the specified files, it is met in any order, with one manifest", () => {
    const verdict = checkFileHash(specification, [file("data.csv", "data"), file("report.pdf", "report")]);
    expect(verdict).toEqual({ met: true, manifest: specification });
  });

  it.each([
    [[file("report.pdf", "report")], "data.csv is missing"],
    [[file("report.pdf", "Report"), file("data.csv", "data")], /^report\.pdf has the hash 0x/],
    [[file("report.pdf", "report"), file("data.csv", "data"), file("x", "")], /does not name/],
    [[file("report.pdf", "report"), file("report.pdf", "report")], /occurs twice/],
  ])("given other files, it says which", (files, problem) => {
    const verdict = checkFileHash(specification, files);
    expect(verdict).toMatchObject({ met: false });
    expect("problem" in verdict && verdict.problem).toMatch(problem);
  });
});
