/** What an endpoint makes of one call. */
export type RpcAnswer =
  | { readonly kind: "result"; readonly value: unknown }
  /** The contract refused, which is what the chain says: as good an answer as a result. */
  | { readonly kind: "reverted"; readonly error: RpcError }
  | NoAnswer;

/** Nothing that the chain says. It speaks neither for an answer nor against one. */
export interface NoAnswer {
  readonly kind: "none";
  readonly reason: "unreachable" | "wrong-chain" | "malformed" | "behind" | "refused";
  /** For a person; without keys. */
  readonly detail: string;
  /** What the endpoint said, where it said something. */
  readonly error?: RpcError;
}

/** An error object of JSON-RPC. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** How nodes say that the contract itself failed, where they do not use code 3, which is for `revert`. */
const CONTRACT_FAILED = /revert|opcode|out ?of ?gas|stack ?(under|over)flow|invalid ?jump|evm error/i;

/** How nodes say that they do not have the block or its state: not yet, or not any more. */
const BLOCK_UNKNOWN = /not found|unknown block|header|canonical|beyond|missing trie|future block|out of ?range/i;

/** Whether an error is the contract's own. */
export function isContractFailure(error: RpcError): boolean {
  return error.code === 3 || CONTRACT_FAILED.test(error.message);
}

/** Sorts what an endpoint answered with an error. */
export function answerOfError(error: RpcError): RpcAnswer {
  if (isContractFailure(error)) return { kind: "reverted", error };
  const reason = BLOCK_UNKNOWN.test(error.message) ? "behind" : "refused";
  return { kind: "none", reason, detail: error.message, error };
}
