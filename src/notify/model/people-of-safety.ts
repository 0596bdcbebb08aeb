import type { Hex } from "../../core/hex.ts";
import type { State } from "./rows.ts";

/** Who hears of trips and resets: guardians, who trip, and anchors, who co-sign and reset. */
export function peopleOfSafety(state: State): readonly Hex[] {
  const guardians = [...state.all("guardian")].map(([id]) => id as Hex);
  const anchors = [...state.all("anchor")].flatMap(([id, { status }]) => (status === "accepted" ? [id as Hex] : []));
  return [...new Set([...guardians, ...anchors])].sort();
}
