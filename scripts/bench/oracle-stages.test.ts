import { describe, expect, it } from "vitest";
import { stages } from "../../bench/oracle/stages.ts";

const input = { projects: 2_000, definitions: 10 };

describe("stages of bench:oracle, at 2,000 projects", () => {
  it("iOP-005: given projects in another order, the report is the same, and its root is OpenZeppelin's", async () => {
    const shuffled = await stages.score(input);
    const ascending = await stages["score in ascending order"](input);
    expect(shuffled["report"]).toBe(ascending["report"]);
    expect(stages["@openzeppelin/merkle-tree"](input)["root"]).toBe(shuffled["root"]);
  });

  it("given a tree, OpenZeppelin's verifiers take its proofs", () => {
    expect(stages.prove(input)).toMatchObject({ proofs: 1_000, together: 100 });
  });

  it("given leaves that differ by 0 and 1 %, few bytes are exchanged", async () => {
    expect(await stages["agree, 0 % differ"](input)).toMatchObject({ bytes: 66, requests: 0 });
    const one = await stages["agree, 1 % differ"](input);
    expect(one["requests"]).toBeGreaterThan(0);
    expect(one["bytes"]).toBeLessThan(2_000);
  });
});
