import { matchingLines, type Rule } from "./rule.ts";
import { withoutComments } from "./solidity-text.ts";

/** Solidity tests are compiled without optimization: what they make by `new` is not the code that is deployed. */
export const builtContracts: Rule = {
  name: "built-contracts",
  promise: "Solidity tests deploy what the build made, and never make a contract of the project by `new`",
  find: (project) =>
    project.files
      .filter((file) => /^test\/solidity\/.*\.sol$/.test(file))
      .flatMap((file) => {
        const text = withoutComments(project.read(file));
        const ours = new Set(
          [...text.matchAll(/import\s*\{([^}]*)\}\s*from\s*["'](?:\.\.\/)+contracts\//g)].flatMap(([, names = ""]) =>
            names.split(",").map(
              (name) =>
                name
                  .trim()
                  .split(/\s+as\s+/)
                  .at(-1) ?? "",
            ),
          ),
        );
        return matchingLines(text, /\bnew\s+([A-Z]\w*)\s*[({]/).flatMap(({ line, match: [, name = ""] }) =>
          ours.has(name) ? [{ file, line, message: `deploy("${name}", …) of test/solidity/support/Deploy.sol` }] : [],
        );
      }),
};
