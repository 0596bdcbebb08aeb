import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Artifact, ArtifactResolver, BuildInfo } from "@nomicfoundation/ignition-core";
import { MandateError } from "../src/core/errors/mandate-error.ts";

interface Parameter {
  readonly type: string;
  readonly components?: readonly Parameter[];
}

/** Public functions of libraries may take types that no ABI has, such as a contract's; only solc links those. */
function isPlain({ type, components = [] }: Parameter): boolean {
  return /^[a-z]/.test(type) && components.every(isPlain);
}

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
    const artifact = JSON.parse(readFileSync(path, "utf8")) as Artifact; // Hardhat's own output
    const abi = artifact.abi.filter(({ inputs = [] }: { inputs?: Parameter[] }) => inputs.every(isPlain));
    return Promise.resolve({ ...artifact, abi });
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
