import { encodeFunctionData } from "viem";
import { contractErrorOf, decodeRevert } from "../chain/decode-revert.ts";
import { MandateError, messageOf } from "../core/errors/mandate-error.ts";
import type { Hex } from "../core/hex.ts";
import type { ContractCall } from "./contract-call.ts";
import { simulate } from "./send.ts";
import type { Session } from "./session.ts";

/**
 * Asks the chain whether the calls would succeed now, one after the other: an approval, and the payment that needs it.
 * @returns gas of all of them together.
 * @throws {MandateError} the contract's typed error of the first that would fail.
 */
export async function simulateAll(session: Session, from: Hex, calls: readonly ContractCall[]): Promise<bigint> {
  const { client } = session;
  const encoded = calls.map(({ address, abi, functionName, args, value }) => ({
    account: from,
    to: address,
    data: encodeFunctionData({ abi, functionName, args }),
    value,
  }));
  const [call] = calls;
  const [data] = encoded;
  if (call !== undefined && data !== undefined && calls.length === 1) {
    await simulate(session, from, call);
    try {
      return await client.estimateGas(data);
    } catch (thrown) {
      throw contractErrorOf(thrown);
    }
  }
  const [block] = await client.simulateBlocks({ blocks: [{ calls: encoded }] });
  let gas = 0n;
  for (const [index, result] of (block?.calls ?? []).entries()) {
    if (result.status === "failure") {
      const name = `${calls[index]?.contract ?? ""}.${calls[index]?.functionName ?? ""}`;
      throw (
        decodeRevert(result.data) ??
        new MandateError("CallWouldFail", `${name} would fail: ${messageOf(result.error)}`, { kind: "refused" })
      );
    }
    gas += result.gasUsed;
  }
  return gas;
}
