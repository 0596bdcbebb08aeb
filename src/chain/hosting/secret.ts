import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { MandateError } from "../../core/errors/mandate-error.ts";

/** Where a secret stands: never in the configuration itself, which people copy and commit. */
export const secretSchema = z.union([
  z.strictObject({ file: z.string().min(1) }),
  z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/) }),
]);

export type SecretPlace = z.infer<typeof secretSchema>;

/** Shorter ones are guessed, and cannot be told from ordinary words in a text. */
const MINIMUM_LENGTH = 8;

/** @throws {MandateError} `SecretMissing`, `SecretTooShort`. Neither says anything of the secret. */
export function readSecret(
  place: SecretPlace,
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const where = "file" in place ? resolve(directory, place.file) : `the environment variable ${place.env}`;
  let secret: string | undefined;
  try {
    secret = "file" in place ? readFileSync(where, "utf8").trim() : environment[place.env];
  } catch (cause) {
    throw new MandateError("SecretMissing", `cannot read the secret in ${where}`, { kind: "input", cause });
  }
  if (secret === undefined || secret === "") {
    throw new MandateError("SecretMissing", `there is no secret in ${where}`, { kind: "input" });
  }
  if (secret.length < MINIMUM_LENGTH) {
    throw new MandateError("SecretTooShort", `the secret in ${where} has fewer than ${MINIMUM_LENGTH} characters`, {
      kind: "input",
      data: { actual: secret.length, minimum: MINIMUM_LENGTH },
    });
  }
  return secret;
}

/** Takes every one of `secrets` out of a text. */
export function redacting(secrets: readonly string[]): (text: string) => string {
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
}
