import { afterEach, describe, expect, it, vi } from "vitest";
import { Ledger } from "../agreement/ledger.ts";
import { ObservationLedger } from "../agreement/observation-ledger.ts";
import { loadKeccakHasher } from "../tree/keccak-hasher.ts";
import { Simulation, type SimulationOptions } from "./simulation.ts";
import type { SimulationResult } from "./simulation-result.ts";

const keccak = await loadKeccakHasher();

/** Minutes on a machine that does other things too. */
const LONG_MS = 600_000;

function simulated(options: Partial<SimulationOptions> = {}): Promise<SimulationResult> {
  return new Simulation({ epochs: 20, operators: 7, seed: 1, profile: "default", keccak, ...options }).run();
}

function problemsOf(result: SimulationResult): readonly string[] {
  return [...new Set(result.violations.map((each) => each.problem))].sort();
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a simulated network", () => {
  it(
    "of 13 operators over 1,000 epochs never agrees on two reports, and agrees where it must",
    async () => {
      const result = await simulated({ epochs: 1_000, operators: 13 });
      expect(result.violations).toEqual([]);
      expect([result.safetyViolations, result.livenessViolations]).toEqual([0, 0]);
      expect(result.promised).toBeGreaterThan(400);
      expect(result.accepted).toBeGreaterThanOrEqual(result.promised);
      for (const [kind, epochs] of Object.entries(result.faults)) expect(epochs, kind).toBeGreaterThan(10);
      expect(Object.keys(result.views).length).toBeGreaterThan(4);
      expect(result.suspensions).toBeGreaterThan(20);
      expect(result.reinstatements).toBeGreaterThan(20);
      expect(result.aggregates).toBeGreaterThan(400);
      expect(result.accepted - result.aggregates).toBeGreaterThan(50); // sessions fail, and single signatures stand in
      expect(result.rotations).toBeGreaterThan(40);
      expect(result.vacantEpochs).toBeGreaterThan(100);
    },
    LONG_MS,
  );

  it("has every report accepted, signed together, from the first view, where nothing goes wrong", async () => {
    const result = await simulated({ profile: "none" });
    expect(result).toMatchObject({ accepted: 20, aggregates: 20, promised: 20, views: { 0: 20 }, refusals: {} });
  });

  it(
    "stays safe where far more goes wrong than it must bear",
    async () => {
      for (const operators of [4, 7]) {
        expect(problemsOf(await simulated({ epochs: 60, operators, profile: "harsh" }))).toEqual([]);
      }
    },
    LONG_MS,
  );

  it(
    "takes no copied observation into a report while the rule of hearing holds",
    async () => {
      for (const operators of [4, 7, 13]) {
        const result = await simulated({ epochs: 60, operators, profile: "copying" });
        expect(result.faults.copying).toBeGreaterThan(30);
        expect(result.violations).toEqual([]);
        expect(result.promised).toBeGreaterThan(55);
        expect(result.copied.inStrictViews).toBe(0);
      }
    },
    LONG_MS,
  );

  it(
    "does the same again for the same seed, and something else for another",
    async () => {
      const [first, again, other] = [await simulated(), await simulated(), await simulated({ seed: 2 })];
      expect(JSON.stringify(again)).toBe(JSON.stringify(first));
      expect(other.fingerprint).not.toBe(first.fingerprint);
    },
    LONG_MS,
  );
});

describe("defects that a simulation finds", () => {
  it(
    "a quorum that is one too low",
    async () => {
      const result = await simulated({ operators: 4, epochs: 100, defect: { quorumTooLowBy: 1 } });
      expect(problemsOf(result)).toContain("two-reports");
      expect(result.safetyViolations).toBeGreaterThan(0);
    },
    LONG_MS,
  );

  it(
    "a signing database that a restart forgets, with what is needed to see it again",
    async () => {
      const result = await simulated({ epochs: 60, profile: "harsh", defect: { forgetsStatements: true } });
      expect(problemsOf(result)).toContain("contradiction");
      expect(result.violations[0]?.epoch).toBeGreaterThan(0);
      expect(result.violations[0]?.trace[0]).toMatch(/^faults: \{"liars"/);
      expect(result.violations[0]?.trace.length).toBeGreaterThan(5);
    },
    LONG_MS,
  );

  it(
    "nonces that are drawn again after a restart",
    async () => {
      const result = await simulated({ epochs: 20, defect: { repeatsNonces: true } });
      expect(problemsOf(result)).toEqual(["nonces-reused"]);
    },
    LONG_MS,
  );

  it(
    "a rule of hearing that takes every observation: what was copied is in reports",
    async () => {
      vi.spyOn(ObservationLedger.prototype, "heardInTime").mockImplementation((candidates) => candidates);
      const result = await simulated({ epochs: 60, profile: "copying" });
      expect(result.copied.inStrictViews).toBeGreaterThan(30);
    },
    LONG_MS,
  );

  it(
    "an agreement without the lock",
    async () => {
      vi.spyOn(Ledger.prototype, "highestCertificate").mockReturnValue(undefined);
      const result = await simulated({ epochs: 150, operators: 4, profile: "harsh" });
      expect(problemsOf(result)).toContain("two-commit-quorums");
    },
    LONG_MS,
  );
});
