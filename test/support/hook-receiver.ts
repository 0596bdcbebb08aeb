/** A receiver of webhooks on loopback that behaves as a test tells it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

export interface Received {
  readonly path: string;
  readonly key: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly body: string;
  /** Id of the notice. */
  readonly notice: string;
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

/** `silent` takes a request and never answers. */
export type Behaviour = { readonly status: number; readonly location?: string } | "silent";

export class HookReceiver {
  readonly received: Received[] = [];
  behaviour: Behaviour = { status: 204 };
  readonly port: number;
  private readonly server: Server;

  private constructor(server: Server, port: number) {
    this.server = server;
    this.port = port;
  }

  static async start(port = 0): Promise<HookReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    const address = server.address();
    const receiver = new HookReceiver(server, typeof address === "object" && address !== null ? address.port : port);
    server.on("request", (request, response) => void receiver.take(request, response));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** Ids of the notices that it got, each once. */
  ids(): ReadonlySet<string> {
    return new Set(this.received.map(({ notice }) => notice));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    this.received.push({
      path: request.url ?? "",
      key: headerOf(request, "idempotency-key"),
      timestamp: headerOf(request, "mandate-timestamp"),
      signature: headerOf(request, "mandate-signature"),
      body,
      notice: (JSON.parse(body) as { notice: { id: string } }).notice.id,
    });
    if (this.behaviour === "silent") return;
    const { status, location } = this.behaviour;
    response.writeHead(status, location === undefined ? {} : { location }).end();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
