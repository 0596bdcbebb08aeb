import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

const ITERATIONS = 4_096;

/**
 * What PostgreSQL stores for a password (SCRAM-SHA-256, RFC 5802), computed here so that the password itself reaches neither
 * the server nor its log.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, "sha256");
  const keyed = (label: string): Buffer => createHmac("sha256", salted).update(label).digest();
  const storedKey = createHash("sha256").update(keyed("Client Key")).digest();
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString("base64")}$${storedKey.toString("base64")}:${keyed("Server Key").toString("base64")}`;
}
