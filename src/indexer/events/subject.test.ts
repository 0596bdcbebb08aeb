import { expect, it } from "vitest";
import type { Hex } from "../../core/hex.ts";
import { subjectOf } from "./subject.ts";

const address: Hex = "0x00000000000000000000000000000000000000c0";

it.each([
  ["AssetTripped", { asset: "0xa", trips: 1 }, { entity: "safety", id: "0xa" }],
  ["AssetReset", { asset: "0xa", trips: 1 }, { entity: "safety", id: "0xa" }],
  ["ShortfallShown", { asset: "0xa" }, { entity: "safety", id: "0xa" }],
  ["TrippedByGuardian", { target: "0xb" }, { entity: "safety", id: "0xb" }],
  ["OracleTripped", { report: 4 }, { entity: "safety", id: address }],
  ["OracleReset", { report: 4 }, { entity: "safety", id: address }],
  ["LimitsSet", {}, { entity: "safety", id: address }],
  ["PaymentCoSigned", { project: "0xd", milestone: 1 }, { entity: "project", id: "0xd" }],
  ["LeaseExtended", { project: "0xd", report: 1 }, { entity: "project", id: "0xd" }],
  ["WithdrawalApproved", { pool: "0xe", asset: "0xa" }, { entity: "pool", id: "0xe" }],
  ["AssetAllowed", { asset: "0xa" }, { entity: "asset", id: "0xa" }],
])("given %s, a page reads its subject again", (name, args, subject) => {
  expect(subjectOf({ name, args, log: { address } })).toEqual(subject);
});
