import { describe, expect, it } from "vitest";
import { reportQuorum, toleratedFaults } from "./quorum.ts";

describe("operators' quorum", () => {
  it.each([
    [3, 0, 2],
    [4, 1, 3],
    [7, 2, 5],
    [10, 3, 7],
    [13, 4, 9],
    [31, 10, 21],
  ])("of %i operators tolerates %i and needs %i", (operators, faults, quorum) => {
    expect(toleratedFaults(operators)).toBe(faults);
    expect(reportQuorum(operators)).toBe(quorum);
  });

  it("makes two quorums share an honest operator, for every size", () => {
    for (let operators = 4; operators <= 31; operators++) {
      expect(2 * reportQuorum(operators) - operators).toBeGreaterThan(toleratedFaults(operators));
    }
  });

  it("is reachable without the faulty ones, for every size", () => {
    for (let operators = 4; operators <= 31; operators++) {
      expect(operators - toleratedFaults(operators)).toBeGreaterThanOrEqual(reportQuorum(operators));
    }
  });
});
