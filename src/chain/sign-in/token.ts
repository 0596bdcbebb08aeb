import { createHash, randomBytes } from "node:crypto";

/** A session's token that cannot be guessed: 256 random bits. */
export function newToken(): string {
  return randomBytes(32).toString("hex");
}

export function isToken(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** What a service keeps of a token: enough to know it again, not enough to use it. */
export function tokenHash(token: string): Buffer {
  return createHash("sha256").update(token, "utf8").digest();
}
