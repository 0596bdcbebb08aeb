import { BaseError, ContractFunctionRevertedError, decodeErrorResult, isHex, type Abi } from "viem";
import type { Hex } from "../core/hex.ts";
import { wordsOfContractError } from "../core/errors/contract-error-words.ts";
import { MandateError, type ErrorData } from "../core/errors/mandate-error.ts";
import * as abis from "./abi.ts";

/** Errors of all contracts of the system, so that an error of an inner call is decoded as well. */
const allErrors: Abi = Object.values(abis).flatMap((abi) => (abi as Abi).filter((item) => item.type === "error"));

function plainData(names: readonly string[], values: readonly unknown[]): ErrorData {
  const data: Record<string, string | number | bigint | boolean | null> = {};
  values.forEach((value, index) => {
    const plain =
      typeof value === "bigint" || typeof value === "number" || typeof value === "boolean" ? value : String(value);
    data[names[index] ?? `argument${index}`] = plain;
  });
  return data;
}

/** The contract's typed error in `data`, or undefined where the bytes are no known error. */
export function decodeRevert(data: Hex): MandateError | undefined {
  try {
    const { errorName, args, abiItem } = decodeErrorResult({ abi: allErrors, data });
    const inputs = "inputs" in abiItem ? abiItem.inputs : [];
    const names = inputs.map((input, index) => input.name ?? `argument${index}`);
    const values = args ?? [];
    const arguments_ = plainData(names, values);
    const listed = Object.entries(arguments_).map(([name, value]) => `${name} = ${String(value)}`);
    const message = wordsOfContractError(errorName, arguments_) ?? `the contract refused: ${listed.join(", ")}`;
    return new MandateError(errorName, message, { kind: "refused", data: arguments_ });
  } catch {
    return undefined; // not an error of these contracts: the caller keeps the original
  }
}

/** Revert data of a plain request (a gas estimate, say), which viem leaves on the RPC error. */
function rawDataOf(thrown: BaseError): Hex | undefined {
  const carrier = thrown.walk(
    (each) => typeof each === "object" && each !== null && "data" in each && isHex(each.data),
  );
  return carrier !== null && "data" in carrier && isHex(carrier.data) ? carrier.data : undefined;
}

/** The contract's typed error inside what viem threw; what was thrown where there is none. */
export function contractErrorOf(thrown: unknown): unknown {
  if (!(thrown instanceof BaseError)) return thrown;
  const reverted = thrown.walk((each) => each instanceof ContractFunctionRevertedError);
  const raw = reverted instanceof ContractFunctionRevertedError ? reverted.raw : rawDataOf(thrown);
  return (raw === undefined ? undefined : decodeRevert(raw)) ?? thrown;
}
