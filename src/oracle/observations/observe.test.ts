import { describe, expect, it } from "vitest";
import { committedDefinition, heldOutCommitment, heldOutDocument } from "../../../test/support/held-out.ts";
import { exampleDefinition } from "../../../test/support/score-definition.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import { parseHeldOut } from "../scoring/held-out.ts";
import { openDefinition } from "../scoring/open-definition.ts";
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

  it("iOP-034: given what was held back, it is read over its own time at the same closing block, and stated under its commitment", async () => {
    const committed = parseScoreDefinition(committedDefinition);
    const secret = parseHeldOut(heldOutDocument);
    if (!committed.ok || !secret.ok) throw new Error("no document");
    const definition = openDefinition(committed.known.definition, 5, new Map([[heldOutCommitment, secret.heldOut]]));
    const asked: object[] = [];
    const window = { epoch: 5, startSeconds: 400, endSeconds: 500 };
    const { observation } = await observe(
      { ...input, window, definitions: [{ hash: committed.known.hash, definition }] },
      (source, decimals, moment) => {
        if (source.kind === "git") asked.push(moment);
        return read(source, decimals, moment);
      },
    );
    expect(asked).toEqual([
      { ...window, block: input.block },
      { epoch: 3, startSeconds: 100, endSeconds: 300, block: input.block },
      { epoch: 3, startSeconds: 100, endSeconds: 300, block: input.block },
    ]);
    expect(observation.definitions[0]?.metrics.at(-2)).toEqual({
      metric: `held-out:${heldOutCommitment}/kept`,
      outcome: "value",
      value: "4",
      capture: capture("commits").hash,
    });
  });
});
