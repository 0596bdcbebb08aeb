import { beforeAll, describe, expect, it } from "vitest";
import { epoch, keccak, sampleEvidence } from "../../../test/support/evidence-bundle.ts";
import { heldOutDocument } from "../../../test/support/held-out.ts";
import { exampleDefinition } from "../../../test/support/score-definition.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Leaf } from "../../core/merkle/leaf.ts";
import { ProjectList } from "../epochs/project-list.ts";
import { atOnce } from "../steps/steps.ts";
import type { KeccakStream } from "../tree/keccak-hasher.ts";
import { composeBundle, type HeldEvidence } from "./compose-bundle.ts";

let held: HeldEvidence;
beforeAll(async () => {
  held = await sampleEvidence();
});

/** The documents in a bundle of an epoch whose one definition names a secret, which is over with epoch `last`. */
function definitionsIn(last: number): { readonly named: readonly string[]; readonly secret: string } {
  const secret = { ...heldOutDocument, first: 1, last };
  const hash = documentHash(secret);
  const entry = { commitment: hash, first: epoch, last: epoch, through: epoch };
  const definition = { ...exampleDefinition, heldOut: [entry] };
  const documents = new Map<string, unknown>([
    [hash, secret],
    [documentHash(definition), definition],
  ]);
  const projects = ProjectList.of([{ project: documentHash("project"), definition: documentHash(definition) }]);
  const { facts, ...opening } = held.opening;
  const changed: HeldEvidence = {
    ...held,
    record: undefined,
    opening: { ...opening, facts: { ...facts, projects } },
    document: (each) => documents.get(each),
  };
  const { bundle } = atOnce(composeBundle(changed, keccak));
  return { named: bundle.definitions, secret: hash };
}

describe("composeBundle", () => {
  it("given many projects, no more than a piece of a thousand entries is hashed without a pause", () => {
    const list = ProjectList.of(
      Array.from({ length: 20_000 }, (_, index) => ({
        project: documentHash(index),
        definition: documentHash("definition"),
      })),
    );
    let taken = 0;
    const begin = (): KeccakStream => {
      const stream = keccak.begin();
      const update = (piece: Uint8Array): void => {
        taken += piece.length;
        stream.update(piece);
      };
      return { ...stream, update };
    };
    const leaves = [...list].map((each): Leaf => ({ ...each, outcome: "missing", grade: 0, score: 0n }));
    const { opening, record } = held;
    const large = {
      ...held,
      opening: { ...opening, facts: { ...opening.facts, projects: list } },
      record: record && { ...record, leaves },
    };
    let longest = 0;
    let before = 0;
    for (const steps = composeBundle(large, Object.assign(keccak.bind(undefined), { begin })); ;) {
      const isOver = steps.next().done === true;
      longest = Math.max(longest, taken - before);
      before = taken;
      if (isOver) break;
    }
    expect(taken).toBeGreaterThan(20_000 * (160 + 200)); // both lists, an entry at a time
    expect(longest).toBeLessThan(1_000 * 230);
  });

  it("iOP-034: given what a definition held back, it is in the bundle of an epoch in which that is over", () => {
    const { named, secret } = definitionsIn(epoch);
    expect(named).toContain(secret);
    expect(named).toHaveLength(2);
  });

  it("iOP-034: given a definition that names what another one holds back for longer, the secret is not in its bundle", () => {
    const { named, secret } = definitionsIn(epoch + 1);
    expect(named).not.toContain(secret);
    expect(named).toHaveLength(1);
  });
});
