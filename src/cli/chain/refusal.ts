import { contractErrorOf } from "../../chain/decode-revert.ts";
import { wordsOfContractError } from "../../core/errors/contract-error-words.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";

/** What a contract or node answered, as an error with the contract's own name for it and words for a person. */
export function refusalOf(thrown: unknown): unknown {
  const decoded = contractErrorOf(thrown);
  if (!(decoded instanceof MandateError)) return thrown;
  const words = wordsOfContractError(decoded.code, decoded.data);
  if (words === undefined) return decoded;
  return new MandateError(decoded.code, decoded.message, {
    kind: "refused",
    data: decoded.data,
    remedy: words,
    cause: thrown,
  });
}
