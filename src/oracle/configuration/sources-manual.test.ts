import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { adapterVersions, sourceSpecification } from "../sources/source-specification.ts";
import { loadOperatorConfiguration } from "./operator-configuration.ts";
import { egressSchema, sourcesSchema } from "./sources-configuration.ts";

const manual = readFileSync(new URL("../../../docs/operations/oracle-sources.md", import.meta.url), "utf8");

function examples(language: string): readonly string[] {
  return [...manual.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map((match) => match[1] ?? "");
}

describe("the manual of sources", () => {
  it("given its examples, each is a source, and every adapter has one under its name", () => {
    const kinds = examples("json").map((text) => sourceSpecification.parse(JSON.parse(text)).kind);
    expect([...new Set(kinds)].sort()).toEqual(Object.keys(adapterVersions).sort());
    for (const kind of kinds) expect(manual).toContain(`### \`${kind}\``);
  });

  it("given its configuration, it is read, with files found beside it", () => {
    const directory = mkdtempSync(join(tmpdir(), "mandate-manual-"));
    const path = join(directory, "operator.yaml");
    writeFileSync(path, examples("yaml")[0] ?? "");
    const { egress, sources } = loadOperatorConfiguration(path);
    expect(egress.allowPrivate).toHaveLength(2);
    expect(sources.repositories).toEqual({ site: join(directory, "repositories/site") });
    expect(sources.directories).toEqual({ events: "/var/log/shop" });
    expect(sources.databases["billing"]?.password).toEqual({ file: join(directory, "secrets/billing") });
    expect(sources.credentials).toEqual({
      "https://api.github.com": { header: "authorization", prefix: "Bearer ", secret: { env: "GITHUB_TOKEN" } },
      "http://prometheus.internal:9090": {
        header: "x-api-key",
        prefix: "",
        secret: { file: join(directory, "secrets/prometheus") },
      },
    });
    rmSync(directory, { recursive: true });
  });

  it("given every key of the configuration of sources, it is explained", () => {
    const keys = [
      ...Object.keys(egressSchema.shape).map((key) => `egress.${key}`),
      ...Object.keys(sourcesSchema.shape).map((key) => `sources.${key}`),
    ];
    expect(keys.filter((key) => !manual.includes(`| \`${key}\` |`))).toEqual([]);
  });
});
