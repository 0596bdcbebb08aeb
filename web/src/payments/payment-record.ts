import { z } from "zod";
import { bytes32Schema } from "../../../src/core/api/primitives.ts";
import { hexOf, type Hex } from "../../../src/core/hex.ts";

/**
 * What a payment leaves behind in this browser before anything is sent, so that a reload, a second tab or a lost answer of
 * the wallet ends in the same payment: the intent is refused by the vault the second time it comes.
 */
const paymentRecordSchema = z.strictObject({
  intent: bytes32Schema,
  /** Transaction that was sent last; null while none is known. */
  transaction: bytes32Schema.nullable(),
});
export type PaymentRecord = z.infer<typeof paymentRecordSchema>;

/** Who pays what, where: one record each. */
export interface PaymentKey {
  readonly chainId: number;
  readonly vault: Hex;
  readonly account: Hex;
  readonly project: Hex;
}

export function paymentName(key: PaymentKey): string {
  return ["mandate.payment", key.chainId, key.vault, key.account, key.project].join(":").toLowerCase();
}

export function loadPayment(storage: Storage, key: PaymentKey): PaymentRecord | undefined {
  const text = storage.getItem(paymentName(key));
  if (text === null) return undefined;
  const record = paymentRecordSchema.safeParse(JSON.parse(text));
  return record.success ? record.data : undefined;
}

export function savePayment(storage: Storage, key: PaymentKey, record: PaymentRecord): void {
  storage.setItem(paymentName(key), JSON.stringify(record));
}

/** The payment that was begun for `key`, or a new one with a fresh random intent, saved before it is used. */
export function beginPayment(storage: Storage, key: PaymentKey): PaymentRecord {
  const begun = loadPayment(storage, key);
  if (begun !== undefined) return begun;
  const record = { intent: hexOf(crypto.getRandomValues(new Uint8Array(32))), transaction: null };
  savePayment(storage, key, record);
  return record;
}

export function forgetPayment(storage: Storage, key: PaymentKey): void {
  storage.removeItem(paymentName(key));
}
