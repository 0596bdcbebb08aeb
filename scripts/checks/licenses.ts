import { z } from "zod";

import type { Rule } from "./rule.ts";

/** Licences under which everybody may use, change and pass on. MPL-2.0 binds changes to its own files only. */
const FREE = new Set([
  "0BSD",
  "Apache-2.0",
  "Apache-2.0 WITH LLVM-exception",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "CC-BY-3.0",
  "CC-BY-4.0",
  "ISC",
  "MIT",
  "MIT-0",
  "MPL-2.0",
  "PostgreSQL",
  "Python-2.0",
  "Unlicense",
  "WTFPL",
]);

/** Free as well, but they bind what is passed on together with the package: for tests and measurements alone. */
const FREE_IN_DEVELOPMENT = new Set(["LGPL-3.0", "LGPL-3.0-only", "LGPL-3.0-or-later"]);

const packageSchema = z.looseObject({ license: z.string().optional(), dev: z.boolean().optional() });
const lockSchema = z.object({ packages: z.record(z.string(), packageSchema) });

/** Every dependency is freely licensed. */
export const licenses: Rule = {
  name: "licenses",
  promise: "every package that is installed has a free licence; one that binds others is for development alone",
  find: (project) => {
    const { packages } = lockSchema.parse(JSON.parse(project.read("package-lock.json")));
    return Object.entries(packages)
      .filter(([path, { license, dev }]) => {
        return path.startsWith("node_modules/") && license !== undefined && !isFree(license, dev === true);
      })
      .map(([path, { license }]) => ({
        file: "package-lock.json",
        message: `${path}: ${license ?? ""} is no free licence`,
      }));
  },
};

/** Reads an SPDX expression: one free side of an OR is enough, every side of an AND is needed. */
function isFree(expression: string, inDevelopment: boolean): boolean {
  const free = (id: string): boolean => FREE.has(id) || (inDevelopment && FREE_IN_DEVELOPMENT.has(id));
  const plain = expression.replace(/[()]/g, "");
  return plain.split(/\s+OR\s+/).some((option) => option.split(/\s+AND\s+/).every((id) => free(id.trim())));
}
