import { decodeFunctionData } from "viem";
import { heartbeatOracleAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { closingBlock } from "../epochs/closing-block.ts";
import { epochWindow } from "../epochs/epoch-clock.ts";
import type { SetKeys } from "../cosigning/set-keys.ts";
import type { BlockReference, OperatorSet } from "../epochs/oracle-chain.ts";
import type { ProjectList } from "../epochs/project-list.ts";
import type { OperatorNodeOptions } from "../node/operator-node.ts";
import type { EndpointFault, Span } from "./faults.ts";
import type { ModelAnswer, ModelCall, ModelOracle } from "./model-oracle.ts";
import type { ModelSets, SuspensionAnswer, SuspensionCall } from "./model-sets.ts";
import { isWithin } from "./network.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** Time between blocks. */
export const BLOCK_SECONDS = 12;

/** How far ahead the head of a lying endpoint is. */
const LIE_BLOCKS = 40;

/** What an endpoint does wrong now; seconds count from the end of the epoch. */
export interface EndpointState {
  readonly fault: (EndpointFault & Span) | undefined;
  readonly seconds: number;
}

export interface ModelChainTerms {
  readonly time: VirtualTime;
  readonly oracle: ModelOracle;
  readonly sets: ModelSets;
  readonly projects: ProjectList;
  /** By which a set signs together. */
  readonly setKeys: (set: OperatorSet) => SetKeys;
  /** Whether gas costs more now than any operator pays. */
  readonly isSpike: () => boolean;
  readonly onMined: (answer: MinedAnswer) => void;
}

/** What an operator reads on the chain, with the keys by which a set signs together. */
export type ModelEndpoint = OperatorNodeOptions["chain"] & {
  readonly setKeys: (set: OperatorSet) => Promise<SetKeys>;
};

/** What the contract answered to an operator's call. */
export type MinedAnswer =
  ({ readonly call: "submit" | "submitAggregate" } & ModelAnswer) | ({ readonly call: "suspend" } & SuspensionAnswer);

/** What calls can change. */
interface ChainState {
  readonly lastEpoch: number;
  readonly threshold: bigint;
  /** The newest configuration of the operator sets. */
  readonly newest: number;
}

/** A chain with a block every {@link BLOCK_SECONDS}, no reorganization, and nothing on it but the oracle's model. */
export class ModelChain {
  readonly #terms: ModelChainTerms;
  /** State by the block from which on it holds, ascending. */
  readonly #states: (ChainState & { readonly block: number })[];

  constructor(terms: ModelChainTerms) {
    this.#terms = terms;
    this.#states = [{ block: 0, ...this.#state }];
  }

  get head(): number {
    return Math.floor(this.#terms.time.nowMs / 1_000 / BLOCK_SECONDS);
  }

  /**
   * Sends an operator's call. It is mined in the next block, or in the first one after a gas spike.
   * @param onMined Is told whether it succeeded.
   */
  send(data: Hex, onMined: (succeeded: boolean) => void): void {
    this.#inNextBlock(() => {
      if (this.#terms.isSpike()) {
        this.send(data, onMined);
        return;
      }
      const answer = this.#mine(callOf(data));
      if (answer.accepted) this.#keepState();
      this.#terms.onMined(answer);
      onMined(answer.accepted);
    });
  }

  /** Whether the contract would refuse a call now: what an outbox asks before it sends. */
  refuses(data: Hex): boolean {
    const { oracle, sets } = this.#terms;
    const call = callOf(data);
    const chainSeconds = this.head * BLOCK_SECONDS;
    if (call.name === "suspend") return sets.refusalOf(call.evidence, chainSeconds) !== undefined;
    return oracle.refusalOf(call.signed, chainSeconds) !== undefined;
  }

  /** Does in the next block what an office does there, at whatever price. @param act Is told the block's time. */
  govern(act: (chainSeconds: number) => void): void {
    this.#inNextBlock(() => {
      act(this.head * BLOCK_SECONDS);
      this.#keepState();
    });
  }

  /** The chain as an operator's endpoint shows it. */
  endpoint(calendar: OperatorNodeOptions["calendar"], state: () => EndpointState): ModelEndpoint {
    const { sets, projects } = this.#terms;
    const look = (): { head: number; isLie: boolean } => {
      const { fault, seconds } = state();
      if (fault === undefined || !isWithin(fault, seconds)) return { head: this.head, isLie: false };
      if (fault.kind === "dead") {
        throw new MandateError("EndpointSilent", "the endpoint does not answer", { kind: "retry" });
      }
      if (fault.kind === "lying") return { head: this.head + LIE_BLOCKS, isLie: true };
      return { head: Math.max(this.head - fault.blocks, 0), isLie: false };
    };
    return {
      position: async () => {
        const { head, isLie } = await Promise.resolve(look());
        const { lastEpoch } = this.#stateAt(head);
        return { block: blockReference(head, isLie), chainSeconds: head * BLOCK_SECONDS, lastEpoch };
      },
      settledHead: async () => {
        const { head } = await Promise.resolve(look());
        return { number: head, chainSeconds: head * BLOCK_SECONDS };
      },
      isCanonical: async (block) => {
        const { isLie } = await Promise.resolve(look());
        return block.hash === blockReference(block.number, isLie).hash;
      },
      threshold: async () => this.#stateAt((await Promise.resolve(look())).head).threshold,
      operatorSet: async (epoch) => {
        const { head } = await Promise.resolve(look());
        return sets.find(epoch, this.#stateAt(head).newest);
      },
      setKeys: async (set) => {
        await Promise.resolve(look());
        return this.#terms.setKeys(set);
      },
      closingBlock: async (_, epoch, latest) => {
        const { isLie } = await Promise.resolve(look());
        const times = { latest, timestampOf: (number: number) => Promise.resolve(number * BLOCK_SECONDS) };
        const number = await closingBlock(times, 0, epochWindow(calendar, epoch).endSeconds);
        if (number === undefined) throw new TypeError("block 0 is before every epoch's end");
        return blockReference(number, isLie);
      },
      findUnlisted: async () => {
        await Promise.resolve(look());
        return 0;
      },
      activeProjects: async () => {
        await Promise.resolve(look());
        return projects;
      },
    };
  }

  get #state(): ChainState {
    const { oracle, sets } = this.#terms;
    return { lastEpoch: oracle.lastEpoch, threshold: oracle.threshold, newest: sets.newest };
  }

  #stateAt(block: number): ChainState {
    const found = this.#states.findLast((each) => each.block <= block);
    if (found === undefined) throw new TypeError("the first state holds from block 0");
    return found;
  }

  #keepState(): void {
    this.#states.push({ block: this.head, ...this.#state });
  }

  #inNextBlock(act: () => void): void {
    this.#terms.time.at((this.head + 1) * BLOCK_SECONDS * 1_000, act);
  }

  #mine(call: OperatorCall): MinedAnswer {
    const { oracle, sets } = this.#terms;
    const chainSeconds = this.head * BLOCK_SECONDS;
    return call.name === "suspend"
      ? { call: "suspend", ...sets.suspend(call.evidence, chainSeconds) }
      : { call: call.name, ...oracle.submit(call.signed, chainSeconds) };
  }
}

type OperatorCall =
  | { readonly name: "submit" | "submitAggregate"; readonly signed: ModelCall }
  | { readonly name: "suspend"; readonly evidence: SuspensionCall };

/** What operators call. */
function callOf(data: Hex): OperatorCall {
  const { functionName, args } = decodeFunctionData({ abi: heartbeatOracleAbi, data });
  if (functionName === "submit") {
    const [report, signers, signatures] = args;
    return { name: functionName, signed: { report, signers, signatures } };
  }
  if (functionName === "submitAggregate") {
    const [report, { signers, s, commitment }] = args;
    const aggregate = { s, commitment: lowerCase(commitment) };
    return { name: functionName, signed: { report, signers, aggregate } };
  }
  if (functionName !== "suspend") throw new TypeError(`nothing else is called: ${functionName}`);
  const [report, other, seat, signature, otherSignature] = args;
  return { name: "suspend", evidence: { report, other, seat, signature, otherSignature } };
}

function lowerCase(hex: Hex): Hex {
  return `0x${hex.slice(2).toLowerCase()}`;
}

/** The block that closed an epoch, as honest endpoints show it. */
export function closingReference(endSeconds: number): BlockReference {
  return blockReference(Math.ceil(endSeconds / BLOCK_SECONDS) - 1, false);
}

function blockReference(number: number, isLie: boolean): BlockReference {
  return { number, hash: `0x${(isLie ? "f" : "b").repeat(24)}${number.toString(16).padStart(40, "0")}` };
}
