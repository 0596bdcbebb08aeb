import { rulesOfThisProgram } from "../configuration/configuration-digest.ts";
import { evaluateEpoch } from "./evaluate-epoch.ts";

/** A way to score, of which a program may have several while a network goes over from one to the next. */
export interface Scoring {
  /** Versions of its rules, by which evidence names it. */
  readonly versions: typeof rulesOfThisProgram;
  readonly evaluate: typeof evaluateEpoch;
}

/** The one that a new ruleset names. */
export const currentScoring: Scoring = { versions: rulesOfThisProgram, evaluate: evaluateEpoch };

/** All that this program has. What a network still scores by is not taken out, and evidence is replayed by what it was made by. */
export const scoringsOfThisProgram: readonly Scoring[] = [currentScoring];
