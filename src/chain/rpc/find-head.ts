import { MandateError } from "../../core/errors/mandate-error.ts";
import { collectAnswers, type NamedAnswer } from "./collect-answers.ts";
import type { RpcAnswer } from "./rpc-answer.ts";
import type { RpcEndpoint } from "./rpc-endpoint.ts";

export type HeadTag = "latest" | "safe" | "finalized";

/** A block as an endpoint describes it, reduced to what is compared. */
export interface HeadBlock {
  readonly number: string;
  readonly hash: string;
}

/** How far below the heads a common block is looked for, doubled each time: forks are short where a majority is honest. */
const STEPS = [1, 2, 4, 8, 16, 32] as const;

export interface HeadTerms<Block extends HeadBlock> {
  readonly tag: HeadTag;
  readonly endpoints: readonly RpcEndpoint[];
  readonly quorum: number;
  readonly askTag: (endpoint: RpcEndpoint) => Promise<RpcAnswer>;
  readonly parse: (value: unknown) => Block | undefined;
  /** The block at a height on which a quorum agrees, or undefined. */
  readonly agreedAt: (height: bigint) => Promise<Block | undefined>;
}

/**
 * The highest block that a quorum of endpoints has. Endpoints are at different heights most of the time, so that their heads are
 * not compared but the block at a height that a quorum has reached: one far ahead or far behind moves it nowhere.
 * @throws {MandateError} `RpcHeadMissing`.
 */
export async function findHead<Block extends HeadBlock>(terms: HeadTerms<Block>): Promise<Block> {
  const { tag, quorum, agreedAt, parse } = terms;
  const headOf = ({ answer }: NamedAnswer): Block | undefined =>
    answer.kind === "result" ? parse(answer.value) : undefined;
  const headsOf = (answers: readonly NamedAnswer[]): readonly Block[] => answers.flatMap((each) => headOf(each) ?? []);
  const answers = await collectAnswers({
    ...terms,
    ask: terms.askTag,
    isEnough: (soFar) => commonHead(headsOf(soFar), quorum) !== undefined,
  });
  const heads = headsOf(answers);
  const agreed = commonHead(heads, quorum);
  if (agreed !== undefined) return agreed;
  const heights = heads.map((each) => BigInt(each.number)).sort((a, b) => (a < b ? 1 : -1));
  const reached = heights[quorum - 1];
  if (reached !== undefined) {
    for (const height of candidates(reached, heights)) {
      const block = await agreedAt(height);
      if (block !== undefined) return block;
    }
  }
  const problems = answers.map((each) => `${each.endpoint}: ${describe(each, headOf(each))}`);
  throw new MandateError(
    "RpcHeadMissing",
    `${heads.length} endpoints name a ${tag} block, and no ${quorum} of them agree on one (${problems.join("; ")})`,
    {
      kind: "retry",
      data: { tag, quorum, named: heads.length },
      remedy:
        "Mend or replace the endpoints that are silent or on another fork; mandate oracle check shows each of them.",
    },
  );
}

/** The height that a quorum has reached, the lower heads, then lower and lower blocks; descending, each once. */
function candidates(reached: bigint, heights: readonly bigint[]): readonly bigint[] {
  const lower = heights.filter((height) => height < reached);
  const below = STEPS.map((step) => reached - BigInt(step)).filter((height) => height >= 0n);
  return [...new Set([reached, ...lower, ...below])].sort((a, b) => (a < b ? 1 : -1)).slice(0, 1 + STEPS.length);
}

function commonHead<Block extends HeadBlock>(heads: readonly Block[], quorum: number): Block | undefined {
  return heads.find((head) => heads.filter((each) => each.hash === head.hash).length >= quorum);
}

function describe({ answer }: NamedAnswer, head: HeadBlock | undefined): string {
  if (head !== undefined) return `block ${BigInt(head.number)}, ${head.hash}`;
  return answer.kind === "none" ? answer.detail : "no block";
}
