import type { Abi, ContractFunctionArgs, ContractFunctionName, ContractFunctionReturnType } from "viem";
import { iAuthorityAbi } from "../../chain/abi.ts";
import type { ChainClient } from "../../chain/client.ts";
import { createChainReader } from "../../chain/follow/chain-reader.ts";
import { readHistory } from "../../chain/history/read-history.ts";
import type { ArgumentsOf, DecodedEvent, EventName } from "../../chain/events/decode-event.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { keccak256Text } from "../../core/keccak.ts";
import type { Hex } from "../../core/hex.ts";
import type { ContractCall } from "../../sdk/contract-call.ts";

/** Contracts of the registry in which somebody can hold something. */
export type RegisteredName =
  | "Authority"
  | "Anchors"
  | "Teams"
  | "Escalations"
  | "Membership"
  | "HeartbeatOracle"
  | "BudgetVault"
  | "StrategyForks";

type Reading = "view" | "pure";
type Writing = "nonpayable" | "payable";

/** The system at one block: its complete record, and its state there. */
export class SystemView {
  readonly block: { readonly number: bigint; readonly timestamp: number };
  readonly client: ChainClient;
  private readonly events: readonly DecodedEvent[];
  private readonly registry: ReadonlyMap<string, readonly Hex[]>;

  private constructor(
    client: ChainClient,
    record: Awaited<ReturnType<typeof readHistory>>,
    registry: ReadonlyMap<string, readonly Hex[]>,
  ) {
    this.client = client;
    this.block = { number: record.block.number, timestamp: Number(record.block.timestamp) };
    this.events = record.events;
    this.registry = registry;
  }

  /** Reads and proves the record up to the newest block. @throws {MandateError} `JournalMismatch`, `ChainUnavailable`. */
  static async read(
    client: ChainClient,
    place: { readonly authority: Hex; readonly fromBlock: bigint },
  ): Promise<SystemView> {
    const record = await readHistory(createChainReader(client), place);
    const registry = new Map<string, Hex[]>();
    for (const { name, args } of record.events) {
      if (name !== "ContractRegistered") continue;
      const kind = String(args["kind"]);
      registry.set(kind, [...(registry.get(kind) ?? []), args["account"] as Hex]);
    }
    registry.set(keccak256Text("Authority"), [place.authority.toLowerCase() as Hex]);
    return new SystemView(client, record, registry);
  }

  /** Addresses of the registered contracts of a kind. */
  all(name: RegisteredName): readonly Hex[] {
    return this.registry.get(keccak256Text(name)) ?? [];
  }

  get authority(): Hex {
    const [authority] = this.all("Authority");
    if (authority === undefined) throw new TypeError("a system has an authority");
    return authority;
  }

  /** Arguments of every event of a name, with the contract that recorded it, oldest first. */
  eventsNamed<N extends EventName>(name: N): { readonly args: ArgumentsOf<N>; readonly contract: Hex }[] {
    // The name was matched together with its ABI: the arguments are of that name's type.
    return this.events
      .filter((event) => event.name === name)
      .map(({ args, log }) => ({ args: args as unknown as ArgumentsOf<N>, contract: log.address }));
  }

  /** What a contract answers at the block. @throws {MandateError} `StateUnavailable`. */
  async read<
    const TAbi extends Abi,
    Name extends ContractFunctionName<TAbi, Reading>,
    const Args extends ContractFunctionArgs<TAbi, Reading, Name>,
  >(
    address: Hex,
    abi: TAbi,
    functionName: Name,
    args: Args,
  ): Promise<ContractFunctionReturnType<TAbi, Reading, Name, Args>> {
    try {
      const parameters = { address, abi, functionName, args, blockNumber: this.block.number };
      return (await this.client.readContract(parameters as Parameters<ChainClient["readContract"]>[0])) as never;
    } catch (cause) {
      throw new MandateError(
        "StateUnavailable",
        `${functionName} of ${address} could not be read at block ${this.block.number}`,
        {
          kind: "retry",
          cause,
          data: { address, block: this.block.number },
        },
      );
    }
  }

  /** Members of a role at the block, with the delay that each acts with. */
  async membersOf(role: bigint): Promise<readonly { readonly account: Hex; readonly delaySeconds: number }[]> {
    const named = this.eventsNamed("RoleGranted").filter(({ args }) => args.roleId === role);
    const accounts = [...new Set(named.map(({ args }) => args.account))];
    const access = await Promise.all(
      accounts.map(async (account) => {
        const [isMember, delaySeconds] = await this.read(this.authority, iAuthorityAbi, "hasRole", [role, account]);
        return { account, isMember, delaySeconds };
      }),
    );
    return access.filter(({ isMember }) => isMember).map(({ account, delaySeconds }) => ({ account, delaySeconds }));
  }
}

/** A call of a registered contract; its arguments are checked against the ABI by the compiler. */
export function callOf<const TAbi extends Abi, Name extends ContractFunctionName<TAbi, Writing>>(
  contract: string,
  address: Hex,
  abi: TAbi,
  functionName: Name,
  args: ContractFunctionArgs<TAbi, Writing, Name>,
): ContractCall {
  return { contract, address, abi, functionName, args: args as readonly unknown[], value: 0n };
}
