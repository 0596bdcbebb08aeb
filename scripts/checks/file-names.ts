import type { Rule } from "./rule.ts";

const SAYS_NOTHING = /(^|\/)(utils?|helpers?|common|misc)(\/|\.[a-z.]+$)/i;
const KEBAB_CASE = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;

/** A file is named after what it holds. */
export const fileNames: Rule = {
  name: "file-names",
  promise: "no file is called utils, helpers, common or misc; TypeScript and JavaScript files are in kebab-case",
  find: (project) =>
    project.files.flatMap((file) => {
      const name = file.split("/").at(-1) ?? file;
      if (SAYS_NOTHING.test(file)) return [{ file, message: "this name says nothing: name it after what it holds" }];
      if (/\.(ts|tsx|mjs|cjs|js)$/.test(name) && !KEBAB_CASE.test(name)) return [{ file, message: "use kebab-case" }];
      return [];
    }),
};
