import type { CompleteProof } from "../../src/sdk/milestone.ts";
import type { Session } from "../../src/sdk/session.ts";
import type { ProofAnswer } from "../../src/core/api/proofs.ts";
import { MandateError } from "../../src/core/errors/mandate-error.ts";
import type { Supervisor } from "../../src/stack/supervisor/supervisor.ts";
import type { Foundation } from "../local/foundation.ts";
import type { Layout } from "../local/layout.ts";
import type { DemoServices } from "./demo-services.ts";
import type { Narrator } from "./narrator.ts";
import type { AcceptedReport } from "./reports.ts";
import type { Projects } from "./steps/open-projects.ts";

/** What a step shows for its claim: plain facts, addresses and transactions. */
export type Evidence = Readonly<Record<string, unknown>>;

/** What the steps of the demonstration share; each adds what later ones need. */
export interface Stage {
  readonly layout: Layout;
  readonly supervisor: Supervisor;
  readonly narrator: Narrator;
  foundation?: Foundation;
  services?: DemoServices;
  projects?: Projects;
  /** The report of the epoch in which an operator was killed. */
  report?: AcceptedReport;
  /** The idle project's proof in that report, and the refusal to renew with it. */
  lowScore?: { readonly proof: ProofAnswer; readonly refusal: MandateError };
  /** Signatures for the idle project's milestone, given while its lease still ran. */
  earlyProof?: CompleteProof;
}

export interface Step {
  /** Stable name in the result. */
  readonly name: string;
  readonly title: string;
  /** @throws where anything does not hold. */
  run(stage: Stage): Promise<Evidence>;
}

/** What an earlier step left. @throws {MandateError} `StepMissing` */
export function need<T>(value: T | undefined, name: string): T {
  if (value !== undefined) return value;
  throw new MandateError("StepMissing", `an earlier step did not leave its ${name}`, {
    kind: "defect",
    data: { name },
  });
}

export function sessionOf(stage: Stage): Session {
  return need(stage.foundation, "foundation").session;
}

/** @throws {MandateError} `ClaimFailed` where `holds` is not true. */
export function claim(holds: boolean, text: string): asserts holds {
  if (!holds) throw new MandateError("ClaimFailed", `this does not hold: ${text}`, { kind: "refused" });
}

/**
 * Runs what must be refused. @returns the typed error.
 * @throws {MandateError} `ClaimFailed` where it is not refused, or otherwise than with `code`.
 */
export async function refusal(code: string, attempt: () => Promise<unknown>): Promise<MandateError> {
  let outcome = "it was done";
  try {
    await attempt();
  } catch (thrown) {
    if (thrown instanceof MandateError && thrown.code === code) return thrown;
    outcome = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  }
  throw new MandateError("ClaimFailed", `expected the refusal ${code}, but ${outcome}`, {
    kind: "refused",
    data: { code },
  });
}
