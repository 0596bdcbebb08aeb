/** The project as a rule sees it. */
export interface Project {
  /** Paths of the files that git tracks or would add, relative to the project, with forward slashes. */
  readonly files: readonly string[];
  /** Paths of the compiled contracts' artifacts. */
  readonly artifacts: readonly string[];
  read(path: string): string;
}

/** Where and how the project breaks a rule. */
export interface Finding {
  readonly file: string;
  /** Counted from 1; absent where the whole file is meant. */
  readonly line?: number;
  readonly message: string;
  /** A warning is printed and does not fail the check. */
  readonly warning?: boolean;
}

/** A rule of the project as code. Pure but for `Project.read`. */
export interface Rule {
  readonly name: string;
  /** One sentence: what holds when the rule is kept. */
  readonly promise: string;
  find(project: Project): Finding[];
}

/** The rules' own test, which breaks each rule on purpose. */
export const RULE_EXAMPLES = "scripts/checks/rules.test.ts";

/** A project that exists only in memory, for the rules' own tests. */
export function projectOf(contents: Readonly<Record<string, string>>): Project {
  const paths = Object.keys(contents);
  const isArtifact = (path: string): boolean => path.startsWith("artifacts/");
  return {
    files: paths.filter((path) => !isArtifact(path)),
    artifacts: paths.filter(isArtifact),
    read: (path) => {
      const content = contents[path];
      if (content === undefined) throw new Error(`no such file: ${path}`);
      return content;
    },
  };
}

/** The lines of a text that match, with their numbers. */
export function matchingLines(text: string, pattern: RegExp): { line: number; match: RegExpExecArray }[] {
  return text.split("\n").flatMap((content, index) => {
    const match = pattern.exec(content);
    return match ? [{ line: index + 1, match }] : [];
  });
}
