import { z } from "zod";
import { contractKind } from "../chain/contract-kind.ts";
import { MandateError } from "../core/errors/mandate-error.ts";
import type { Hex } from "../core/hex.ts";
import { finding, type Finding } from "./finding.ts";
import { createBlockStore, type BlockStore } from "./reader/block-store.ts";
import { mayHoldLogOf } from "./reader/bloom.ts";
import { completeJournal, type Journal } from "./reader/complete-journal.ts";
import { inParallel } from "./reader/in-parallel.ts";
import { nodeLogSource, type LogSource } from "./reader/log-source.ts";
import type { RpcRequest } from "./reader/rpc.ts";
import { proveState, type ProvedState } from "./reader/state-proof.ts";
import { readHeader, type PlacedTransaction } from "./reader/verified-block.ts";
import { auditedKinds, decodeEvent, type AuditedEvent, type AuditedKind } from "./replay/audited-event.ts";

export interface AuditInput {
  readonly rpc: RpcRequest;
  /** The system's authority, whose registry names every other contract. */
  readonly authority: Hex;
  /** Block from which logs are looked for. Default 0. */
  readonly fromBlock?: bigint;
  /** Block at whose end the system is judged. Default the latest. */
  readonly toBlock?: bigint;
  /** Where logs are first learned of. Default the node itself. */
  readonly source?: LogSource;
  readonly progress?: (text: string) => void;
}

/** A contract of the system, with its state proved and its journal brought up to the head in it. */
export interface ExaminedContract {
  readonly address: Hex;
  readonly kind: AuditedKind | "unknown";
  readonly state: ProvedState;
  readonly journal: Journal;
}

/** The history of a system as the chain proves it. */
export interface SystemHistory {
  readonly chainId: number;
  readonly authority: Hex;
  readonly block: { readonly number: bigint; readonly hash: Hex; readonly timestamp: bigint };
  readonly contracts: readonly ExaminedContract[];
  /** All events in the order of the chain. */
  readonly events: readonly AuditedEvent[];
  /** Every transaction of a block that holds an event. */
  readonly transactions: ReadonlyMap<Hex, PlacedTransaction>;
  /** Whether every journal folds to its head. */
  readonly complete: boolean;
  readonly findings: readonly Finding[];
}

const kindByHash = new Map<Hex, AuditedKind>(auditedKinds.map((kind) => [contractKind(kind), kind]));

interface Examination {
  readonly input: AuditInput;
  readonly toBlock: bigint;
  readonly blocks: BlockStore;
}

async function examine(
  { input, toBlock, blocks }: Examination,
  address: Hex,
  kind: AuditedKind | "unknown",
): Promise<ExaminedContract> {
  const { rpc, source = nodeLogSource(rpc), fromBlock = 0n, progress } = input;
  const state = await proveState(rpc, address, toBlock);
  if (state.account === undefined) {
    throw new MandateError("ContractMissing", `there is no contract at ${address} in block ${toBlock}`, {
      kind: "input",
      data: { address, block: toBlock },
    });
  }
  const journal = await completeJournal({
    contract: address,
    fromBlock,
    toBlock,
    head: state.journalHead,
    source,
    blocks,
    headAt: async (contract, number) => {
      try {
        return (await proveState(rpc, contract, number)).journalHead;
      } catch (error) {
        // Old state that is gone, or served wrongly, proves nothing; receipts are looked through in its place, and the
        // head at the last block, whose proof must hold, decides whether everything was found.
        if (error instanceof MandateError) return undefined;
        throw error;
      }
    },
    blocksWithBloom: async (contract, from, to) => {
      progress?.(`old state is gone: looking through ${to - from + 1n} blocks for logs of ${contract}`);
      const numbers = Array.from({ length: Number(to - from) + 1 }, (_, i) => from + BigInt(i));
      const headers = await inParallel(numbers, (number) => readHeader(rpc, number));
      return numbers.filter((_, i) => mayHoldLogOf(headers[i]?.logsBloom ?? "0x", contract));
    },
  });
  progress?.(
    `${kind} ${address}: ${journal.logs.length} events, journal ${journal.complete ? "complete" : "incomplete"}`,
  );
  return { address, kind, state, journal };
}

/** The events of a contract's journal, and a finding for each log that is none. */
function decodeJournal({ kind, journal }: ExaminedContract): { events: AuditedEvent[]; findings: Finding[] } {
  const events: AuditedEvent[] = [];
  const findings: Finding[] = [];
  for (const log of kind === "unknown" ? [] : journal.logs) {
    const event = kind === "unknown" ? undefined : decodeEvent(kind, log);
    if (event !== undefined) events.push(event);
    else findings.push(finding("journal-log-undecodable", log, `an event of ${kind}`, log.topics[0] ?? "no topic"));
  }
  return { events, findings };
}

/** Every contract that the authority registered, and a finding where it does not run the registered code. */
async function examineAll(examination: Examination, authority: Hex) {
  const first = await examine(examination, authority, "Authority");
  const contracts = new Map([[authority, first]]);
  const findings: Finding[] = [];
  for (const event of decodeJournal(first).events) {
    if (event.kind !== "Authority" || event.eventName !== "ContractRegistered") continue;
    const { account, kind, codeHash } = event.args;
    const known = contracts.get(account) ?? (await examine(examination, account, kindByHash.get(kind) ?? "unknown"));
    contracts.set(account, known);
    const actual = known.state.account?.codeHash;
    if (actual !== codeHash)
      findings.push(finding("registry-code", event.log, `${account} with code ${codeHash}`, actual));
  }
  return { contracts: [...contracts.values()], findings };
}

/**
 * Reads the history of a system and proves it: state by storage proofs, logs by receipts, completeness by journal heads.
 * @throws {MandateError} `RpcFailed`, `NodeContradictsItself`, `BlockUnavailable`, `ContractMissing`: could not be checked.
 */
export async function readSystem(input: AuditInput): Promise<SystemHistory> {
  const { rpc } = input;
  const quantity = z.string().regex(/^0x[0-9a-f]+$/);
  const chainId = Number(quantity.parse(await rpc("eth_chainId", [])));
  const toBlock = input.toBlock ?? BigInt(quantity.parse(await rpc("eth_blockNumber", [])));
  const header = await readHeader(rpc, toBlock);
  const blocks = createBlockStore(rpc);
  const authority = input.authority.toLowerCase() as Hex;
  const { contracts, findings } = await examineAll({ input, toBlock, blocks }, authority);

  const decoded = contracts.map(decodeJournal);
  const events = decoded
    .flatMap((each) => each.events)
    .sort((a, b) => Number(a.log.blockNumber - b.log.blockNumber) || a.log.logIndex - b.log.logIndex);
  const numbers = [...new Set(events.map(({ log }) => log.blockNumber))];
  const withEvents = await inParallel(numbers, (number) => blocks.block(number));
  return {
    chainId,
    authority,
    block: { number: toBlock, hash: header.hash, timestamp: BigInt(header.timestamp) },
    contracts,
    events,
    transactions: new Map(withEvents.flatMap(({ transactions }) => [...transactions])),
    complete: contracts.every(({ journal }) => journal.complete),
    findings: [
      ...contracts.flatMap(({ journal }) => journal.findings),
      ...findings,
      ...decoded.flatMap((each) => each.findings),
    ],
  };
}
