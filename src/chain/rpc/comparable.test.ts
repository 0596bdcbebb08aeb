import { describe, expect, it } from "vitest";
import { comparable } from "./comparable.ts";

const same = (method: string, a: unknown, b: unknown): void =>
  expect(JSON.stringify(comparable(method, a))).toBe(JSON.stringify(comparable(method, b)));
const different = (method: string, a: unknown, b: unknown): void =>
  expect(JSON.stringify(comparable(method, a))).not.toBe(JSON.stringify(comparable(method, b)));

describe("comparable", () => {
  const log = { address: "0xAB", topics: ["0xCD"], data: "0x", blockHash: "0x01", logIndex: "0x0" };

  it("given what clients add, order or spell differently, it is the same", () => {
    same("eth_getBlockByNumber", { hash: "0xAB", totalDifficulty: "0x0" }, { size: "0x1", hash: "0xab", uncles: [] });
    same("eth_getLogs", [{ ...log, blockTimestamp: "0x1" }], [{ ...log, removed: false }]);
    same("eth_getTransactionReceipt", { status: "0x1", logs: [log], root: "0x" }, { logs: [log], status: "0x1" });
    same("eth_call", "0xAbCd", "0xabcd");
    same("eth_getProof", { b: "0x1", a: [{ d: null, c: "0xA" }] }, { a: [{ c: "0xa", d: null }], b: "0x1" });
  });

  it("given anything else that differs, it differs, and only what is compared is handed on", () => {
    different("eth_getBlockByNumber", { hash: "0xab", timestamp: "0x1" }, { hash: "0xab", timestamp: "0x2" });
    different("eth_getLogs", [log], [{ ...log, topics: ["0xce"] }]);
    different("eth_getLogs", [log], []);
    different("eth_getTransactionReceipt", { status: "0x1", logs: [] }, { status: "0x0", logs: [] });
    different("eth_call", "0x00", "0x");
    expect(comparable("eth_getTransactionReceipt", null)).toBeNull();
    expect(comparable("eth_getBlockByHash", { hash: "0xAB", secret: 1 })).not.toHaveProperty("secret");
  });

  it("given a result of another shape, it is no result that a caller could read", () => {
    expect(comparable("eth_getLogs", "0x")).toBeNull();
    expect(comparable("eth_getBlockByHash", "0x")).toMatchObject({ hash: null });
  });
});
