import { BaseError } from "viem";
import { MandateError, messageOf, type ErrorData } from "../../core/errors/mandate-error.ts";
import type { OperatorConfiguration } from "../configuration/operator-configuration.ts";
import { isRpcFailure } from "../node/rpc-failure.ts";
import { redacting } from "../../chain/hosting/secret.ts";
import { keysInUrl } from "../../chain/rpc/rpc-configuration.ts";
import { readSourceSecrets } from "../sources/source-secrets.ts";

type Redact = (text: string) => string;

/** What takes an operator's secrets out of a text; where some cannot be read, the others: what is unknown is in no text. */
export function redactionOf(configuration: OperatorConfiguration): Redact {
  try {
    return readSourceSecrets(configuration).redact;
  } catch {
    return redacting(configuration.rpc.urls.flatMap(keysInUrl));
  }
}

/**
 * What `work` resolves to. Errors that it throws are told without the secrets that libraries quote in their own.
 * @throws {MandateError} `ChainUnreachable` where the endpoint failed; otherwise what `work` throws, redacted.
 */
export async function withoutSecrets<Result>(
  configuration: OperatorConfiguration,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    throw redacted(thrown, redactionOf(configuration));
  }
}

function redacted(thrown: unknown, redact: Redact): Error {
  if (thrown instanceof MandateError) {
    const { code, message, kind, data, remedy, cause } = thrown;
    return new MandateError(code, redact(message), {
      kind,
      data: redactedData(data, redact),
      ...(remedy === undefined ? {} : { remedy: redact(remedy) }),
      ...(cause === undefined ? {} : { cause: redacted(cause, redact) }),
    });
  }
  if (isRpcFailure(thrown)) {
    const said = thrown instanceof BaseError ? thrown.details || thrown.shortMessage : messageOf(thrown);
    return new MandateError("ChainUnreachable", `the chain's endpoint failed: ${redact(said)}`, {
      kind: "retry",
      remedy: "Start it, or correct `rpc.urls`; `mandate oracle check` tries it.",
    });
  }
  if (!(thrown instanceof Error)) return new Error(redact(String(thrown)));
  const copy = new Error(redact(thrown.message)); // its own cause and fields may quote anything
  copy.name = thrown.name;
  copy.stack = redact(thrown.stack ?? thrown.message);
  return copy;
}

function redactedData(data: ErrorData, redact: Redact): ErrorData {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, typeof value === "string" ? redact(value) : value]),
  );
}
