import { createServer } from "node:http";
import { serverPort } from "./server-port.ts";

/** A log by its place in its transaction. */
export interface LogPlace {
  readonly transaction: string;
  readonly logIndex: number;
}

/** A node in between that answers truthfully, except that it leaves one log out of every list of logs. */
export interface WithholdingNode {
  readonly url: string;
  /** How often the log was left out. */
  withheld(): number;
  stop(): Promise<void>;
}

interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly result?: unknown;
}

function isAt(log: unknown, place: LogPlace): boolean {
  if (typeof log !== "object" || log === null || !("transactionHash" in log) || !("logIndex" in log)) return false;
  return log.transactionHash === place.transaction && Number(log.logIndex) === place.logIndex;
}

/** Starts a node in front of `upstream` that hides the log at `place` from `eth_getLogs`. */
export async function startWithholdingNode(upstream: string, place: LogPlace): Promise<WithholdingNode> {
  let withheld = 0;
  const censor = (request: Message | undefined, answer: Message): Message => {
    if (request?.method !== "eth_getLogs" || !Array.isArray(answer.result)) return answer;
    const kept = answer.result.filter((log) => !isAt(log, place));
    withheld += answer.result.length - kept.length;
    return { ...answer, result: kept };
  };
  const forward = async (body: string): Promise<string> => {
    const response = await fetch(upstream, { method: "POST", headers: { "content-type": "application/json" }, body });
    const [request, answer] = [JSON.parse(body), await response.json()] as [Message | Message[], Message | Message[]];
    const censored = Array.isArray(answer)
      ? answer.map((each) =>
          censor(Array.isArray(request) ? request.find(({ id }) => id === each.id) : undefined, each),
        )
      : censor(Array.isArray(request) ? undefined : request, answer);
    return JSON.stringify(censored);
  };
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      forward(Buffer.concat(chunks).toString()).then(
        (text) => outgoing.writeHead(200, { "content-type": "application/json" }).end(text),
        () => outgoing.writeHead(502).end(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${serverPort(server)}`,
    withheld: () => withheld,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
