import type { Replay } from "../../oracle/replay/replay-epoch.ts";

const marks = { ok: "ok         ", differs: "DIFFERS    ", "not-checked": "not checked" } as const;

/** A replay as sentences: every check, then the verdict. */
export function replayText({ epoch, operator, bundle, root, verdict, difference, checks }: Replay): string {
  return [
    `Bundle ${bundle} of epoch ${epoch}, sealed by ${operator}`,
    ...checks.map((each) => `${marks[each.status]}  ${each.name}: ${each.detail}`),
    verdict === "reproduced" ? `Reproduced: root ${root}` : `Not reproduced: ${difference ?? ""}`,
  ].join("\n");
}
