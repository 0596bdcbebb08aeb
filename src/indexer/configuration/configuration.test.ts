import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configurationKeys, loadIndexerConfiguration } from "./configuration.ts";
import { temporaryDirectory } from "../../../test/support/temporary-directory.ts";

function file(text: string): string {
  const path = join(temporaryDirectory("mandate-configuration"), "indexer.yaml");
  writeFileSync(path, text);
  return path;
}

const least = "chainId: 1\nrpcUrl: http://localhost:1\ndeployment: deployment.json\nlisten: { port: 0 }\n";

describe("the indexer's configuration", () => {
  it("given the least, it fills in the rest, and finds files beside itself", () => {
    const path = file(least);
    expect(loadIndexerConfiguration(path)).toMatchObject({
      deployment: path.replace("indexer.yaml", "deployment.json"),
      listen: { host: "127.0.0.1", port: 0 },
      pollMs: 200,
      gateway: null,
      evidenceStore: null,
    });
  });

  it.each([`${least}unknown: 1\n`, "chainId: 1\n", least.replace("chainId: 1", "chainId: one"), "{"])(
    "given something else, it says where",
    (text) => {
      expect(() => loadIndexerConfiguration(file(text))).toThrow(
        expect.objectContaining({ code: "ConfigurationInvalid", kind: "input" }),
      );
    },
  );

  it("documents every key", () => {
    const text = readFileSync(new URL("../../../docs/spec/data-layer.md", import.meta.url), "utf8");
    expect(configurationKeys.filter((key) => !text.includes(`\`${key}`))).toEqual([]);
  });
});
