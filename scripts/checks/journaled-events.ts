import { matchingLines, type Rule } from "./rule.ts";
import { withoutComments } from "./solidity-text.ts";

/** Every event passes through the journal, or the journal head would prove nothing. */
export const journaledEvents: Rule = {
  name: "journaled-events",
  promise: "only contracts/journal emits events, so that the journal's head covers all of them",
  find: (project) =>
    project.files
      .filter((file) => /^contracts\/.*\.sol$/.test(file) && !/^contracts\/(journal|mocks)\//.test(file))
      .flatMap((file) =>
        matchingLines(withoutComments(project.read(file), { keepStrings: false }), /\bemit\s+\w+|\blog[0-4]\s*\(/).map(
          ({ line, match }) => ({
            file,
            line,
            message: `"${match[0].trim()}" writes an event past the journal: use the journal's function`,
          }),
        ),
      ),
};
