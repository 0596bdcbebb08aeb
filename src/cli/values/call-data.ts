import { decodeFunctionData, encodeFunctionData, isHex, type AbiFunction, type AbiParameter } from "viem";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import { dataReadSelector } from "../../core/data-action.ts";
import type { Hex } from "../../core/hex.ts";
import { argumentLines } from "../chain/preview.ts";
import type { Session } from "../../sdk/session.ts";
import { isDevAccountName, addressOrName } from "../chain/signer.ts";
import { contractNameOf, functionFrom, targetOf } from "./action.ts";
import type { AddressBook } from "./address-book.ts";
import { functionOf } from "./function-name.ts";

/** A call before anybody makes it. */
export interface CallTo {
  readonly target: Hex;
  readonly data: Hex;
}

function invalid(parameter: AbiParameter, text: string, cause?: unknown): MandateError {
  const name =
    parameter.name === undefined || parameter.name === "" ? parameter.type : `${parameter.name} (${parameter.type})`;
  return new MandateError("ArgumentInvalid", `${text} is no value of the argument ${name}`, {
    kind: "input",
    data: { argument: name, value: text },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** An argument from the command line; lists and tuples are written as JSON. */
function argumentOf(session: Session, parameter: AbiParameter, text: string): unknown {
  const { type } = parameter;
  if (type.endsWith("]") || type.startsWith("tuple")) {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw invalid(parameter, text, cause);
    }
  }
  if (/^u?int/.test(type)) {
    if (!/^-?\d{1,78}$/.test(text)) throw invalid(parameter, text);
    return BigInt(text);
  }
  if (type === "bool") {
    if (text !== "true" && text !== "false") throw invalid(parameter, text);
    return text === "true";
  }
  if (type === "address") return isDevAccountName(text) ? addressOrName(text) : targetOf(session, text);
  if (type.startsWith("bytes") && !isHex(text)) throw invalid(parameter, text);
  return text;
}

/**
 * The call of a function with its arguments as texts.
 * @throws {MandateError} `FunctionInvalid`, `TargetUnknown`, `ArgumentsMissing`, `ArgumentInvalid`.
 */
export function callTo(session: Session, target: string, signature: string, texts: readonly string[]): CallTo {
  const item = functionFrom(signature, contractNameOf(session, target));
  if (item.inputs.length !== texts.length) {
    const wanted = item.inputs.map(({ name, type }) => [type, name].filter((part) => part !== undefined).join(" "));
    throw new MandateError(
      "ArgumentsMissing",
      `${item.name} takes ${item.inputs.length} arguments (${wanted.join(", ")}), not ${texts.length}`,
      { kind: "input", data: { required: item.inputs.length, given: texts.length } },
    );
  }
  const args = item.inputs.map((parameter, index) => argumentOf(session, parameter, texts[index] ?? ""));
  try {
    return { target: targetOf(session, target), data: encodeFunctionData({ abi: [item], args }) };
  } catch (cause) {
    throw new MandateError(
      "ArgumentInvalid",
      `the arguments do not fit ${item.name}: ${messageOf(cause).split("\n", 1)[0] ?? ""}`,
      {
        kind: "input",
        cause,
      },
    );
  }
}

/** @throws where the data are not a call of the function. */
export function argumentsIn(item: AbiFunction, data: Hex): readonly unknown[] {
  const decoded: { readonly args?: readonly unknown[] | undefined } = decodeFunctionData({ abi: [item], data });
  return decoded.args ?? []; // a function without arguments has none, whatever its type says
}

/** A call in words, argument by argument; undefined where no contract of the system declares the function. */
export function decodedCall(call: CallTo, book: AddressBook): string[] | undefined {
  const item = functionOf(call.data.slice(0, 10) as Hex);
  if (item === undefined || call.data.slice(0, 10) === dataReadSelector) return undefined;
  try {
    const args = argumentsIn(item, call.data);
    if (encodeFunctionData({ abi: [item], args }) !== call.data.toLowerCase()) return undefined; // bytes that no argument shows
    const lines = item.inputs.flatMap((parameter, index) => argumentLines(parameter, args[index], "  ", book));
    return [`${book.full(call.target)}, function ${item.name}`, ...lines];
  } catch {
    return undefined; // its arguments are not those of the function: nobody may take a guess for the call
  }
}
