import { describe, expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import type { DecodedEvent } from "../../chain/events/decode-event.ts";
import { MemoryRows } from "../../../test/support/memory-rows.ts";
import { foldEvent } from "./fold-event.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const account = (n: number): Hex => `0x${n.toString(16).padStart(40, "0")}`;
const call = { cause: word(1), by: account(9) };

/** Events in the order given, a second apart from 1,001 on. */
function folded(...events: readonly (readonly [name: string, args: Record<string, unknown>])[]): MemoryRows {
  const rows = new MemoryRows();
  events.forEach(([name, args], index) => {
    const log: DecodedEvent["log"] = {
      address: account(0xc0),
      topics: [],
      data: "0x",
      blockNumber: BigInt(index + 1),
      blockHash: word(index + 1),
      blockTimestamp: BigInt(1_001 + index),
      transactionHash: word(index + 1),
      logIndex: 0,
    };
    rows.apply(foldEvent(rows, { name, args: { ...call, ...args }, log }));
  });
  return rows;
}

const cone = (maxImpact: number) => ({ maxImpact, scopes: 0b11, minReversibility: 50 });
const opened = {
  team: 2,
  place: word(7),
  anchor: account(3),
  tier: 2,
  triggers: 0b101,
  path: [3, 1],
  cones: [cone(0), cone(5), cone(10)],
  reason: word(8),
};

describe("the fold of teams", () => {
  it("given other cones, the tier is the one that the team has from then on", () => {
    const rows = folded(
      ["TeamOpened", opened],
      ["TeamConesSet", { team: 2, cones: [cone(0), cone(4)], tier: 0, version: 2, reason: word(9) }],
    );
    expect(rows.get("team", "2")).toMatchObject({ tier: 0, cones: [cone(0), cone(4)], version: 2, reason: word(9) });
  });

  it("given another path, the earlier one stays readable under its own version", () => {
    const rows = folded(
      ["TeamOpened", opened],
      ["TeamAnchorSet", { team: 2, anchor: account(4), version: 2, reason: word(9) }],
      ["TeamPathSet", { team: 2, path: [1], version: 3, reason: word(9) }],
    );
    expect(rows.get("team", "2")).toMatchObject({ path: [1], pathVersion: 2, version: 3, anchor: account(4) });
    expect(rows.get("teamPath", "2/1")).toEqual({ path: [3, 1] });
    expect(rows.get("teamPath", "2/2")).toEqual({ path: [1] });
  });

  it("given a tier lowered and raised, a member gone and the team closed, it tells all of them", () => {
    const rows = folded(
      ["TeamOpened", opened],
      ["MemberAdded", { team: 2, member: account(5), reason: word(9) }],
      ["TierLowered", { team: 2, tier: 1, trigger: 0 }],
      ["TierLowered", { team: 2, tier: 0, trigger: 2 }],
      ["TierRaised", { team: 2, tier: 1, evidence: word(9) }],
      ["MemberRemoved", { team: 2, member: account(5), reason: word(9) }],
      ["TeamClosed", { team: 2, reason: word(6) }],
    );
    expect(rows.get("team", "2")).toMatchObject({ tier: 1, status: "closed", closedAt: 1_007, reason: word(6) });
    expect(rows.get("teamMember", `2/${account(5)}`)).toEqual({
      team: 2,
      account: account(5),
      since: 1_002,
      until: 1_006,
    });
  });

  it("given a change of a team that nobody opened, it refuses to go on", () => {
    expect(() => folded(["TierLowered", { team: 2, tier: 1, trigger: 0 }])).toThrow(
      expect.objectContaining({ code: "FoldImpossible", data: { entity: "team", id: "2" } }),
    );
  });
});

const parameter = word(0x77);
const terms = { stricter: 1, kernel: true, cone: true, minimum: 0n, maximum: 100n };
const defined = { parameter, terms, value: 40n, reason: word(8) };
const proposed = {
  parameter,
  team: 0,
  value: 50n,
  enactableFrom: 2_000,
  expiresAt: 3_000,
  required: 2,
  reason: word(9),
};

describe("the fold of the constitution", () => {
  it("given a change that is consented to and enacted, the value, its version and the change say so", () => {
    const rows = folded(
      ["ParameterDefined", defined],
      ["ChangeProposed", proposed],
      ["ChangeConsented", { parameter, team: 3, consents: 1 }],
      ["ChangeConsented", { parameter, team: 1, consents: 2 }],
      ["ValueSet", { parameter, team: 0, version: 2, value: 50n, reason: word(9) }],
    );
    expect(rows.get("parameter", parameter)).toEqual({ ...terms, stricter: "higher" });
    expect(rows.get("parameterValue", `${parameter}/0`)).toMatchObject({ value: 50n, version: 2, since: 1_005 });
    expect(rows.get("parameterChange", `${parameter}/0`)).toMatchObject({
      status: "enacted",
      consents: [3, 1],
      consented: 2,
    });
  });

  it("given a team's own value at once, a change that waits goes on waiting", () => {
    const rows = folded(
      ["ParameterDefined", defined],
      ["ChangeProposed", { ...proposed, team: 2, value: 45n }],
      ["ValueSet", { parameter, team: 2, version: 1, value: 60n, reason: word(9) }],
    );
    expect(rows.get("parameterValue", `${parameter}/2`)).toMatchObject({ value: 60n, team: 2 });
    expect(rows.get("parameterValue", `${parameter}/0`)).toMatchObject({ value: 40n });
    expect(rows.get("parameterChange", `${parameter}/2`)).toMatchObject({ status: "pending", value: 45n });
  });

  it("given a cancelled change, the value stays", () => {
    const rows = folded(
      ["ParameterDefined", defined],
      ["ChangeProposed", proposed],
      ["ChangeCancelled", { parameter, team: 0, reason: word(9) }],
    );
    expect(rows.get("parameterValue", `${parameter}/0`)).toMatchObject({ value: 40n, version: 1 });
    expect(rows.get("parameterChange", `${parameter}/0`)).toMatchObject({ status: "cancelled" });
  });

  it("given a defined asset, it has no rate before one is set", () => {
    const asset = account(0xa);
    const bounds = { asset, minimumRate: 1n, maximumRate: 9n };
    expect(folded(["AssetDefined", bounds]).get("assetRate", asset)).toMatchObject({ rate: null, validUntil: 0 });
    const rows = folded(["AssetDefined", bounds], ["RateSet", { asset, rate: 5n, validUntil: 4_000 }]);
    expect(rows.get("assetRate", asset)).toEqual({ minimumRate: 1n, maximumRate: 9n, rate: 5n, validUntil: 4_000 });
  });
});

describe("the fold of the catalog", () => {
  it("given a retired action, its facts stay readable and it is listed no more", () => {
    const [target, selector] = [account(0xb), "0x12345678"];
    const registration = {
      target,
      signature: "pay(uint256)",
      impact: 3,
      fixedImpact: 0,
      amountWord: 0,
      assetWord: 0,
      scope: word(5),
      reversibility: 50,
      inverseTarget: account(0),
      inverseSelector: "0x00000000",
    };
    const rows = folded(
      ["ActionRegistered", { target, selector, version: 1, registration, reason: word(8) }],
      ["ActionRetired", { target, selector, version: 2, reason: word(9) }],
    );
    expect(rows.get("catalogAction", `${target}/${selector}`)).toMatchObject({
      ...registration,
      status: "retired",
      version: 2,
      since: 1_002,
      reason: word(9),
    });
  });
});
