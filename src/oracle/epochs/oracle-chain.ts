import { heartbeatOracleAbi, iBudgetVaultAbi } from "../../chain/abi.ts";
import { assertChainId, type ChainClient } from "../../chain/client.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { hexOf, type Hex } from "../../core/hex.ts";
import type { SanityBounds } from "../../org/sanity-bounds.ts";
import type { PackedLeaves } from "../tree/packed-leaves.ts";
import { closingBlock } from "./closing-block.ts";
import { OpenedProjects } from "./opened-projects.ts";
import { ProjectPacker, type ProjectList } from "./project-list.ts";
import { PROJECTS_A_CALL, readProjects } from "./read-projects.ts";
import { readStretches } from "./read-stretches.ts";
import type { Settlement } from "./settlement.ts";
import { epochWindow, type EpochCalendar } from "./epoch-clock.ts";

/** `IBudgetVault.ProjectStatus.None`: the vault knows no such project. */
const NONE = 0;
/** `IBudgetVault.ProjectStatus.Active`. */
const ACTIVE = 2;
/** `Closed`, `Reclaimed` and `Cancelled`: a project never leaves them. */
const FINAL: readonly number[] = [3, 4, 6];

/** Blocks that are read again, because a reorganization may have brought other logs into them. */
const REORGANIZATION_MARGIN = 64;

/** Reads of projects that are under way at the same time: how long an answer takes is mostly its way. */
const CALLS_AT_ONCE = 4;

export interface OracleChainOptions {
  readonly client: ChainClient;
  readonly oracle: Hex;
  readonly fromBlock: number;
}

export interface BlockReference {
  readonly number: number;
  readonly hash: Hex;
}

/**
 * The set of operators that reports an epoch; addresses in lower case, in seat order. Operators are known to each other by their delegates,
 * whose signatures count. `seats` has the suspended ones as well.
 */
export interface OperatorSet {
  readonly configuration: number;
  readonly faults: number;
  readonly quorum: number;
  readonly operators: readonly Hex[];
  readonly seats: readonly Hex[];
  /** The operators' own addresses, by which people know them, those of suspended ones as well. */
  readonly names: readonly Hex[];
}

/** A set as the contract answers it. */
export function operatorSetOf(
  set: Readonly<Pick<OperatorSet, "configuration" | "faults" | "quorum">> & {
    readonly vacant: bigint;
    readonly operators: readonly Hex[];
    readonly delegates: readonly Hex[];
  },
): OperatorSet {
  const { configuration, faults, quorum, vacant } = set;
  const seats = set.delegates.map(lowerCase);
  return {
    ...{ configuration, faults, quorum, seats },
    operators: seats.filter((_, seat) => ((vacant >> BigInt(seat)) & 1n) === 0n),
    names: set.operators.map(lowerCase),
  };
}

/** A ruleset as the chain names it: by the hash of its document, from an epoch on. */
export interface NamedRuleset {
  readonly hash: Hex;
  readonly fromEpoch: number;
}

/** Projects of a vault that were found so far. */
interface ScannedVault {
  readonly opened: OpenedProjects;
  through: number;
}

/** Where the chain and the oracle stand. */
export interface OraclePosition {
  readonly block: BlockReference;
  readonly chainSeconds: number;
  readonly lastEpoch: number;
}

/** A block that no reorganization is expected to replace; its time in seconds. */
export interface SettledHead {
  readonly number: number;
  readonly chainSeconds: number;
}

/** An accepted report as the contract's event states it. */
export interface AcceptedReport {
  readonly index: number;
  readonly epoch: number;
  readonly root: Hex;
  readonly threshold: bigint;
  readonly nextThreshold: bigint;
  readonly leafCount: number;
  readonly acceptedAt: number;
  readonly manifest: Hex;
  readonly digest: Hex;
  /** Bitmap of seats. */
  readonly signers: bigint;
  readonly transaction: Hex;
}

/** What an operator reads on the chain. */
export class OracleChain {
  readonly #options: OracleChainOptions;
  readonly #scanned = new Map<Hex, ScannedVault>();

  constructor(options: OracleChainOptions) {
    this.#options = options;
  }

  async calendar(): Promise<EpochCalendar> {
    const contract = { address: this.#options.oracle, abi: heartbeatOracleAbi } as const;
    const { client } = this.#options;
    const [genesis, epochSeconds, reportDeadlineSeconds] = await Promise.all([
      client.readContract({ ...contract, functionName: "genesis" }),
      client.readContract({ ...contract, functionName: "epochSeconds" }),
      client.readContract({ ...contract, functionName: "reportDeadlineSeconds" }),
    ]);
    return { genesis, epochSeconds, reportDeadlineSeconds };
  }

  /** What a report may change without tripping the oracle. */
  sanityBounds(): Promise<SanityBounds> {
    const { client, oracle } = this.#options;
    return client.readContract({ address: oracle, abi: heartbeatOracleAbi, functionName: "sanityBounds" });
  }

  /** @throws {MandateError} `WrongChain` where the endpoint was switched to another chain. */
  async position(): Promise<OraclePosition> {
    const { client, oracle } = this.#options;
    await assertChainId(client);
    const block = await client.getBlock({ blockTag: "latest" });
    const lastEpoch = await client.readContract({
      address: oracle,
      abi: heartbeatOracleAbi,
      functionName: "lastEpoch",
      blockHash: block.hash,
    });
    return {
      block: { number: Number(block.number), hash: block.hash },
      chainSeconds: Number(block.timestamp),
      lastEpoch,
    };
  }

  /** The highest block that no reorganization is expected to replace. */
  async settledHead({ block: rule }: Pick<Settlement, "block">): Promise<SettledHead> {
    const { client } = this.#options;
    const block =
      typeof rule === "string"
        ? await client.getBlock({ blockTag: rule })
        : await client.getBlock({ blockNumber: below(await client.getBlock(), rule.confirmations) });
    return { number: Number(block.number), chainSeconds: Number(block.timestamp) };
  }

  /** Whether `block` is in the chain. */
  async isCanonical(block: BlockReference): Promise<boolean> {
    const { hash } = await this.#options.client.getBlock({ blockNumber: BigInt(block.number) });
    return hash === block.hash;
  }

  /** τ by which the next report will be judged, in the state after `at`. */
  threshold(at: BlockReference): Promise<bigint> {
    const { client, oracle } = this.#options;
    return client.readContract({
      address: oracle,
      abi: heartbeatOracleAbi,
      functionName: "threshold",
      blockHash: at.hash,
    });
  }

  async operatorSet(epoch: number, at: BlockReference): Promise<OperatorSet> {
    const { client, oracle } = this.#options;
    const set = await client.readContract({
      address: oracle,
      abi: heartbeatOracleAbi,
      functionName: "operatorSet",
      args: [epoch],
      blockHash: at.hash,
    });
    return operatorSetOf(set);
  }

  /** The ruleset of an epoch, in the state after `at`; undefined where none is named. */
  async ruleset(epoch: number, at: BlockReference): Promise<NamedRuleset | undefined> {
    const { client, oracle } = this.#options;
    const [hash, fromEpoch] = await client.readContract({
      address: oracle,
      abi: heartbeatOracleAbi,
      functionName: "ruleset",
      args: [epoch],
      blockHash: at.hash,
    });
    return fromEpoch === 0 ? undefined : { hash, fromEpoch };
  }

  /** The block that closed `epoch`, which is below `settled`, the number of a settled block. */
  async closingBlock(calendar: EpochCalendar, epoch: number, settled: number): Promise<BlockReference> {
    const { client, fromBlock } = this.#options;
    const timestampOf = async (number: number): Promise<number> =>
      Number((await client.getBlock({ blockNumber: BigInt(number) })).timestamp);
    const end = epochWindow(calendar, epoch).endSeconds;
    const number = await closingBlock({ latest: settled, timestampOf }, fromBlock, end);
    if (number === undefined) {
      throw new MandateError("EpochBeforeDeployment", `epoch ${epoch} closed before block ${fromBlock}`, {
        kind: "input",
        data: { epoch, fromBlock },
        remedy: "Set fromBlock to the block of the deployment.",
      });
    }
    const block = await client.getBlock({ blockNumber: BigInt(number) });
    return { number, hash: block.hash };
  }

  /**
   * Active projects of `vaults` whose plan names this oracle, in the state after `block`.
   * @throws {MandateError} `ChainReorganized` where the block was replaced while we read.
   */
  async activeProjects(block: BlockReference, vaults: readonly Hex[]): Promise<ProjectList> {
    const active = new ProjectPacker();
    for (const vault of vaults) await this.#readActive(vault, await this.#scan(vault, block.number), block, active);
    if (!(await this.isCanonical(block))) {
      throw new MandateError("ChainReorganized", `block ${block.number} was replaced while it was read`, {
        kind: "retry",
        data: { block: block.number, expected: block.hash },
      });
    }
    return active.pack();
  }

  /**
   * Asks `vaults` by name for the projects of the last report that the logs did not show, and keeps those that one of them has, so that
   * {@link activeProjects} reads them as well: endpoints that leave out logs lose no project that a report ever had.
   * @returns how many projects the logs left out, whether or not they have ended.
   */
  async findUnlisted(block: BlockReference, vaults: readonly Hex[], reported: PackedLeaves): Promise<number> {
    const { client } = this.#options;
    const scans: (readonly [vault: Hex, opened: OpenedProjects])[] = [];
    for (const vault of vaults) scans.push([vault, await this.#scan(vault, block.number)]);
    const unlisted: Hex[] = [];
    for (let index = 0; index < reported.count; index += 1) {
      const project = hexOf(reported.projectAt(index));
      if (!scans.some(([, opened]) => opened.has(project))) unlisted.push(project);
    }
    let found = 0;
    for (const [vault, opened] of scans) {
      const read = async (start: number, end: number): Promise<void> => {
        const asked = unlisted.slice(start, end);
        const states = await readProjects(client, vault, asked, block.hash);
        for (const [at, { status }] of states.entries()) {
          const project = asked[at];
          if (project === undefined || status === NONE || opened.has(project)) continue;
          opened.add(project);
          found += 1;
        }
      };
      await readStretches({ count: unlisted.length, size: PROJECTS_A_CALL, lanes: CALLS_AT_ONCE, read });
    }
    return found;
  }

  /** The accepted report of an epoch, or undefined where there is none. */
  async acceptedReport(epoch: number): Promise<AcceptedReport | undefined> {
    const { client, oracle, fromBlock } = this.#options;
    const logs = await client.getContractEvents({
      address: oracle,
      abi: heartbeatOracleAbi,
      eventName: "ReportAccepted",
      args: { epoch },
      fromBlock: BigInt(fromBlock),
      strict: true,
    });
    const [log] = logs;
    if (log === undefined) return undefined;
    const { args } = log;
    return {
      index: args.index,
      epoch: args.epoch,
      root: args.root,
      threshold: args.threshold,
      nextThreshold: args.nextThreshold,
      leafCount: args.leafCount,
      acceptedAt: args.acceptedAt,
      manifest: args.manifest,
      digest: args.cause,
      signers: args.signers,
      transaction: log.transactionHash,
    };
  }

  /** Looks for projects that were opened in a vault up to a block; in one that joins late, from the deployment on. */
  async #scan(vault: Hex, through: number): Promise<OpenedProjects> {
    const { client, fromBlock } = this.#options;
    const scanned = this.#scanned.get(vault) ?? { opened: new OpenedProjects(), through: fromBlock - 1 };
    this.#scanned.set(vault, scanned);
    if (through <= scanned.through) return scanned.opened;
    const from = Math.max(fromBlock, scanned.through + 1 - REORGANIZATION_MARGIN);
    const count = through + 1 - from;
    const read = async (start: number, end: number): Promise<void> => {
      const logs = await client.getContractEvents({
        address: vault,
        abi: iBudgetVaultAbi,
        eventName: "ProjectOpened",
        fromBlock: BigInt(from + start),
        toBlock: BigInt(from + end - 1),
        strict: true,
      });
      for (const { args } of logs) scanned.opened.add(args.project);
    };
    await readStretches({ count, size: count, lanes: 1, read });
    scanned.through = through;
    return scanned.opened;
  }

  /** Adds the vault's projects that are scored after `block`. Those that ended long ago are not read again. */
  async #readActive(vault: Hex, opened: OpenedProjects, block: BlockReference, active: ProjectPacker): Promise<void> {
    const { client, oracle } = this.#options;
    const own = oracle.toLowerCase();
    const asked = Uint32Array.from({ length: opened.count }, (_, index) => index).filter((index) => {
      const endedAt = opened.endedAt(index);
      return endedAt === undefined || endedAt + REORGANIZATION_MARGIN >= block.number;
    });
    const read = async (start: number, end: number): Promise<void> => {
      const indices = [...asked.subarray(start, end)];
      const projects = indices.map((index) => opened.at(index));
      const states = await readProjects(client, vault, projects, block.hash);
      for (const [at, { status, oracle: scoredBy, definition }] of states.entries()) {
        const [index, project] = [indices[at], projects[at]];
        if (index === undefined || project === undefined) throw new RangeError(`state ${at} is of no project`);
        opened.setEndedAt(index, FINAL.includes(status) ? (opened.endedAt(index) ?? block.number) : undefined);
        if (status === ACTIVE && scoredBy === own) active.add({ project, definition });
      }
    };
    await readStretches({ count: asked.length, size: PROJECTS_A_CALL, lanes: CALLS_AT_ONCE, read });
  }
}

/** The height with so many blocks on top of it, or that of the first block. */
function below(head: { readonly number: bigint }, confirmations: number): bigint {
  return head.number > BigInt(confirmations) ? head.number - BigInt(confirmations) : 0n;
}

function lowerCase(hex: Hex): Hex {
  return `0x${hex.slice(2).toLowerCase()}`;
}
