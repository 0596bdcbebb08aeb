import { describe, expect, it } from "vitest";
import { exampleDefinition } from "../../../test/support/score-definition.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import { findDocumentAt } from "./find-document.ts";
import type { PeerAnswer } from "./peer-client.ts";

const hash = documentHash(exampleDefinition);
const answering = (answer: PeerAnswer<unknown> | Promise<PeerAnswer<unknown>>) => ({
  document: () => Promise.resolve(answer),
});
const honest = answering({ ok: true, value: exampleDefinition });
const lying = answering({ ok: true, value: { ...exampleDefinition, title: "forged" } });
const lacking = answering({ ok: false, reason: "declined", detail: "status 404" });
const silent = answering(new Promise(() => undefined));

describe("findDocumentAt", () => {
  it("given a peer that lies and one that never answers before one that has it, it finds it", async () => {
    expect(await findDocumentAt([lying, silent, lacking, honest])(hash)).toEqual(exampleDefinition);
  });

  it.each([
    ["no peer", []],
    ["peers that lack it, and one that lies", [lacking, lying]],
    ["what has no hash", [answering({ ok: true, value: undefined })]],
  ])("given %s, there is none", async (_, peers) => {
    expect(await findDocumentAt(peers)(hash)).toBeUndefined();
  });
});
