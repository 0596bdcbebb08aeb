import { roles } from "../../../chain/roles.ts";
import type { Hex } from "../../../core/hex.ts";
import type { Change, State } from "../rows.ts";
import { seconds, type Handlers } from "./handler.ts";

function withTrippedUntil(state: State, oracle: Hex, trippedUntil: number): Change {
  const before = state.get("oracle", oracle) ?? { report: 0, acceptedAt: 0 };
  return { entity: "oracle", id: oracle, row: { ...before, trippedUntil } };
}

/** Trips that wait for people, and the guardians among them. */
export const safetyHandlers: Handlers = {
  AssetTripped: ({ asset, until, cause, anchor }, _state, log) => [
    { entity: "trip", id: asset, row: { kind: "asset", trippedAt: seconds(log), until, cause, anchor } },
  ],
  AssetReset: ({ asset }) => [{ entity: "trip", id: asset, row: null }],
  OracleTripped: ({ until, cause, anchor }, state, log) => [
    { entity: "trip", id: log.address, row: { kind: "oracle", trippedAt: seconds(log), until, cause, anchor } },
    withTrippedUntil(state, log.address, until),
  ],
  OracleReset: (_args, state, log) => [
    { entity: "trip", id: log.address, row: null },
    withTrippedUntil(state, log.address, seconds(log)),
  ],
  RoleGranted: ({ roleId, account }, _state, log) =>
    roleId === roles.GUARDIAN_ROLE ? [{ entity: "guardian", id: account, row: { since: seconds(log) } }] : [],
  RoleRevoked: ({ roleId, account }) =>
    roleId === roles.GUARDIAN_ROLE ? [{ entity: "guardian", id: account, row: null }] : [],
};
