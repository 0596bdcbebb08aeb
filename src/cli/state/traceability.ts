import type { Hex } from "../../core/hex.ts";

/** What was decided, and the human who answers for it. */
export interface Decision {
  readonly kind: "grant" | "release" | "escalation" | "resolution" | "merge";
  readonly anchor: Hex;
  readonly block: bigint;
  readonly transaction: Hex;
}

/** From this block on `anchor` answered by this identity, for it signed its hash. */
export interface Acceptance {
  readonly anchor: Hex;
  readonly identity: Hex;
  readonly block: bigint;
}

/** Why a decision does not trace to a named human. */
export type Gap = "never-accepted" | "erased" | "missing" | "altered";

export interface Traceability {
  readonly decisions: number;
  readonly traced: number;
  /** Share of decisions that trace to a named human, in percent with 2 places, rounded down; null without a decision. */
  readonly percent: string | null;
  readonly untraced: readonly (Decision & { readonly gap: Gap })[];
}

/**
 * How many of the decisions trace to a named human: whose anchor had accepted by then, with an identity of which the record is
 * present. Pure.
 * @param recordOf What is known of the record of an identity that an anchor accepted.
 */
export function traceabilityOf(
  decisions: readonly Decision[],
  acceptances: readonly Acceptance[],
  recordOf: (anchor: Hex, identity: Hex) => "present" | Exclude<Gap, "never-accepted">,
): Traceability {
  const untraced: (Decision & { gap: Gap })[] = [];
  for (const decision of decisions) {
    const accepted = acceptances
      .filter(({ anchor, block }) => anchor.toLowerCase() === decision.anchor.toLowerCase() && block <= decision.block)
      .at(-1);
    const state = accepted === undefined ? "never-accepted" : recordOf(accepted.anchor, accepted.identity);
    if (state !== "present") untraced.push({ ...decision, gap: state });
  }
  const traced = decisions.length - untraced.length;
  const hundredths = decisions.length === 0 ? 0 : Math.floor((traced * 10_000) / decisions.length);
  const percent = `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}`;
  return { decisions: decisions.length, traced, percent: decisions.length === 0 ? null : percent, untraced };
}
