/** A mail server on loopback that takes whatever it is sent: what a client must say to be acknowledged, and no more. */
import { createServer, type Socket } from "node:net";

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  /** Names in lower case; folded lines joined. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

function mailOf(from: string, to: readonly string[], source: string): Mail {
  const [head = "", ...rest] = source.split("\r\n\r\n");
  const lines = head.replace(/\r\n[ \t]+/g, " ").split("\r\n");
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const body = rest
    .join("\r\n\r\n")
    .replace(/=\r\n/g, "")
    .replace(/\r\n\.\./g, "\r\n.");
  return { from, to, headers, body };
}

export class MailServer {
  readonly mails: Mail[] = [];
  /** What it answers to a whole mail: 250 takes it. */
  verdict = "250 taken";
  port = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((socket) => this.serve(socket));

  static async start(): Promise<MailServer> {
    const mailServer = new MailServer();
    await new Promise<void>((resolve) => mailServer.server.listen(0, "127.0.0.1", resolve));
    const address = mailServer.server.address();
    if (typeof address === "object" && address !== null) mailServer.port = address.port;
    return mailServer;
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket)).on("error", () => socket.destroy());
    let buffer = "";
    let from = "";
    let to: string[] = [];
    let isData = false;
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    const command = (line: string): void => {
      const word = line.slice(0, 4).toUpperCase();
      const address = /<([^>]*)>/.exec(line)?.[1] ?? "";
      if (word === "EHLO" || word === "HELO") say("250 loopback");
      else if (word === "MAIL") {
        from = address;
        to = [];
        say("250 ok");
      } else if (word === "RCPT") {
        to.push(address);
        say("250 ok");
      } else if (word === "DATA") {
        isData = true;
        say("354 go on");
      } else if (word === "QUIT") {
        say("221 bye");
        socket.end();
      } else say("250 ok");
    };
    socket.on("data", (chunk) => {
      buffer += chunk.toString("utf8");
      for (;;) {
        const end = buffer.indexOf(isData ? "\r\n.\r\n" : "\r\n");
        if (end < 0) return;
        const part = buffer.slice(0, end);
        buffer = buffer.slice(end + (isData ? 5 : 2));
        if (isData) {
          isData = false;
          if (this.verdict.startsWith("250")) this.mails.push(mailOf(from, to, part));
          say(this.verdict);
        } else command(part);
      }
    });
    say("220 loopback");
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
