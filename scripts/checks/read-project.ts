import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Project } from "./rule.ts";

/** The project on disk: what git tracks or would add, and what the compiler built. */
export function readProject(root: string): Project {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const files = listed.split("\0").filter((path) => path !== "" && existsSync(join(root, path)));
  return {
    files: [...new Set(files)].sort(),
    artifacts: artifactsUnder(root, "artifacts/contracts"),
    read: (path) => readFileSync(join(root, path), "utf8"),
  };
}

function artifactsUnder(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".json"))
    .map((path) => `${folder}/${path.replaceAll("\\", "/")}`);
}
