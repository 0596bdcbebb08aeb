import { isHex, toFunctionSelector } from "viem";
import type { ContractName } from "../../chain/deployment.ts";
import { dataReadSelector, dataTarget } from "../../core/data-action.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { addressOf, type Session } from "../chain/session.ts";

/** One function of one target, as the authority knows it. */
export interface NamedAction {
  readonly target: Hex;
  readonly selector: Hex;
}

function targetOf(session: Session, text: string): Hex {
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

function selectorOf(signature: string): Hex {
  if (/^0x[0-9a-fA-F]{8}$/.test(signature)) return signature as Hex;
  try {
    return toFunctionSelector(`function ${signature}`);
  } catch (cause) {
    throw new MandateError(
      "FunctionInvalid",
      `${signature} is no function: write it as withdraw(bytes32,address,address,uint256)`,
      {
        kind: "input",
        data: { signature },
        cause,
      },
    );
  }
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
  return { target: targetOf(session, target), selector: selectorOf(signature) };
}
