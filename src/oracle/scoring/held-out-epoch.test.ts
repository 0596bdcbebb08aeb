import { describe, expect, it } from "vitest";
import { committedDefinition, heldOutCommitment, heldOutDocument } from "../../../test/support/held-out.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { ProjectList } from "../epochs/project-list.ts";
import { observationHash, type Observation, type ObservedMetric } from "../observations/observation.ts";
import { loadKeccakHasher } from "../tree/keccak-hasher.ts";
import { evaluateEpoch, type IncludedObservation, type ScoringDocuments } from "./evaluate-epoch.ts";
import { heldOutPrefix, parseHeldOut } from "./held-out.ts";
import { parseScoreDefinition } from "./score-definition.ts";

const keccak = await loadKeccakHasher();
const parsed = parseScoreDefinition(committedDefinition);
const secret = parseHeldOut(heldOutDocument);
if (!parsed.ok || !secret.ok) throw new Error("no document");
const { hash: definition } = parsed.known;
const hidden: ScoringDocuments = {
  definitions: new Map([[definition, parsed.known.definition]]),
  heldOut: new Map(),
};
const shown: ScoringDocuments = { ...hidden, heldOut: new Map([[heldOutCommitment, secret.heldOut]]) };
const prefix = heldOutPrefix(heldOutCommitment);

/** Four operators that read 8 commits in the epochs that were held back, of which `kept` stayed, as each of them says; undefined: it does not know of them. */
function observed(epoch: number, kept: readonly (string | undefined)[]): readonly IncludedObservation[] {
  const metric = (name: string, value: string): ObservedMetric =>
    value === "missing"
      ? { metric: name, outcome: "missing" }
      : { metric: name, outcome: "value", value, capture: documentHash(value) };
  return kept.map((each, index) => {
    const metrics = [metric("delivery/commits", "8"), metric("service/calls", "500"), metric("service/errors", "0")];
    if (each !== undefined) metrics.push(metric(`${prefix}kept`, each), metric(`${prefix}all`, "8"));
    const observation: Observation = {
      kind: "mandate.observation/1",
      configuration: documentHash("configuration"),
      epoch,
      block: { number: 9, hash: documentHash("block") },
      definitions: [{ definition, metrics }],
    };
    return { operator: `0x${String(index + 1).repeat(40)}`, hash: observationHash(observation), observation };
  });
}

function evaluate(epoch: number, kept: readonly (string | undefined)[], documents = shown) {
  const projects = ProjectList.of([{ project: documentHash("a"), definition }]);
  const facts = { epoch, configuration: 1, configurationDigest: documentHash("configuration"), faults: 1 };
  return evaluateEpoch({ ...facts, threshold: 1n, projects }, observed(epoch, kept), documents, keccak);
}

/** Grade and findings of the project. */
function judged(epoch: number, kept: readonly (string | undefined)[], documents = shown) {
  const evaluated = evaluate(epoch, kept, documents);
  if (!evaluated.ok) throw new Error(evaluated.definition);
  const [leaf] = evaluated.tree.leaves;
  return {
    score: leaf?.score,
    grade: leaf?.grade,
    findings: (evaluated.manifest.findings ?? []).flatMap((each) => each.findings),
  };
}

const untouched = judged(2, [undefined, undefined, undefined, undefined]);
const name = `held-out:${heldOutCommitment}/commits-stay`;
const four = (kept: string): readonly string[] => [kept, kept, kept, kept];

describe("an epoch in which something was held back", () => {
  it("iOP-035: given that it agrees with what is counted, nothing is found; one below it the grade falls and the score stays", () => {
    expect(judged(3, four("4"))).toEqual(untouched);
    expect(judged(3, four("3"))).toEqual({
      ...untouched,
      grade: (untouched.grade ?? 0) + 1,
      findings: [{ kind: "held-out", subject: name, reason: "found" }],
    });
  });

  it.each([2, 6])("given epoch %i, in which it does not count, what is said of it changes nothing", (epoch) => {
    expect(judged(epoch, four("0"))).toEqual({ ...untouched });
  });

  it("iOP-035: given that 2f observers speak of it, it is not shown yet; with one more it counts", () => {
    expect(judged(3, ["0", "0", undefined, undefined])).toEqual(untouched);
    expect(judged(3, ["0", "0", "0", undefined]).findings).toEqual([
      { kind: "held-out", subject: name, reason: "found" },
    ]);
  });

  it("iOP-035: given that it stays hidden, that is a finding in the last epoch in which it counts, and in none before", () => {
    const nobody = [undefined, undefined, undefined, undefined];
    expect(judged(4, nobody)).toEqual(untouched);
    expect(judged(5, nobody)).toEqual({
      ...untouched,
      grade: (untouched.grade ?? 0) + 1,
      findings: [{ kind: "held-out", subject: heldOutCommitment, reason: "unknown" }],
    });
  });

  it("given that its source gave too few operators a value, the check is unknown", () => {
    expect(judged(3, ["4", "4", "missing", "missing"]).findings).toEqual([
      { kind: "held-out", subject: name, reason: "unknown" },
    ]);
  });

  it("given that enough speak of it and this operator lacks it, it has to be fetched first", () => {
    const needed: Hex = heldOutCommitment;
    expect(evaluate(3, four("4"), hidden)).toEqual({ ok: false, reason: "definition-unknown", definition: needed });
    expect(evaluate(3, ["4", "4", undefined, undefined], hidden).ok).toBe(true);
  });
});
