import type { Projection, ProjectionOutcome } from "../../chain/projection/run-projection.ts";
import type { Hex } from "../../core/hex.ts";
import { permissionChangeOf } from "./permission-change.ts";
import { writeChange } from "./write-change.ts";

/** Permissions to read data, projected from the authority's logs alone. */
export function permissionProjection(options: {
  readonly authority: Hex;
  readonly committed: (outcome: ProjectionOutcome) => void;
}): Projection {
  return {
    roots: [options.authority.toLowerCase() as Hex],
    discover: () => undefined,
    async apply(tx, _block, logs) {
      for (const log of logs) {
        const change = permissionChangeOf(log);
        if (change !== undefined) await writeChange(tx, change);
      }
    },
    committed: options.committed,
  };
}
