import { matchingLines, RULE_EXAMPLES, type Rule } from "./rule.ts";

/** Folders of one person's machine. `/usr`, `/etc` and the like are the same everywhere. */
const MACHINE_PATH = /(?:^|[\s"'`(=:[])(\/(?:home|root|work|Users)\/[\w.-]+|[A-Z]:\\{1,2}Users\\)/;
const REGISTRY = /\b(?:registry\.[\w-]+\.[a-z]{2,}|[\w.-]+\.(?:jfrog\.io|pkg\.dev)|npm\.pkg\.github\.com)\b/;
const BINARY = /\.(png|jpg|gif|ico|woff2?|pdf|wasm|zip|gz)$/;

/** A clone works anywhere: it names no machine's folders and no package registry. */
export const machinePaths: Rule = {
  name: "machine-paths",
  promise: "no tracked file names a folder of one machine or the host of a package registry",
  find: (project) =>
    project.files
      .filter((file) => !BINARY.test(file) && file !== RULE_EXAMPLES)
      .flatMap((file) => {
        const text = project.read(file);
        return [
          ...matchingLines(text, MACHINE_PATH).map(({ line, match }) => ({
            file,
            line,
            message: `${match[1] ?? ""} exists on one machine only: use a path relative to the project`,
          })),
          ...matchingLines(text, REGISTRY).map(({ line, match }) => ({
            file,
            line,
            message: `${match[0]} is a package registry: whoever installs chooses their own`,
          })),
        ];
      }),
};
