import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configurationKeys, loadEvidenceConfiguration } from "./configuration.ts";
import { temporaryDirectory } from "../../../test/support/temporary-directory.ts";

function file(text: string): string {
  const path = join(temporaryDirectory("mandate-configuration"), "evidence.yaml");
  writeFileSync(path, text);
  return path;
}

const vault = `0x${"ab".repeat(20)}`;
const least = `chainId: 1\nrpcUrl: http://localhost:1\nvault: "${vault}"\ndirectory: state\nlisten: { port: 0 }\n`;

describe("the evidence store's configuration", () => {
  it("given the least, it fills in the rest, and finds its directory beside itself", () => {
    const path = file(least);
    expect(loadEvidenceConfiguration(path)).toMatchObject({
      directory: path.replace("evidence.yaml", "state"),
      largestBytes: 10_485_760,
      totalBytes: 10_737_418_240,
      milestoneBytes: 209_715_200,
      milestoneRecords: 1_000,
      challengeBytes: 262_144,
      sessionSeconds: 3_600,
    });
  });

  it.each([1, 104_857_600])("given a largest size of %i bytes, it is taken", (largestBytes) => {
    expect(loadEvidenceConfiguration(file(`${least}largestBytes: ${largestBytes}\n`))).toMatchObject({ largestBytes });
  });

  it.each([1, 1_048_576])("given a largest evidence of a challenge of %i bytes, it is taken", (challengeBytes) => {
    const text = `${least}challengeBytes: ${challengeBytes}\nchallenges: "${vault}"\n`;
    expect(loadEvidenceConfiguration(file(text))).toMatchObject({ challengeBytes, challenges: vault });
  });

  it.each([
    `${least}unknown: 1\n`,
    `${least}largestBytes: 0\n`,
    `${least}largestBytes: 104857601\n`,
    "chainId: 1\n",
    `${least}challengeBytes: 0\n`,
    `${least}challengeBytes: 1048577\n`,
    `${least}challenges: here\n`,
  ])("given something else, it says where", (text) => {
    expect(() => loadEvidenceConfiguration(file(text))).toThrow(
      expect.objectContaining({ code: "ConfigurationInvalid", kind: "input" }),
    );
  });

  it("documents every key", () => {
    const text = readFileSync(new URL("../../../docs/operations/evidence.md", import.meta.url), "utf8");
    expect(configurationKeys.filter((key) => !text.includes(`\`${key}`))).toEqual([]);
  });
});
