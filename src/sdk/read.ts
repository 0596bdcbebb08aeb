import type { Abi, ContractFunctionArgs, ContractFunctionName, ContractFunctionReturnType } from "viem";
import type { ContractName } from "../chain/deployment.ts";
import { addressOf, type Session } from "./session.ts";

type Reading = "view" | "pure";

/** Asks one of the system's contracts; arguments and answer are typed by its ABI. */
export async function read<
  const TAbi extends Abi,
  Name extends ContractFunctionName<TAbi, Reading>,
  const Args extends ContractFunctionArgs<TAbi, Reading, Name>,
>(
  session: Session,
  contract: ContractName,
  abi: TAbi,
  functionName: Name,
  args: Args,
): Promise<ContractFunctionReturnType<TAbi, Reading, Name, Args>> {
  const address = addressOf(session, contract);
  const answer = await session.client.readContract({ address, abi, functionName, args } as never);
  return answer as ContractFunctionReturnType<TAbi, Reading, Name, Args>;
}

/** Seconds on the clock of the chain, as of its latest block. */
export async function chainTime(session: Session): Promise<number> {
  return Number((await session.client.getBlock()).timestamp);
}
