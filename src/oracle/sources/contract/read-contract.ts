import { BaseError, RpcRequestError } from "viem";
import type { ChainClient } from "../../../chain/client.ts";
import { isContractFailure } from "../../../chain/rpc/rpc-answer.ts";
import { messageOf } from "../../../core/errors/mandate-error.ts";
import type { Hex } from "../../../core/hex.ts";
import { capture } from "../capture.ts";
import { parseDecimal } from "../parse-decimal.ts";
import { declined, unreachable, type EpochMoment, type FailedSource, type SourceReading } from "../reading.ts";
import { contractCall } from "./contract-call.ts";
import type { ContractSource } from "./contract-source.ts";

/** Reads an integer of a contract in the state after the block that closed the epoch. */
export async function readContract(
  source: ContractSource,
  { block }: EpochMoment,
  decimals: number,
  client: ChainClient,
): Promise<SourceReading> {
  const call = contractCall(source);
  let returned: string;
  try {
    // Not viem's own call: it would follow a contract that answers with addresses on the web (ERC-3668). By its hash, because the
    // block of a number may be another one by now.
    returned = await client.request({
      method: "eth_call",
      params: [
        { to: source.address, data: call.data },
        { blockHash: block.hash, requireCanonical: true },
      ],
    });
  } catch (thrown) {
    return failureOf(thrown);
  }
  return measureReturned(source, block.hash, returned, decimals);
}

/** The integer in what a call returned, rounded down to `decimals`; its evidence names block, contract, call and answer. Pure. */
export function measureReturned(source: ContractSource, block: Hex, returned: string, decimals: number): SourceReading {
  const call = contractCall(source);
  let integer: bigint;
  try {
    integer = call.decode(`0x${returned.slice(2)}`);
  } catch {
    return declined(returned === "0x" ? "no contract answers there" : "the answer is not what the function returns");
  }
  const value = parseDecimal(`${integer}e-${source.places}`, decimals);
  if (value === undefined) return declined("more digits than a value may have");
  return { ok: true, value, capture: capture(`${block} ${source.address} ${call.data} ${returned}`) };
}

/** That the contract does not answer is the contract's answer; that the endpoint does not know is not. */
function failureOf(thrown: unknown): FailedSource {
  const answered = thrown instanceof BaseError ? thrown.walk((each) => each instanceof RpcRequestError) : null;
  if (answered instanceof RpcRequestError) {
    const reason = answered.details;
    if (isContractFailure({ code: answered.code, message: reason })) return declined(reason);
    return unreachable(`the chain's endpoint: ${reason}`);
  }
  return unreachable(thrown instanceof BaseError ? thrown.shortMessage : messageOf(thrown));
}
