import { BaseError, ContractFunctionZeroDataError } from "viem";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import { typedCauseOf } from "../../core/errors/typed-cause.ts";
import { isRpcFailure } from "../node/rpc-failure.ts";

/** What a check found wrong, on one line, and what to do about it where that is known. */
export interface CheckProblem {
  readonly detail: string;
  readonly remedy?: string;
}

/** The problem in what a check threw. Libraries explain theirs over many lines, of which the first names the cause. */
export function checkProblem(thrown: unknown): CheckProblem {
  const error = typedCauseOf(thrown);
  if (error instanceof MandateError) {
    const detail = oneLine(error.message);
    return error.remedy === undefined ? { detail } : { detail, remedy: oneLine(error.remedy) };
  }
  if (!(error instanceof BaseError)) return { detail: firstLine(messageOf(error)) };
  if (error.walk((each) => each instanceof ContractFunctionZeroDataError) !== null) {
    return {
      detail: firstLine(error.shortMessage),
      remedy: "Correct the address in the configuration, or the endpoints: on this chain no such contract is there.",
    };
  }
  const details = firstLine(error.details);
  const detail = [firstLine(error.shortMessage), ...(details === "" ? [] : [details])].join(" ");
  return isRpcFailure(error)
    ? { detail, remedy: "Try again; where it stays, name other endpoints in rpc.urls." }
    : { detail };
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}
