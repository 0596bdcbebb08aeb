import { posix } from "node:path";

import type { Finding, Rule } from "./rule.ts";
import { withoutComments } from "./solidity-text.ts";

/** Folders of `contracts/` that every implementation may use. */
const SHARED = ["types", "libraries", "journal"];

/** An `IX.sol` imports only types and interfaces; an implementation never imports another domain's implementation. */
export const contractImports: Rule = {
  name: "contract-imports",
  promise: "an interface imports only types and interfaces; no contract imports another domain's implementation",
  find: (project) =>
    project.files
      .filter((file) => /^contracts\/.*\.sol$/.test(file) && domainOf(file) !== "mocks")
      .flatMap((file) => {
        const text = withoutComments(project.read(file));
        return [...text.matchAll(/^[ \t]*import\b[^"']*["']([^"']+)["']/gm)].flatMap((match) =>
          judge(file, match[1] ?? "", text.slice(0, match.index).split("\n").length),
        );
      }),
};

function judge(file: string, specifier: string, line: number): Finding[] {
  const fromOutside = !specifier.startsWith(".");
  const target = fromOutside ? specifier : posix.normalize(posix.join(posix.dirname(file), specifier));
  const to = domainOf(target);
  if (isInterface(file)) {
    if (isInterface(target) || (!fromOutside && to === "types")) return [];
    return [{ file, line, message: `an interface imports only contracts/types and interfaces, not ${target}` }];
  }
  if (fromOutside) {
    if (target.startsWith("@openzeppelin/contracts/")) return [];
    return [{ file, line, message: `contracts build on OpenZeppelin and on nothing else: not ${target}` }];
  }
  if (to === domainOf(file) || SHARED.includes(to) || isInterface(target)) return [];
  return [{ file, line, message: `${target} is another domain's implementation: import its interface` }];
}

function domainOf(path: string): string {
  return path.split("/")[1] ?? "";
}

function isInterface(path: string): boolean {
  return /\/I[A-Z][A-Za-z0-9]*\.sol$/.test(path);
}
