import { describe, expect, it } from "vitest";
import {
  committedDefinition,
  heldOutCommitment,
  heldOutDocument,
  heldOutEntry,
} from "../../../test/support/held-out.ts";
import { parseHeldOut, type HeldOut } from "./held-out.ts";
import { openDefinition, problemOfHeldOut } from "./open-definition.ts";
import { MAX_READINGS, parseScoreDefinition, readingsOf, type ScoreDefinition } from "./score-definition.ts";

function definitionOf(document: unknown): ScoreDefinition {
  const parsed = parseScoreDefinition(document);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.known.definition;
}

function heldOutOf(changes: object = {}): HeldOut {
  const parsed = parseHeldOut({ ...heldOutDocument, ...changes });
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.heldOut;
}

const definition = definitionOf(committedDefinition);
const [probe] = heldOutDocument.probes;
const [check] = heldOutDocument.checks;
const shown = new Map([[heldOutCommitment, heldOutOf()]]);
const prefix = `held-out:${heldOutCommitment}/`;

describe("openDefinition", () => {
  it("given what was held back and counts, it is read over its own time and checked under its own name", () => {
    const opened = openDefinition(definition, 3, shown);
    const added = readingsOf(opened).slice(readingsOf(definition).length);
    expect(added).toEqual(
      heldOutDocument.probes.map(({ name, source }) => ({
        key: `${prefix}${name}`,
        source,
        decimals: 0,
        onFailure: { unreachable: "missing", declined: "missing" },
        span: { first: 2, last: 3 },
      })),
    );
    expect(opened.checks).toEqual([
      { ...check, name: `${prefix}commits-stay`, detects: "held-out", part: `${prefix}kept`, whole: `${prefix}all` },
    ]);
  });

  it.each([
    ["before its last epoch is over", 2, shown],
    ["after the last epoch in which it counts", 6, shown],
    ["while nobody shows it", 3, new Map()],
    ["with other epochs than were committed to", 3, new Map([[heldOutCommitment, heldOutOf({ first: 3 })]])],
  ] as const)("given it %s, the definition is what it was", (_, epoch, known) => {
    expect(openDefinition(definition, epoch, known)).toEqual(definition);
  });

  it("given names that the definition has as well, the held-out ones are meant, and both stay apart", () => {
    const document = {
      ...committedDefinition,
      probes: [{ name: "kept", source: probe?.source, decimals: 0 }],
    };
    const opened = openDefinition(definitionOf(document), 3, shown);
    expect(opened.probes?.map((each) => each.name)).toEqual(["kept", `${prefix}kept`, `${prefix}all`]);
    expect(opened.checks?.map((each) => each.part)).toEqual([`${prefix}kept`]);
  });
});

describe("problemOfHeldOut", () => {
  it("given other epochs, it says so", () => {
    expect(problemOfHeldOut(definition, heldOutEntry, heldOutOf({ last: 4 }))).toContain("epochs 2 to 4");
  });

  it("given as many sources as an observation can state, it fits, and with one more it does not", () => {
    const own = readingsOf(definition).length;
    const heldOut = heldOutOf();
    const room = MAX_READINGS - own - heldOut.probes.length;
    const [one] = heldOut.probes;
    if (one === undefined) throw new Error("no probe");
    const filled = (count: number): ScoreDefinition => ({
      ...definition,
      probes: Array.from({ length: count }, (_, index) => ({ ...one, name: `q${index}` })),
    });
    expect(problemOfHeldOut(filled(room), heldOutEntry, heldOut)).toBeUndefined();
    expect(problemOfHeldOut(filled(room + 1), heldOutEntry, heldOut)).toContain(String(MAX_READINGS));
  });
});
