import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createWalletClient,
  encodeAbiParameters,
  encodeEventTopics,
  getAddress,
  http,
  parseAbi,
  parseAbiItem,
  type Abi,
  type AbiEvent,
  type Hex,
} from "viem";
import { chainOf, createChainClient, type ChainClient } from "../../src/chain/client.ts";
import { devAccount } from "../../src/chain/dev-accounts.ts";
import { startChain, type LocalChain } from "../../src/stack/chain.ts";
import { callRpc } from "../../src/stack/json-rpc.ts";
import { freePort } from "../../src/stack/ports.ts";

const root = new URL("../../", import.meta.url);
const journalMockAbi = parseAbi(["function record(bytes32[] topics, bytes data)"]);

function bytecodeOf(source: string, name: string): Hex {
  const artifact = JSON.parse(readFileSync(new URL(`artifacts/contracts/${source}/${name}.json`, root), "utf8")) as {
    bytecode: Hex;
  };
  return artifact.bytecode;
}

/** A chain on which any journaled event can be recorded: what a service makes of events can be tested event by event. */
export interface JournalChain {
  readonly chain: LocalChain;
  readonly client: ChainClient;
  /** Deploys a contract that records what it is told. */
  deployJournal(): Promise<Hex>;
  /** Records an event, with its real topics and data, in a transaction and block of its own. */
  record(journal: Hex, event: AbiEvent, args: Readonly<Record<string, unknown>>): Promise<void>;
  rpc(method: string, ...params: readonly unknown[]): Promise<unknown>;
  stop(): Promise<void>;
}

/** The event `name` of `abi`. */
export function eventOf(abi: Abi, name: string): AbiEvent {
  const found = abi.find((item) => item.type === "event" && item.name === name);
  if (found?.type !== "event") throw new TypeError(`no event ${name}`);
  return found;
}

/** An event by its Solidity declaration. */
export function declaredEvent(declaration: string): AbiEvent {
  return parseAbiItem([declaration] as never);
}

/** Starts Anvil with a block per transaction. */
export async function startJournalChain(): Promise<JournalChain> {
  const directory = mkdtempSync(join(tmpdir(), "mandate-chain-"));
  const chain = await startChain({
    port: await freePort(),
    directory,
    blockTimeSeconds: 0,
    snapshotIntervalMs: 600_000,
  });
  const client = createChainClient({ chainId: chain.chainId, rpcUrl: chain.rpcUrl });
  const wallet = createWalletClient({
    account: devAccount("deployer"), // public test mnemonic
    chain: chainOf(chain.chainId, chain.rpcUrl),
    transport: http(chain.rpcUrl),
  });
  return {
    chain,
    client,
    async deployJournal() {
      const hash = await wallet.deployContract({
        abi: journalMockAbi,
        bytecode: bytecodeOf("mocks/JournalMock.sol", "JournalMock"),
      });
      const { contractAddress } = await client.waitForTransactionReceipt({ hash });
      if (!contractAddress) throw new TypeError("no contract was deployed");
      return getAddress(contractAddress).toLowerCase() as Hex;
    },
    async record(journal, event, args) {
      const topics = encodeEventTopics({ abi: [event], eventName: event.name, args }) as Hex[];
      const plain = event.inputs.filter(({ indexed }) => !indexed);
      const data = encodeAbiParameters(plain, plain.map(({ name }) => args[name ?? ""]) as never);
      const hash = await wallet.writeContract({
        address: journal,
        abi: journalMockAbi,
        functionName: "record",
        args: [topics, data],
      });
      const receipt = await client.waitForTransactionReceipt({ hash });
      if (receipt.status !== "success") throw new Error(`${event.name} was not recorded`);
    },
    rpc: (method, ...params) => callRpc(chain.rpcUrl, method, params),
    async stop() {
      await chain.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
