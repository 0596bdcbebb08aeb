import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Artifact, ArtifactResolver, BuildInfo } from "@nomicfoundation/ignition-core";
import { MandateError } from "../src/core/errors/mandate-error.ts";

/** Finds compiled contracts by name below Hardhat's `artifacts/`. */
export function artifactsIn(directory: string): ArtifactResolver {
  const paths = new Map<string, string>();
  if (existsSync(directory)) {
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith(".json") || entry.parentPath.includes("build-info")) continue;
      paths.set(entry.name.slice(0, -".json".length), join(entry.parentPath, entry.name));
    }
  }
  const loadArtifact = (name: string): Promise<Artifact> => {
    const path = paths.get(name);
    if (path === undefined) {
      throw new MandateError("ArtifactMissing", `the contract ${name} is not compiled`, {
        kind: "environment",
        data: { name, directory },
        remedy: "Compile first: npm run compile.",
      });
    }
    return Promise.resolve(JSON.parse(readFileSync(path, "utf8")) as Artifact); // Hardhat's own output
  };
  return {
    loadArtifact,
    getBuildInfo: async (name): Promise<BuildInfo | undefined> => {
      const { buildInfoId } = await loadArtifact(name);
      const path = join(directory, "build-info", `${buildInfoId}.json`);
      return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as BuildInfo) : undefined;
    },
  };
}
