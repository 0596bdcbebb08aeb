import { parseEventLogs, type Log, type ParseEventLogsReturnType } from "viem";
import { iAnchorsAbi, iAuthorityAbi, iAuthorityLimitsAbi, iTeamsAbi } from "../../chain/abi.ts";
import { fromBlockOf, type Session } from "../../sdk/session.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";

const abi = [...iAuthorityAbi, ...iAuthorityLimitsAbi, ...iTeamsAbi, ...iAnchorsAbi] as const;

/** An event that may change who can do what. */
export type AccessEvent = ParseEventLogsReturnType<typeof abi, undefined, true>[number];

/** A block at whose end the question is asked. */
export interface AccessBlock {
  readonly number: bigint;
  /** Seconds. */
  readonly time: number;
}

/** The latest block, or the one that is asked for. @throws {MandateError} `BlockUnknown`. */
export async function accessBlock(session: Session, number: bigint | undefined): Promise<AccessBlock> {
  try {
    const block = await session.client.getBlock(number === undefined ? {} : { blockNumber: number });
    return { number: block.number, time: Number(block.timestamp) };
  } catch (cause) {
    throw new MandateError("BlockUnknown", `the node has no block ${number ?? "latest"}`, {
      kind: "input",
      data: { block: number ?? null },
      cause,
    });
  }
}

/** Every such event up to the end of `block`, in the order of the chain. */
export async function accessEvents(session: Session, block: AccessBlock): Promise<AccessEvent[]> {
  const { Authority, Teams, Anchors } = session.deployment.contracts;
  const address = [Authority, Anchors, Teams];
  const logs: Log[] = await session.client.getLogs({
    address,
    fromBlock: fromBlockOf(session),
    toBlock: block.number,
  });
  return parseEventLogs({ abi, logs });
}
