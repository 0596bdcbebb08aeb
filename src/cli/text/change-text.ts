import type { PendingChange } from "../state/parameters.ts";
import { teamText } from "../state/teams.ts";
import { valueText } from "../values/parameter.ts";
import type { Hex } from "../../core/hex.ts";
import { countdownText, timeText } from "../values/time.ts";

/** What a pending change waits for, in words: who, when, and what is missing. Pure. */
export function changeText(
  parameter: Hex,
  change: PendingChange,
  places: ReadonlyMap<number, string>,
  now: number,
): string {
  const whose = change.team === 0 ? "the office's value" : `the value of team ${teamText(places, change.team)}`;
  const head = `${whose} becomes ${valueText(parameter, change.value)}`;
  if (change.expired) return `${head}: expired ${countdownText(change.expiresAt, now)}, propose it anew`;
  const missing = [
    ...(change.enactableFrom > now
      ? [`its delay ends ${timeText(change.enactableFrom)}, ${countdownText(change.enactableFrom, now)}`]
      : []),
    ...(change.consents < change.required
      ? [
          `${change.required - change.consents} of ${change.required} consents are missing ` +
            `(${change.consented.map((team) => teamText(places, team)).join(", ") || "nobody"} consented), or the root office's`,
        ]
      : []),
  ];
  const until = `until ${timeText(change.expiresAt)}`;
  if (missing.length === 0) return `${head}: can be enacted now by anyone, ${until}`;
  return `${head}: ${missing.join("; ")}; then enactable ${until}`;
}
