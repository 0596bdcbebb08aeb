import { decodeFunctionData } from "viem";
import { heartbeatOracleAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { closingBlock } from "../epochs/closing-block.ts";
import { epochWindow } from "../epochs/epoch-clock.ts";
import type { BlockReference, OperatorSet } from "../epochs/oracle-chain.ts";
import type { ProjectList } from "../epochs/project-list.ts";
import type { OperatorNodeOptions } from "../node/operator-node.ts";
import type { EndpointFault, Span } from "./faults.ts";
import type { ModelAnswer, ModelOracle } from "./model-oracle.ts";
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
  readonly set: OperatorSet;
  readonly projects: ProjectList;
  /** Whether gas costs more now than any operator pays. */
  readonly isSpike: () => boolean;
  readonly onSubmission: (answer: ModelAnswer) => void;
}

/** A chain with a block every {@link BLOCK_SECONDS}, no reorganization, and nothing on it but the oracle's model. */
export class ModelChain {
  readonly #terms: ModelChainTerms;
  /** State by the block from which on it holds, ascending. */
  readonly #states: { readonly block: number; readonly lastEpoch: number; readonly threshold: bigint }[];

  constructor(terms: ModelChainTerms) {
    this.#terms = terms;
    this.#states = [{ block: 0, lastEpoch: 0, threshold: terms.oracle.threshold }];
  }

  get head(): number {
    return Math.floor(this.#terms.time.nowMs / 1_000 / BLOCK_SECONDS);
  }

  /** Sends a call of `submit`. It is mined in the next block, or in the first one after a gas spike. */
  send(data: Hex): void {
    this.#terms.time.at((this.head + 1) * BLOCK_SECONDS * 1_000, () => {
      const { isSpike, onSubmission } = this.#terms;
      if (isSpike()) this.send(data);
      else onSubmission(this.#mine(data));
    });
  }

  /** The chain as an operator's endpoint shows it. */
  endpoint(calendar: OperatorNodeOptions["calendar"], state: () => EndpointState): OperatorNodeOptions["chain"] {
    const { set, projects } = this.#terms;
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
      operatorSet: async () => {
        await Promise.resolve(look());
        return set;
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

  #stateAt(block: number): { readonly lastEpoch: number; readonly threshold: bigint } {
    const found = this.#states.findLast((each) => each.block <= block);
    if (found === undefined) throw new TypeError("the first state holds from block 0");
    return found;
  }

  #mine(data: Hex): ModelAnswer {
    const { oracle } = this.#terms;
    const call = decodeFunctionData({ abi: heartbeatOracleAbi, data });
    if (call.functionName !== "submit") throw new TypeError(`nothing else is called: ${call.functionName}`);
    const [report, signers, signatures] = call.args;
    const answer = oracle.submit(report, signers, signatures, this.head * BLOCK_SECONDS);
    if (answer.accepted) {
      this.#states.push({ block: this.head, lastEpoch: oracle.lastEpoch, threshold: oracle.threshold });
    }
    return answer;
  }
}

/** The block that closed an epoch, as honest endpoints show it. */
export function closingReference(endSeconds: number): BlockReference {
  return blockReference(Math.ceil(endSeconds / BLOCK_SECONDS) - 1, false);
}

function blockReference(number: number, isLie: boolean): BlockReference {
  return { number, hash: `0x${(isLie ? "f" : "b").repeat(24)}${number.toString(16).padStart(40, "0")}` };
}
