import { describe, expect, it } from "vitest";
import { exampleDefinition } from "../../../test/support/score-definition.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import { parseScoreDefinition } from "../scoring/score-definition.ts";
import { capture } from "../sources/capture.ts";
import type { ReadSource } from "../sources/read-source.ts";
import { observationHash, observationSchema } from "./observation.ts";
import { observe } from "./observe.ts";

const parsed = parseScoreDefinition(exampleDefinition);
if (!parsed.ok) throw new Error(parsed.problem);
const { known } = parsed;
const input = {
  configuration: documentHash("configuration"),
  window: { epoch: 2, startSeconds: 100, endSeconds: 160 },
  block: { number: 7, hash: documentHash("block") },
  definitions: [known],
};

const read: ReadSource = (source) => {
  switch (source.kind) {
    case "git":
      return Promise.resolve({ ok: true, value: 4n, capture: capture("commits") });
    case "prometheus":
      return Promise.resolve({ ok: false, failure: "declined", detail: "status 500" });
    default:
      return Promise.resolve({ ok: false, failure: "unreachable", detail: "timeout" });
  }
};

describe("observe", () => {
  it("iOP-007: given sources that answer, decline and stay silent, it states value, refused and missing, each as its rule says", async () => {
    const { observation, captures, failures } = await observe(input, read);
    expect(observation.definitions).toEqual([
      {
        definition: known.hash,
        metrics: [
          { metric: "delivery/commits", outcome: "value", value: "4", capture: capture("commits").hash },
          { metric: "service/calls", outcome: "refused" },
          { metric: "service/errors", outcome: "missing" },
        ],
      },
    ]);
    expect([...captures.values()]).toEqual(["commits"]);
    expect(failures).toEqual([
      {
        definition: known.hash,
        metric: "service/calls",
        source: "prometheus http://metrics.example/metrics",
        failure: "declined",
        outcome: "refused",
        detail: "status 500",
      },
      {
        definition: known.hash,
        metric: "service/errors",
        source: "http-json http://status.example/status",
        failure: "unreachable",
        outcome: "missing",
        detail: "timeout",
      },
    ]);
    expect(observationSchema.parse(JSON.parse(JSON.stringify(observation)))).toEqual(observation);
  });

  it("given definitions in another order, it makes the same observation", async () => {
    const other = parseScoreDefinition({ ...exampleDefinition, title: "other" });
    if (!other.ok) throw new Error(other.problem);
    const one = await observe({ ...input, definitions: [known, other.known] }, read);
    const two = await observe({ ...input, definitions: [other.known, known] }, read);
    expect(observationHash(two.observation)).toBe(observationHash(one.observation));
  });
});
