import { createServer } from "node:net";
import { MandateError } from "../core/errors/mandate-error.ts";

/** First port of the local stack; everything else is an offset from it. */
export const defaultPortBase = 4100;

/** Distance of each service's port from the base. Operators and attestors count from 1. */
export const portOffsets = {
  chain: 0,
  postgres: 1,
  web: 2,
  acl: 3,
  notify: 4,
  evidence: 5,
  operator: 10,
  attestor: 20,
  metrics: 31,
} as const;

export const loopback = "127.0.0.1";

/** Ports of a local stack. */
export interface StackPorts {
  readonly chain: number;
  readonly postgres: number;
  readonly web: number;
  readonly acl: number;
  readonly notify: number;
  readonly evidence: number;
  readonly metrics: number;
  /** @param number counted from 1 */
  operator(number: number): number;
  /** @param number counted from 1 */
  attestor(number: number): number;
}

export function stackPorts(base: number): StackPorts {
  return {
    chain: base + portOffsets.chain,
    postgres: base + portOffsets.postgres,
    web: base + portOffsets.web,
    acl: base + portOffsets.acl,
    notify: base + portOffsets.notify,
    evidence: base + portOffsets.evidence,
    metrics: base + portOffsets.metrics,
    operator: (number) => base + portOffsets.operator + number,
    attestor: (number) => base + portOffsets.attestor + number,
  };
}

/** The error of a port that another process holds. */
export function portInUse(port: number, usedFor: string, cause?: unknown): MandateError {
  return new MandateError("PortInUse", `port ${port}, needed for ${usedFor}, is in use by another process`, {
    kind: "environment",
    data: { port, usedFor },
    remedy: "Stop that process, or move the whole stack: MANDATE_PORT_BASE=5100 npm start (default 4100).",
    cause,
  });
}

/** @throws {MandateError} `PortInUse` where nothing can listen on `port` of the loopback interface. */
export async function assertPortFree(port: number, usedFor: string): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port, host: loopback, exclusive: true }, resolve);
    });
  } catch (cause) {
    throw portInUse(port, usedFor, cause);
  }
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

/** A port of the loopback interface that is free now; for tests and throw-away stacks. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: 0, host: loopback }, resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === "string") throw new TypeError("a TCP server has a port");
  return address.port;
}
