import { documentHash } from "../../src/core/documents/document-hash.ts";
import { exampleDefinition, half } from "./score-definition.ts";

/** Checks that were held back over epochs 2 and 3: how many commits stayed, of those that there were. */
export const heldOutDocument = {
  kind: "mandate.held-out/1",
  salt: documentHash("test salt"),
  first: 2,
  last: 3,
  probes: [
    {
      name: "kept",
      source: { kind: "git", repository: "kept", branch: "main", measure: "commits" },
      decimals: 0,
    },
    {
      name: "all",
      source: { kind: "git", repository: "site", branch: "main", measure: "commits" },
      decimals: 0,
    },
  ],
  checks: [{ name: "commits-stay", part: "kept", whole: "all", limit: { atLeast: half } }],
};

export const heldOutCommitment = documentHash(heldOutDocument);

export const heldOutEntry = { commitment: heldOutCommitment, first: 2, last: 3, through: 5 };

/** The example definition, committed to them. */
export const committedDefinition = { ...exampleDefinition, heldOut: [heldOutEntry] };
