import { decodeAbiParameters, encodeFunctionData, parseAbiItem, type Abi, type AbiFunction } from "viem";
import { bytesOf, type Hex } from "../../../core/hex.ts";

const ELEMENTARY = /^(u?int\d*|address|bool|bytes\d*|string)$/;
const INTEGER = /^u?int\d*$/;

/** A function as a definition names it, such as `function balanceOf(address owner) view returns (uint256)`. */
export interface CallText {
  readonly function: string;
  readonly args: readonly string[];
  /** Place, from 0, of the integer among what the function returns. */
  readonly output: number;
}

/** A call that can be made, with what reads its answer. */
export interface ContractCall {
  readonly data: Hex;
  /** @throws where the answer is not what the function returns. */
  decode(returned: Hex): bigint;
}

/**
 * Prepares a call. Pure.
 * @throws {Error} where the text is no function that only reads, an argument does not fit, or the output is no integer.
 */
export function contractCall({ function: text, args, output }: CallText): ContractCall {
  const abi = viewFunction(text);
  const result = abi.outputs[output];
  if (result === undefined || !INTEGER.test(result.type)) throw new Error(`output ${output} is no integer`);
  if (args.length !== abi.inputs.length) throw new Error(`${abi.inputs.length} arguments are needed`);
  const values = abi.inputs.map(({ type }, index) => argumentOf(type, args[index] ?? ""));
  return {
    data: encodeFunctionData({ abi: [abi], functionName: abi.name, args: values }),
    decode: (returned) => {
      const value: unknown = decodeAbiParameters(abi.outputs, returned)[output];
      // Small integers are decoded to numbers, which hold them exactly.
      return typeof value === "bigint" ? value : BigInt(value as number);
    },
  };
}

function viewFunction(text: string): AbiFunction {
  const abi: Abi[number] = parseAbiItem(text);
  if (abi.type !== "function" || !["view", "pure"].includes(abi.stateMutability)) {
    throw new Error("only a function that is view or pure");
  }
  const odd = [...abi.inputs, ...abi.outputs].find(({ type }) => !ELEMENTARY.test(type));
  if (odd !== undefined) throw new Error(`${odd.type} is not an elementary type`);
  return abi;
}

function argumentOf(type: string, text: string): unknown {
  if (INTEGER.test(type)) {
    if (!/^(0|-?[1-9]\d{0,77})$/.test(text)) throw new Error(`${JSON.stringify(text)} is no ${type}`);
    return BigInt(text);
  }
  if (type === "bool") {
    if (text !== "true" && text !== "false") throw new Error(`${JSON.stringify(text)} is no bool`);
    return text === "true";
  }
  if (type === "string") return text;
  if (!/^0x([0-9a-f]{2})*$/.test(text))
    throw new Error(`${JSON.stringify(text)} is no ${type} in lower-case hexadecimal`);
  const bytes = type === "address" ? 20 : Number(type.slice("bytes".length) || bytesOf(text as Hex).length);
  if (bytesOf(text as Hex).length !== bytes) throw new Error(`${JSON.stringify(text)} is no ${type}`);
  return text;
}
