import { MandateError, type ErrorKind } from "../core/errors/mandate-error.ts";

/** Exit codes of every command. */
export const exitCodes = {
  ok: 0,
  /** The answer is no: a check failed, a contract refused. */
  refused: 1,
  /** Wrong usage or input. */
  input: 2,
  /** Port, disk, network: correct it, or try again. */
  environment: 3,
  /** A defect of this program. */
  defect: 70,
} as const;

const codeOfKind: Record<ErrorKind, number> = {
  refused: exitCodes.refused,
  input: exitCodes.input,
  environment: exitCodes.environment,
  retry: exitCodes.environment,
  defect: exitCodes.defect,
};

export function exitCodeOf(thrown: unknown): number {
  return thrown instanceof MandateError ? codeOfKind[thrown.kind] : exitCodes.defect;
}
