import { z } from "zod";

import { missingPlatformPackages } from "../complete-lock.mjs";
import type { Finding, Rule } from "./rule.ts";

const versionsSchema = z.record(z.string(), z.string()).default({});
const manifestSchema = z.object({ dependencies: versionsSchema, devDependencies: versionsSchema });
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({
      version: z.string().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      link: z.boolean().optional(),
      optional: z.boolean().optional(),
      dev: z.boolean().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

const FILE = "package-lock.json";

/** The lock file installs the same everywhere, and says nothing of where it was made. */
export const lockFile: Rule = {
  name: "lock-file",
  promise: "versions are exact, and the lock file is complete, in step with package.json, and names no registry",
  find: (project) => {
    const manifest = manifestSchema.parse(JSON.parse(project.read("package.json")));
    const lock = lockSchema.parse(JSON.parse(project.read(FILE)));
    const declared = { ...manifest.dependencies, ...manifest.devDependencies };
    const finding = (message: string): Finding => ({ file: FILE, message });
    return [
      ...Object.entries(declared)
        .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        .map(([name, version]) => ({ file: "package.json", message: `${name}: "${version}" is no exact version` })),
      ...Object.entries(declared)
        .filter(([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version)
        .map(([name, version]) => finding(`${name} is not locked at ${version}: run \`npm install\``)),
      ...Object.entries(lock.packages)
        .filter(([, entry]) => entry.resolved !== undefined && entry.link !== true)
        .map(([path]) => finding(`${path} names where it was fetched: .npmrc was not in effect, lock it again`)),
      ...Object.entries(lock.packages)
        .filter(
          ([path, entry]) => path.startsWith("node_modules/") && entry.link !== true && entry.version === undefined,
        )
        .map(([path]) => finding(`${path} has no version`)),
      ...Object.entries(lock.packages)
        .filter(([path, entry]) => path.startsWith("node_modules/") && entry.link !== true && !hasHash(entry))
        .map(([path]) => finding(`${path} has no integrity hash`)),
      ...missingPlatformPackages(lock).map(({ name }) =>
        finding(`${name} is missing, so that \`npm ci\` refuses the lock file: run \`node scripts/complete-lock.mjs\``),
      ),
    ];
  },
};

/** Platform packages that complete-lock.mjs added have none: the registry in use could not tell it. */
function hasHash({ integrity, optional }: { integrity?: string | undefined; optional?: boolean | undefined }): boolean {
  return integrity !== undefined || optional === true;
}
