import { describe, expect, it } from "vitest";
import { party, word } from "../../../../test/support/notify-state.ts";
import type { ChainLog } from "../../../chain/follow/block.ts";
import { contractKind } from "../../../chain/contract-kind.ts";
import { roles } from "../../../chain/roles.ts";
import { MemoryState } from "../memory-state.ts";
import { foldEvent } from "./fold-event.ts";

const [emitter, asset] = [party(0xaa), party(0xee)];

function folded(...events: readonly (readonly [name: string, args: Readonly<Record<string, unknown>>])[]): MemoryState {
  const state = new MemoryState();
  events.forEach(([name, args], index) => {
    const placed = { address: emitter, blockTimestamp: BigInt(index + 1), transactionHash: word(index), logIndex: 0 };
    state.apply(foldEvent(state, { name, args, log: placed as ChainLog }));
  });
  return state;
}

const tripped = ["AssetTripped", { asset, until: 50, trips: 1, cause: word(9), anchor: party(3) }] as const;
const guardian = ["RoleGranted", { roleId: roles.GUARDIAN_ROLE, account: party(7) }] as const;

describe("folding trips and those who answer for them", () => {
  it("given an asset's trip, it waits until it is reset, of which people hear", () => {
    const row = { kind: "asset", trippedAt: 2, until: 50, cause: word(9), anchor: party(3) };
    expect(folded(guardian, tripped).get("trip", asset)).toEqual(row);
    const reset = folded(guardian, tripped, ["AssetReset", { asset, trips: 1, cause: word(8), by: party(1) }]);
    expect(reset.get("trip", asset)).toBeUndefined();
    expect([...reset.all("happening")]).toMatchObject([
      [`${word(2)}/0`, { event: "AssetReset", addresses: [party(7)] }],
    ]);
  });

  it("given an oracle's trip, its end stands with the oracle, also after the next report, and a reset is the end", () => {
    const trip = ["OracleTripped", { report: 1, until: 50, cause: word(9), anchor: party(3) }] as const;
    const report = ["ReportAccepted", { index: 2, acceptedAt: 2 }] as const;
    expect(folded(trip, report).get("oracle", emitter)).toEqual({ report: 2, acceptedAt: 2, trippedUntil: 50 });
    const reset = folded(trip, report, ["OracleReset", {}]);
    expect([reset.get("oracle", emitter)?.trippedUntil, reset.get("trip", emitter)]).toEqual([3, undefined]);
  });

  it("given a calendar that is registered, it is known to be reviewed before its first period and after", () => {
    const registered = ["ContractRegistered", { account: emitter, kind: contractKind("ReviewCalendar") }] as const;
    const before = { report: 0, acceptedAt: 0, trippedUntil: 0, reviewed: true };
    expect(folded(registered).get("oracle", emitter)).toEqual(before);
    const began = ["ReviewPeriodBegan", { index: 1, begunAt: 9 }] as const;
    expect(folded(registered, began).get("oracle", emitter)).toEqual({ ...before, report: 1, acceptedAt: 9 });
    const other = ["ContractRegistered", { account: emitter, kind: contractKind("HeartbeatOracle") }] as const;
    expect(folded(other).get("oracle", emitter)).toBeUndefined();
  });

  it("given guardians, they are known while they hold the role, and holders of other roles are none", () => {
    expect(folded(guardian).get("guardian", party(7))).toEqual({ since: 1 });
    const revoked = folded(guardian, ["RoleRevoked", { roleId: roles.GUARDIAN_ROLE, account: party(7) }]);
    const other = folded(["RoleGranted", { roleId: roles.TREASURY_ROLE, account: party(7) }]);
    for (const state of [revoked, other]) expect([...state.all("guardian")]).toEqual([]);
  });
});
