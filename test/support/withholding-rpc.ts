import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface RpcMessage {
  readonly id: number;
  readonly method?: string;
  readonly result?: unknown;
}

/** A node in between that answers truthfully, except that it leaves out the logs it was told to. */
export interface WithholdingRpc {
  readonly url: string;
  /** How many logs have been left out so far. */
  readonly withheld: () => number;
  /** Sets which logs to leave out; undefined leaves out none. */
  withhold(rule: ((log: Readonly<Record<string, unknown>>) => boolean) | undefined): void;
  /** Refuses log ranges longer than this many blocks, as providers do; undefined refuses none. */
  limitRange(blocks: number | undefined): void;
  /** Requests refused for their range so far. */
  readonly refused: () => number;
  stop(): Promise<void>;
}

/** Starts a {@link WithholdingRpc} in front of `upstream`. */
export async function startWithholdingRpc(upstream: string): Promise<WithholdingRpc> {
  let rule: ((log: Readonly<Record<string, unknown>>) => boolean) | undefined;
  let maximum: number | undefined;
  let withheld = 0;
  let refused = 0;

  const answerOne = (request: RpcMessage & { params?: unknown[] }, answer: RpcMessage): unknown => {
    if (request.method !== "eth_getLogs" || !Array.isArray(answer.result)) return answer;
    const filter = request.params?.[0] as { fromBlock?: string; toBlock?: string } | undefined;
    if (
      maximum !== undefined &&
      filter?.fromBlock !== undefined &&
      Number(filter.toBlock) - Number(filter.fromBlock) + 1 > maximum
    ) {
      refused += 1;
      return {
        jsonrpc: "2.0",
        id: answer.id,
        error: { code: -32005, message: `query exceeds max block range ${maximum}` },
      };
    }
    const kept = answer.result.filter((log: Record<string, unknown>) => rule?.(log) !== true);
    withheld += answer.result.length - kept.length;
    return { ...answer, result: kept };
  };

  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      void (async () => {
        const body = Buffer.concat(chunks).toString();
        const response = await fetch(upstream, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
        });
        const answer = (await response.json()) as RpcMessage | RpcMessage[];
        const request = JSON.parse(body) as RpcMessage | RpcMessage[];
        const changed =
          Array.isArray(request) && Array.isArray(answer)
            ? answer.map((each) => answerOne(request.find(({ id }) => id === each.id) ?? each, each))
            : answerOne(request as RpcMessage, answer as RpcMessage);
        outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(changed));
      })().catch(() => outgoing.writeHead(502).end());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    withheld: () => withheld,
    withhold: (next) => (rule = next),
    limitRange: (blocks) => (maximum = blocks),
    refused: () => refused,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
