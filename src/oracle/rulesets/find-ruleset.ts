import { z } from "zod";
import type { Hex } from "../../core/hex.ts";
import type { DocumentDirectory, FindDocument } from "../documents/document-directory.ts";
import type { EpochCalendar } from "../epochs/epoch-clock.ts";
import type { NamedRuleset } from "../epochs/oracle-chain.ts";
import { settlementProblem } from "../epochs/settlement.ts";
import type { Scoring } from "../scoring/scorings.ts";
import { rulesetSchema, type Ruleset } from "./ruleset.ts";

/** What an operator has, to follow rulesets. */
export interface RulesetMeans {
  readonly documents: Pick<DocumentDirectory, "find">;
  /** Asks whoever may have a document that is not here. */
  readonly findDocument: FindDocument;
  /** Ways to score that the program has, by digest. */
  readonly scorings: ReadonlyMap<Hex, Scoring>;
  readonly calendar: EpochCalendar;
}

/** A ruleset that an operator measures and scores by. */
export interface FollowedRuleset extends NamedRuleset {
  readonly ruleset: Ruleset;
  readonly scoring: Scoring;
}

export type FoundRuleset =
  | { readonly ok: true; readonly followed: FollowedRuleset }
  | {
      readonly ok: false;
      readonly reason:
        "none-named" | "document-missing" | "document-invalid" | "settlement-too-long" | "scoring-unknown";
      readonly detail: string;
      readonly remedy: string;
    };

const ASK_THE_OFFICE = "The oracle's office has to name another ruleset: mandate oracle ruleset schedule.";

/** Finds the document that the chain names, and says whether this operator can measure and score by it; if not, why, and what to do. */
export async function findRuleset(named: NamedRuleset | undefined, means: RulesetMeans): Promise<FoundRuleset> {
  if (named === undefined) {
    return { ok: false, reason: "none-named", detail: "the chain names no ruleset", remedy: ASK_THE_OFFICE };
  }
  const { hash, fromEpoch } = named;
  const document = await means.documents.find(hash, means.findDocument);
  if (document === undefined) {
    return {
      ok: false,
      reason: "document-missing",
      detail: `the ruleset ${hash} is neither here nor with a peer that answers`,
      remedy: `Put its document into the directory of documents, as ${hash}.json: whoever scheduled it has it.`,
    };
  }
  const parsed = rulesetSchema.safeParse(document);
  if (!parsed.success) {
    const detail = `the document ${hash} is no ruleset: ${z.prettifyError(parsed.error)}`;
    return { ok: false, reason: "document-invalid", detail, remedy: ASK_THE_OFFICE };
  }
  const ruleset = parsed.data;
  const tooLong = settlementProblem(ruleset.settlement, means.calendar);
  if (tooLong !== undefined) {
    return { ok: false, reason: "settlement-too-long", detail: tooLong, remedy: ASK_THE_OFFICE };
  }
  const scoring = means.scorings.get(ruleset.scoring);
  if (scoring === undefined) {
    return {
      ok: false,
      reason: "scoring-unknown",
      detail: `the ruleset ${hash} scores by ${ruleset.scoring}; this program has ${[...means.scorings.keys()].join(", ")}`,
      remedy: `Upgrade this operator: it can report no epoch from ${fromEpoch} on.`,
    };
  }
  return { ok: true, followed: { hash, fromEpoch, ruleset, scoring } };
}
