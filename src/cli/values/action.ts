import { isHex, parseAbi, toFunctionSelector, toFunctionSignature, type AbiFunction } from "viem";
import type { ContractName } from "../../chain/deployment.ts";
import { dataReadSelector, dataTarget } from "../../core/data-action.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { functionOf, functionsNamed } from "./function-name.ts";

/** One function of one target, as the authority knows it. */
export interface NamedAction {
  readonly target: Hex;
  readonly selector: Hex;
}

/** A contract by name or address. @throws {MandateError} `TargetUnknown`. */
export function targetOf(session: Session, text: string): Hex {
  if (isHex(text) && text.length === 42) return text;
  if (Object.hasOwn(session.deployment.contracts, text)) return addressOf(session, text as ContractName);
  const names = Object.keys(session.deployment.contracts).join(", ");
  throw new MandateError(
    "TargetUnknown",
    `${text} is no address, no data resource (scheme://…), and none of ${names}`,
    {
      kind: "input",
      data: { target: text },
    },
  );
}

function named(name: string, contract: string | undefined): AbiFunction {
  const [only, ...others] = functionsNamed(name, contract);
  if (only !== undefined && others.length === 0) return only;
  const signatures = [only, ...others].filter((each) => each !== undefined).map(toFunctionSignature);
  throw new MandateError(
    "FunctionInvalid",
    only === undefined
      ? `${name} is no function of ${contract ?? "the system's contracts"}: write it as withdraw(bytes32,address,address,uint256)`
      : `${name} names several functions: say which of ${signatures.join(", ")}`,
    { kind: "input", data: { name } },
  );
}

/**
 * A function by its signature, by its selector, or by its name alone where only one function of the contract has it.
 * @param contract Name of the contract, where it is one of the deployment.
 * @throws {MandateError} `FunctionInvalid`.
 */
export function functionFrom(text: string, contract?: string): AbiFunction {
  if (/^[a-zA-Z_$][\w$]*$/.test(text) && !isHex(text)) return named(text, contract);
  try {
    const known = isHex(text) ? functionOf(text) : undefined;
    if (known !== undefined) return known;
    const [item] = parseAbi<readonly string[]>([`function ${text}`]);
    if (item?.type === "function") return item;
    throw new TypeError("it declares no function");
  } catch (cause) {
    throw new MandateError(
      "FunctionInvalid",
      `${text} is no function: write it as withdraw(bytes32,address,address,uint256)`,
      { kind: "input", data: { signature: text }, cause },
    );
  }
}

/** The name that the deployment has for a contract, given as its name or its address. */
export function contractNameOf(session: Session, text: string): string | undefined {
  return Object.entries(session.deployment.contracts).find(
    ([name, address]) => name === text || address?.toLowerCase() === text.toLowerCase(),
  )?.[0];
}

function selectorOf(session: Session, target: string, text: string): Hex {
  if (/^0x[0-9a-fA-F]{8}$/.test(text)) return text as Hex;
  return toFunctionSelector(functionFrom(text, contractNameOf(session, target)));
}

/**
 * A contract's function, or the reading of a data resource, which needs no function named.
 * @throws {MandateError} `TargetUnknown`, `FunctionMissing`, `FunctionInvalid`.
 */
export function actionOf(session: Session, target: string, signature: string | undefined): NamedAction {
  if (target.includes("://")) return { target: dataTarget(target), selector: dataReadSelector };
  if (signature === undefined) {
    throw new MandateError(
      "FunctionMissing",
      "say which function: --function 'withdraw(bytes32,address,address,uint256)'",
      { kind: "input" },
    );
  }
  return { target: targetOf(session, target), selector: selectorOf(session, target, signature) };
}
