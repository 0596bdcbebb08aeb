import { parseEventLogs, type Abi, type ContractEventName, type Log, type ParseEventLogsReturnType } from "viem";
import { fromBlockOf, type Session } from "./session.ts";
import type { Hex } from "../core/hex.ts";

/** Events of one contract from the beginning of the deployment, oldest first. */
export async function eventsOf<const TAbi extends Abi, Name extends ContractEventName<TAbi>>(
  session: Session,
  address: Hex,
  abi: TAbi,
  eventName: Name,
): Promise<ParseEventLogsReturnType<TAbi, Name, true>> {
  const logs: Log[] = await session.client.getLogs({ address, fromBlock: fromBlockOf(session) });
  return parseEventLogs<TAbi, true, Name>({ abi, eventName, logs, strict: true });
}
