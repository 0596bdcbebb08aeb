import { resolve } from "node:path";
import type { Command } from "commander";
import { isHex } from "viem";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import type { ConsentOptions } from "../../oracle/operations/operator-consent.ts";
import { addressOrName } from "../chain/signer.ts";
import { countOf } from "../values/count.ts";

/** What says how an operator agrees to a key of its own, when it is not the configured signing key itself. */
export interface ConsentFlags {
  readonly operator?: Hex;
  readonly operatorKey?: string;
  readonly signature?: Hex;
  readonly deadline?: number;
}

function signatureOf(text: string): Hex {
  if (isHex(text, { strict: true }) && text.length % 2 === 0) return text;
  throw new MandateError("SignatureMalformed", `${text} is no signature`, {
    kind: "input",
    remedy: "Write it as 0x and hexadecimal digits.",
  });
}

export function addConsentOptions(command: Command): Command {
  return command
    .option("--operator <address>", "operator (default: whose delegate keys.signing is)", addressOrName)
    .option("--operator-key <file>", "file with the operator's own key, where it is at hand")
    .option(
      "--signature <hex>",
      "what the operator's own key signed of the message shown, with --deadline",
      signatureOf,
    )
    .option("--deadline <seconds>", "deadline that stands in the message", countOf);
}

export function consentOptionsOf({ operator, operatorKey, signature, deadline }: ConsentFlags): ConsentOptions {
  const keyFile = operatorKey === undefined ? undefined : resolve(operatorKey);
  return { operator, keyFile, signature, deadline };
}

/** What to do with a message that the operator has yet to sign. */
export function unsignedText(message: string, deadline: number): string {
  return [
    "Nothing was sent: the operator's own key has to sign this EIP-712 message first.",
    message,
    `Then run this again with --deadline ${deadline} --signature 0x…`,
  ].join("\n");
}
