import { describe, expect, it } from "vitest";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { parseInterchange } from "./statement-interchange.ts";

const contract: Hex = `0x${"11".repeat(20)}`;
const operator: Hex = `0x${"22".repeat(20)}`;
const scope = { chainId: 1, contract, operator };
const digest = documentHash("one");
const report = { epoch: 5, kind: "report", view: 0, digest };
const file = { kind: "mandate.signing-database/1", ...scope, watermark: 5, statements: [report] };

const parse = (changes: Record<string, unknown>) => parseInterchange(JSON.stringify({ ...file, ...changes }), scope);

describe("parseInterchange", () => {
  it("given a file for this operator, with or without statements, it is taken as it stands", () => {
    expect(parse({})).toEqual(file);
    expect(parse({ statements: [], watermark: 0 })).toMatchObject({ watermark: 0, statements: [] });
  });

  it("given an operator that observed another closing block before, its second commitment and observation are taken", () => {
    const statements = (["commitment", "observation"] as const).flatMap((kind) =>
      [0, 1].map((view) => ({ ...report, kind, view })),
    );
    expect(parse({ statements })).toEqual({ ...file, statements });
  });

  it.each([
    ["chainId", 2],
    ["contract", operator],
    ["operator", contract],
  ])("given another %s, it is refused with both", (name, actual) => {
    expect(() => parse({ [name]: actual })).toThrow(
      expect.objectContaining({
        code: "InterchangeForAnother",
        kind: "refused",
        data: { name, expected: scope[name as keyof typeof scope], actual },
      }),
    );
  });

  it.each([
    ["another format", { kind: "mandate.signing-database/2" }],
    ["an unknown key", { note: "" }],
    ["no watermark", { watermark: undefined }],
    ["a watermark below 0", { watermark: -1 }],
    ["a statement above the watermark", { watermark: 4 }],
    ["an address in upper case", { operator: `0x${"AB".repeat(20)}` }],
    ["an unknown kind", { statements: [{ ...report, kind: "vote" }] }],
    ["an unknown key of a statement", { statements: [{ ...report, content: {} }] }],
    ["a digest that is too short", { statements: [{ ...report, digest: "0x12" }] }],
    ["epoch 0", { statements: [{ ...report, epoch: 0 }] }],
    ["a report with a view", { statements: [{ ...report, view: 1 }] }],
    ["a view below 0", { statements: [{ ...report, kind: "prepare", view: -1 }] }],
    ["the same slot twice", { statements: [report, report] }],
    ["a contradiction in itself", { statements: [report, { ...report, digest: documentHash("two") }] }],
  ])("given %s, it is refused", (_, changes) => {
    expect(() => parse(changes)).toThrow(expect.objectContaining({ code: "InterchangeInvalid", kind: "input" }));
  });

  it("given what is no JSON, it is refused", () => {
    expect(() => parseInterchange("{", scope)).toThrow(expect.objectContaining({ code: "InterchangeInvalid" }));
  });
});
