import type { Server } from "node:http";

/** The port that a listening server was given. */
export function serverPort(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("the server listens on a port");
  return address.port;
}
