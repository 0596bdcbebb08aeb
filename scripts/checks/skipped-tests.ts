import { RULE_EXAMPLES, type Finding, type Rule } from "./rule.ts";
import { withoutComments } from "./solidity-text.ts";

const FORBIDDEN: readonly { pattern: RegExp; message: string }[] = [
  {
    pattern: /\b(?:describe|suite|it|test|bench)\.only\b/g,
    message: "runs alone: every other test is silently left out",
  },
  {
    pattern: /\b(?:describe|suite|it|test)\.(?:skip|todo|skipIf|runIf|fails)\b|\bx(?:it|describe)\(/g,
    message: 'prints no reason: call skip("why") on the test\'s context',
  },
  { pattern: /\.skip\(\s*\)/g, message: 'prints no reason: give one, skip("why")' },
  { pattern: /\bvm\.skip\(\s*\w+\s*\)/g, message: 'prints no reason: give one, vm.skip(true, "why")' },
];

/** A test that does not run says why, where everybody sees it. */
export const skippedTests: Rule = {
  name: "skipped-tests",
  promise: "no test runs alone, and none is skipped without a printed reason",
  find: (project) =>
    project.files
      .filter((file) => (/\.test\.tsx?$/.test(file) || /^test\/.*\.(ts|sol)$/.test(file)) && file !== RULE_EXAMPLES)
      .flatMap((file) => findIn(file, withoutComments(project.read(file), { keepStrings: false }))),
};

function findIn(file: string, text: string): Finding[] {
  return FORBIDDEN.flatMap(({ pattern, message }) =>
    [...text.matchAll(pattern)].map((match) => ({
      file,
      line: text.slice(0, match.index).split("\n").length,
      message: `${match[0]} ${message}`,
    })),
  );
}
