import { z } from "zod";
import type { Clock } from "../../core/clock.ts";
import { RpcEndpoint } from "./rpc-endpoint.ts";

/** Blocks behind the highest head from which on an endpoint is a burden: it answers most reads too late. */
const LAG_BLOCKS = 5;

const blockSchema = z.looseObject({ number: z.string(), hash: z.string() });

export interface EndpointState {
  /** Its host. */
  readonly name: string;
  /** Why it should not be relied on; undefined where it is well. */
  readonly problem: string | undefined;
  /** Head, latency, and whether it agrees with the others. */
  readonly detail: string;
}

/** Asks each endpoint by itself: its chain, its head, and the block that all have in common. */
export async function surveyEndpoints(terms: {
  readonly chainId: number;
  readonly urls: readonly string[];
  readonly clock: Clock;
}): Promise<readonly EndpointState[]> {
  const { chainId, urls, clock } = terms;
  const looks = await Promise.all(
    urls.map(async (url) => {
      const endpoint = new RpcEndpoint(url, chainId);
      const beganMs = clock.nowMs();
      const found = await blockOf(endpoint, "latest");
      return { endpoint, latencyMs: clock.nowMs() - beganMs, ...found };
    }),
  );
  const heights = looks.flatMap((each) => each.height ?? []);
  const highest = Math.max(...heights);
  const common = `0x${Math.min(...heights).toString(16)}`;
  const hashes = await Promise.all(
    looks.map(async ({ endpoint, height }) => (height === undefined ? undefined : blockOf(endpoint, common))),
  );
  const named = hashes.flatMap((each) => each?.hash ?? []);
  return looks.map(({ endpoint: { name }, height, problem, latencyMs }, index): EndpointState => {
    if (height === undefined) return { name, problem, detail: `${latencyMs} ms` };
    const detail = `chain ${chainId}, block ${height}, ${latencyMs} ms`;
    const own = hashes[index]?.hash;
    const alike = named.filter((each) => each === own).length;
    if (own === undefined || alike * 2 <= named.length) {
      return {
        name,
        problem: `it agrees with ${Math.max(alike - 1, 0)} of ${named.length - 1} others on block ${Number(common)}`,
        detail,
      };
    }
    if (highest - height >= LAG_BLOCKS) return { name, problem: `it is ${highest - height} blocks behind`, detail };
    return {
      name,
      problem: undefined,
      detail: urls.length === 1 ? detail : `${detail}, agrees on block ${Number(common)}`,
    };
  });
}

async function blockOf(
  endpoint: RpcEndpoint,
  tag: string,
): Promise<{ readonly height?: number; readonly hash?: string; readonly problem?: string }> {
  const [answer] = await endpoint.ask([{ method: "eth_getBlockByNumber", params: [tag, false] }]);
  if (answer?.kind !== "result")
    return { problem: answer?.kind === "none" ? answer.detail : "it refuses to name its head" };
  const block = blockSchema.safeParse(answer.value);
  return block.success
    ? { height: Number(block.data.number), hash: block.data.hash.toLowerCase() }
    : { problem: "its head is no block" };
}
