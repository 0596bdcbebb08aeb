import { randomBytes } from "node:crypto";
import { getAddress } from "viem";
import { z } from "zod";
import { hexOf, type Hex } from "../../core/hex.ts";
import type { DocumentState, DocumentStore } from "./document-store.ts";

const text = z.string().min(1).max(200);

/**
 * Who an anchor is: kept off chain so that it can be erased. Its hash stands on chain and is signed by the anchor's oath; the
 * salt keeps whoever knows the hash from finding name and role by trying once the record is erased.
 */
export const identityRecordSchema = z.strictObject({
  kind: z.literal("mandate.identity/1"),
  name: text,
  role: text,
  organization: text,
  account: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/)
    .transform((address) => address as Hex),
  salt: z.string().regex(/^0x[0-9a-f]{64}$/),
});

export type IdentityRecord = z.infer<typeof identityRecordSchema>;

export function newIdentityRecord(who: {
  readonly name: string;
  readonly role: string;
  readonly organization: string;
  readonly account: Hex;
}): IdentityRecord {
  return identityRecordSchema.parse({
    kind: "mandate.identity/1",
    ...who,
    account: getAddress(who.account),
    salt: hexOf(randomBytes(32)),
  });
}

/** What is known of an anchor's identity. `altered`: what is here is not what was enrolled, or is another account's. */
export type IdentityState =
  | { readonly state: "present"; readonly record: IdentityRecord }
  | { readonly state: Exclude<DocumentState["state"], "present"> };

/** Looks for the record of which the chain has the hash. */
export function identityOf(store: DocumentStore, anchor: Hex, hash: Hex): IdentityState {
  const found = store.find(hash);
  if (found.state !== "present") return found;
  const parsed = identityRecordSchema.safeParse(found.document);
  if (!parsed.success || parsed.data.account.toLowerCase() !== anchor.toLowerCase()) return { state: "altered" };
  return { state: "present", record: parsed.data };
}
