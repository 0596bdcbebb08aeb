import { describe, expect, it } from "vitest";

import { judge, statedIn, verdictsOf } from "./proofs.ts";

const OUTPUT = `
Running 3 tests for test/solidity/proofs/LeaseProofs.sol:LeaseProofs
\u001b[32m[PASS]\u001b[0m prove_A(uint32) (paths: 6, time: 0.42s, bounds: [])
\u001b[31mCounterexample:
    p_count_uint8_00 = 0x1f\u001b[0m
\u001b[31m[FAIL]\u001b[0m prove_B(uint64,uint8) (paths: 22, time: 1.39s, bounds: [])
\u001b[33m[TIMEOUT]\u001b[0m prove_C() (paths: 2, time: 60.00s, bounds: [])
[PASS] prove_E(uint112) (paths: 60, time: 7.64s, bounds: [])
\u001b[33mWARNING \u001b[0m prove_E(uint112): paths have not been fully explored due to the
         loop unrolling bound: 4
Symbolic test result: 2 passed; 2 failed; time: 3.13s
`;

describe("proofs", () => {
  it("reads a pass without a warning as proved, a counterexample as failed, anything else as not decided", () => {
    expect(verdictsOf(OUTPUT)).toEqual([
      { property: "LeaseProofs.prove_A", verdict: "proved" },
      { property: "LeaseProofs.prove_B", verdict: "failed" },
      { property: "LeaseProofs.prove_C", verdict: "not decided" },
      { property: "LeaseProofs.prove_E", verdict: "not decided" },
    ]);
  });

  it("calls a stated property that the prover left out not decided", () => {
    const stated = statedIn(
      "contract LeaseProofs {\n function prove_A(uint32 a) external\n function prove_D() external\n}",
    );
    expect(judge(stated, verdictsOf(OUTPUT))).toEqual([
      { property: "LeaseProofs.prove_A", verdict: "proved" },
      { property: "LeaseProofs.prove_D", verdict: "not decided" },
    ]);
  });
});
