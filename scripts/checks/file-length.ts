import type { Rule } from "./rule.ts";

const EXPLAIN_ABOVE = 300;
const SPLIT_ABOVE = 500;

/** A file holds one concept. */
export const fileLength: Rule = {
  name: "file-length",
  promise: `no source file has more than ${SPLIT_ABOVE} lines`,
  find: (project) =>
    project.files
      .filter((file) => /\.(ts|tsx|mjs|cjs|js|sol|css)$/.test(file))
      .flatMap((file) => {
        const lines = project.read(file).trimEnd().split("\n").length;
        if (lines > SPLIT_ABOVE) return [{ file, message: `${lines} lines: split it, it holds more than one concept` }];
        if (lines > EXPLAIN_ABOVE)
          return [{ file, message: `${lines} lines: does it hold two concepts?`, warning: true }];
        return [];
      }),
};
