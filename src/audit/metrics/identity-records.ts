import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";

/** What of an identity record the auditor needs: whose it is. Its hash binds all of it. */
const recordSchema = z.looseObject({
  kind: z.literal("mandate.identity/1"),
  account: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
});

/** Reads the records in a directory; other files are passed over. @returns Whether one with this hash is an anchor's. */
export function loadIdentityRecords(directory: string): (anchor: Hex, identity: Hex) => boolean {
  const kept = new Set<string>();
  for (const name of readdirSync(directory)) {
    if (!name.endsWith(".json")) continue;
    const parsed = parse(readFileSync(join(directory, name), "utf8"));
    const record = recordSchema.safeParse(parsed);
    if (record.success) kept.add(`${record.data.account.toLowerCase()} ${documentHash(parsed)}`);
  }
  return (anchor, identity) => kept.has(`${anchor} ${identity}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a directory of documents holds other files, too
  }
}
