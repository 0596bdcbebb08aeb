import { keccak256 } from "viem";
import { z } from "zod";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { agree, requestError, type ComparedAnswer } from "./agree.ts";
import { collectAnswers, type NamedAnswer } from "./collect-answers.ts";
import { comparable } from "./comparable.ts";
import { findHead, type HeadTag } from "./find-head.ts";
import type { RpcAnswer } from "./rpc-answer.ts";
import { RpcEndpoint, type RpcCall } from "./rpc-endpoint.ts";

const quantity = z.string().regex(/^0x[0-9a-f]{1,64}$/i);
const blockSchema = z.looseObject({ number: quantity, hash: z.string(), timestamp: quantity });
type Block = z.infer<typeof blockSchema>;

/** The position of the block among the parameters of a read of state. */
const STATE_READS: Readonly<Record<string, number>> = {
  eth_call: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
  eth_getStorageAt: 2,
  eth_getProof: 2,
};

/** Numbers in which honest nodes differ, as their markets, memory pools and estimates do. */
const ESTIMATES: readonly string[] = ["eth_gasPrice", "eth_maxPriorityFeePerGas", "eth_estimateGas"];

export interface QuorumChainOptions {
  readonly chainId: number;
  readonly urls: readonly string[];
  readonly quorum: number;
  readonly timeoutMs?: number;
  /** Told of an endpoint that answered otherwise than the quorum where honest ones cannot. */
  readonly onDisagreement?: (disagreement: { readonly endpoint: string; readonly method: string }) => void;
}

/**
 * A chain seen through several endpoints: every answer is one that a quorum gave alike.
 *
 * - A read of state is made at the hash of a block (EIP-1898) on which a quorum agrees, also where the caller named a height or a tag.
 * - Estimates are the largest that a quorum reaches: neither one that is too high nor one that is too low decides.
 * - A transaction goes to all; one that takes it is enough, and a receipt counts when a quorum has it.
 * - What is not known here is refused: no rule says when endpoints agree on it.
 */
export class QuorumChain {
  readonly #options: QuorumChainOptions;
  readonly #endpoints: readonly RpcEndpoint[];

  constructor(options: QuorumChainOptions) {
    this.#options = options;
    this.#endpoints = options.urls.map((url) => new RpcEndpoint(url, options.chainId, options.timeoutMs));
  }

  /** The request function of a viem transport. */
  async request({
    method,
    params = [],
  }: {
    readonly method: string;
    readonly params?: readonly unknown[];
  }): Promise<unknown> {
    const call = { method, params };
    const place = STATE_READS[method];
    if (method === "eth_getTransactionCount" && params[1] === "pending") return this.#ranked(call);
    if (place !== undefined) return this.#readState(call, place);
    if (ESTIMATES.includes(method)) return this.#ranked(call);
    switch (method) {
      case "eth_chainId":
        return this.#agreed(call, { isPinned: false });
      case "eth_blockNumber":
        return (await this.#head("latest")).number;
      case "eth_getBlockByNumber":
        return this.#block(params[0]);
      case "eth_getBlockByHash":
        return this.#agreed(call, { isPinned: true, isBlock: true });
      case "eth_getTransactionReceipt":
        return this.#agreed(call, { isPinned: false });
      case "eth_getLogs":
        return this.#logs(params[0]);
      case "eth_sendRawTransaction":
        return this.#broadcast(call);
      default:
        throw new MandateError("RpcMethodUnsupported", `no rule says when endpoints agree on ${method}`, {
          kind: "defect",
          data: { method },
        });
    }
  }

  async #ask(endpoint: RpcEndpoint, call: RpcCall): Promise<RpcAnswer> {
    const [answer] = await endpoint.ask([call]);
    return reduced(call.method, answer);
  }

  async #agreed(call: RpcCall, how: { isPinned: boolean; isBlock?: boolean; patient?: boolean }): Promise<unknown> {
    return resultOf(
      call.method,
      await agree({
        ...this.#terms(call.method, how.isPinned),
        patient: how.patient ?? true,
        ask: async (endpoint) => {
          const answer = await this.#ask(endpoint, call);
          return how.isBlock === true && answer.kind === "result" && answer.value === null ? behind : answer;
        },
      }),
    );
  }

  #terms(method: string, isPinned: boolean) {
    const { quorum, onDisagreement } = this.#options;
    return {
      method,
      quorum,
      endpoints: this.#endpoints,
      ...(isPinned && onDisagreement !== undefined
        ? { onDisagreement: (endpoint: string) => onDisagreement({ endpoint, method }) }
        : {}),
    };
  }

  /** The block that a parameter names: by hash, height or tag. Heights and tags are settled among the endpoints first. */
  async #block(block: unknown, patient = true): Promise<Block> {
    if (block === "safe" || block === "finalized") return this.#head(block);
    if (block === undefined || block === "latest" || block === "pending") return this.#head("latest");
    const height = block === "earliest" ? "0x0" : block;
    const call = { method: "eth_getBlockByNumber", params: [height, false] };
    return blockSchema.parse(await this.#agreed(call, { isPinned: false, isBlock: true, patient }));
  }

  #head(tag: HeadTag): Promise<Block> {
    return findHead<Block>({
      tag,
      endpoints: this.#endpoints,
      quorum: this.#options.quorum,
      askTag: (endpoint) => this.#ask(endpoint, { method: "eth_getBlockByNumber", params: [tag, false] }),
      parse: (value) => blockSchema.safeParse(value).data,
      agreedAt: async (height) => {
        try {
          return await this.#block(`0x${height.toString(16)}`, false);
        } catch (thrown) {
          if (thrown instanceof MandateError && thrown.code === "RpcQuorumMissing") return undefined;
          throw thrown;
        }
      },
    });
  }

  async #readState({ method, params }: RpcCall, place: number): Promise<unknown> {
    const named = params[place];
    const blockHash =
      typeof named === "object" && named !== null && "blockHash" in named
        ? named.blockHash
        : (await this.#block(named)).hash;
    const pinned = [...params];
    pinned[place] = { blockHash, requireCanonical: true };
    return this.#agreed({ method, params: pinned }, { isPinned: true });
  }

  /** Logs of a range count only from endpoints that have the range's last block: one that lags would answer with fewer. */
  async #logs(filter: unknown): Promise<unknown> {
    const range = z.looseObject({ toBlock: z.unknown().optional(), blockHash: z.string().optional() }).parse(filter);
    if (range.blockHash !== undefined) {
      return this.#agreed({ method: "eth_getLogs", params: [range] }, { isPinned: true });
    }
    const last = await this.#block(range.toBlock);
    const calls = [
      { method: "eth_getBlockByNumber", params: [last.number, false] },
      { method: "eth_getLogs", params: [{ ...range, toBlock: last.number }] },
    ];
    const answer = await agree({
      ...this.#terms("eth_getLogs", true),
      patient: true,
      ask: async (endpoint) => {
        const [block, logs] = await endpoint.ask(calls);
        const has = block?.kind === "result" ? blockSchema.safeParse(block.value).data : undefined;
        if (block?.kind === "result" && has?.hash.toLowerCase() !== last.hash) return behind;
        return block?.kind === "result" ? reduced("eth_getLogs", logs) : reduced("eth_getLogs", block);
      },
    });
    return resultOf("eth_getLogs", answer);
  }

  /** The largest number that a quorum of endpoints reaches. */
  async #ranked(call: RpcCall): Promise<string> {
    const { quorum } = this.#options;
    const answers = await this.#collect(call, quorum, () => false);
    const numbers = answers
      .flatMap((each) => (each.kind === "result" ? (quantity.safeParse(each.value).data ?? []) : []))
      .sort((a, b) => (BigInt(a) < BigInt(b) ? 1 : -1));
    return numbers[quorum - 1] ?? refuse(call.method, answers, quorum);
  }

  async #broadcast(call: RpcCall): Promise<Hex> {
    const raw = z.custom<Hex>((value) => typeof value === "string" && value.startsWith("0x")).parse(call.params[0]);
    const isTaken = (answers: readonly NamedAnswer[]): boolean =>
      answers.some(({ answer }) => answer.kind === "result");
    const answers = await this.#collect(call, 1, isTaken); // the others are under way
    // Its hash is computed, not what an endpoint says that it is.
    return answers.some((each) => each.kind === "result") ? keccak256(raw) : refuse(call.method, answers, 1);
  }

  async #collect(
    call: RpcCall,
    quorum: number,
    isEnough: (answers: readonly NamedAnswer[]) => boolean,
  ): Promise<readonly RpcAnswer[]> {
    const ask = (endpoint: RpcEndpoint): Promise<RpcAnswer> => this.#ask(endpoint, call);
    const answers = await collectAnswers({ endpoints: this.#endpoints, quorum, ask, isEnough });
    return answers.map(({ answer }) => answer);
  }
}

/** What at least `enough` endpoints said instead of an answer; a contract's refusal only where so many say that it refused. */
function refuse(method: string, answers: readonly RpcAnswer[], enough: number): never {
  for (const kind of ["reverted", "none"] as const) {
    const errors = answers.flatMap((each) => (each.kind === kind && each.error !== undefined ? [each.error] : []));
    if (errors[0] !== undefined && errors.length >= enough) throw requestError(method, errors[0]);
  }
  const details = answers.map((each) => (each.kind === "none" ? each.detail : "an answer that too few give"));
  throw new MandateError("RpcQuorumMissing", `too few endpoints answer ${method} (${details.join("; ")})`, {
    kind: "retry",
    data: { method },
    remedy: "Mend or replace the endpoints named; mandate oracle check shows each of them.",
  });
}

const behind: RpcAnswer = { kind: "none", reason: "behind", detail: "it does not have the block" };

function reduced(method: string, answer: RpcAnswer | undefined): RpcAnswer {
  if (answer === undefined) return { kind: "none", reason: "malformed", detail: "no answer" };
  return answer.kind === "result" ? { kind: "result", value: comparable(method, answer.value) } : answer;
}

function resultOf(method: string, answer: ComparedAnswer): unknown {
  if (answer.kind === "reverted") throw requestError(method, answer.error);
  return answer.value;
}
