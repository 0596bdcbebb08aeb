import { beforeEach, describe, expect, it } from "vitest";
import {
  beginPayment,
  forgetPayment,
  loadPayment,
  paymentName,
  savePayment,
  type PaymentKey,
} from "./payment-record.ts";

/** The part of `Storage` that survives a reload, without a browser. */
class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>();
  get length(): number {
    return this.#items.size;
  }
  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }
  getItem(name: string): string | null {
    return this.#items.get(name) ?? null;
  }
  setItem(name: string, value: string): void {
    this.#items.set(name, value);
  }
  removeItem(name: string): void {
    this.#items.delete(name);
  }
  clear(): void {
    this.#items.clear();
  }
}

const key: PaymentKey = { chainId: 1, vault: "0xAA", account: "0xBB", project: "0xCC" };
let storage: Storage;

beforeEach(() => {
  storage = new MemoryStorage();
});

describe("the record of a payment", () => {
  it("given a payment that was begun, when it is begun again, it keeps its intent", () => {
    const first = beginPayment(storage, key);
    expect(first.transaction).toBeNull();
    expect(beginPayment(storage, key)).toEqual(first);
  });

  it("given a sent payment, when the page is reloaded, it knows the transaction", () => {
    const { intent } = beginPayment(storage, key);
    savePayment(storage, key, { intent, transaction: `0x${"ab".repeat(32)}` });
    expect(beginPayment(storage, key)).toEqual({ intent, transaction: `0x${"ab".repeat(32)}` });
  });

  it("given a settled payment, when another is begun, it has another intent", () => {
    const { intent } = beginPayment(storage, key);
    forgetPayment(storage, key);
    expect(loadPayment(storage, key)).toBeUndefined();
    expect(beginPayment(storage, key).intent).not.toBe(intent);
  });

  it("keeps payments of other chains, vaults, accounts and projects apart, whatever the case of an address", () => {
    const others: PaymentKey[] = [
      { ...key, chainId: 2 },
      { ...key, vault: "0xAB" },
      { ...key, account: "0xBC" },
      { ...key, project: "0xCD" },
    ];
    expect(new Set([key, ...others].map(paymentName)).size).toBe(5);
    expect(paymentName({ ...key, vault: "0xaa" })).toBe(paymentName(key));
  });

  it("given a damaged record, when it is loaded, it counts as none", () => {
    storage.setItem(paymentName(key), JSON.stringify({ intent: "0x12" }));
    expect(loadPayment(storage, key)).toBeUndefined();
  });
});
