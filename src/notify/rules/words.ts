import type { Hex } from "../../core/hex.ts";

/** How notices name people. */
export interface Words {
  readonly name: (address: Hex) => string;
}

/** Words with the names that the configuration gives to addresses. */
export function wordsWith(names: Readonly<Record<Hex, string>>): Words {
  return {
    name: (address) => {
      const known = names[address.toLowerCase() as Hex];
      return known === undefined ? address : `${known} (${address})`;
    },
  };
}

/**
 * A time as people everywhere read it: `2026-03-01 14:05 UTC`. Notices say when, never how soon: one that is delivered late
 * must still be true.
 */
export function timeText(seconds: number): string {
  return `${new Date(seconds * 1_000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
