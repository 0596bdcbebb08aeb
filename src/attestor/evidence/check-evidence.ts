import { notMet, type Evidence, type EvidenceVerdict } from "./evidence.ts";
import { checkFileHash } from "./file-hash.ts";
import { checkGitTag } from "./git-tag.ts";
import { checkJsonAssertions } from "./json-assertions.ts";
import type { Specification } from "./specification.ts";

/** Local directories of the repositories that an attestor knows, by name. */
export type Repositories = Readonly<Record<string, string>>;

/** Whether `evidence` meets `specification`. */
export async function checkEvidence(
  specification: Specification,
  evidence: Evidence,
  repositories: Repositories,
): Promise<EvidenceVerdict> {
  if (specification.kind === "git-tag" && evidence.kind === "git-tag") {
    const directory = Object.hasOwn(repositories, specification.repository)
      ? repositories[specification.repository]
      : undefined;
    if (directory === undefined)
      return notMet(`this attestor does not know the repository ${specification.repository}`);
    return checkGitTag(specification, evidence.commit, directory);
  }
  if (specification.kind === "json-assertions" && evidence.kind === "json-assertions") {
    return checkJsonAssertions(specification, evidence.document);
  }
  if (specification.kind === "file-hash" && evidence.kind === "file-hash") {
    return checkFileHash(specification, evidence.files);
  }
  return notMet(`the specification wants evidence of kind ${specification.kind}, not ${evidence.kind}`);
}
