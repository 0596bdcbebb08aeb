import type { SimulationResult, Violation } from "../../oracle/simulation/simulation-result.ts";
import { factsText, tableText } from "./table.ts";

/** A simulation for a person: what was drawn, what came of it, and each violation with how to see it again. */
export function simulationText(result: SimulationResult): string {
  const { seed, operators, profile, epochs, accepted, promised } = result;
  const drawn = Object.entries(result.faults).filter(([, count]) => count > 0);
  const facts = factsText([
    ["Epochs", `${epochs} of ${operators} operators, seed ${seed}, faults ${profile}`],
    ["Accepted", `${accepted}; ${promised} had to be`],
    ["Signed together", String(result.aggregates)],
    ["Decided in view", countsText(result.views)],
    [
      "Suspended",
      `${result.suspensions} seats, for two reports of an epoch; ${result.reinstatements} came back; one was vacant in ${result.vacantEpochs} epochs`,
    ],
    ["Keys rotated", String(result.rotations)],
    ["Refused on chain", countsText(result.refusals)],
    ["Safety violations", String(result.safetyViolations)],
    ["Liveness violations", String(result.livenessViolations)],
    ["Fingerprint", result.fingerprint],
  ]);
  const table = tableText(
    ["fault", "epochs"],
    drawn.map(([kind, count]) => [kind, String(count)]),
    "No faults were drawn.",
  );
  return [facts, table, ...result.violations.map((each) => violationText(result, each))].join("\n\n");
}

function countsText(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts);
  return entries.length === 0 ? "none" : entries.map(([name, count]) => `${name}: ${count}`).join(", ");
}

function violationText({ seed, operators, profile }: SimulationResult, violation: Violation): string {
  const { epoch, problem, detail, trace } = violation;
  return [
    `VIOLATION ${problem} in epoch ${epoch}: ${detail}`,
    `Again: mandate oracle simulate --seed ${seed} --operators ${operators} --faults ${profile} --epochs ${epoch}`,
    ...trace.map((line) => `  ${line}`),
  ].join("\n");
}
