/** A signer over HTTP that answers as Web3Signer does for execution layer keys, and can be told to do it wrongly. */
import { createServer } from "node:http";
import { hexToBigInt, hexToNumber, type LocalAccount, type TypedDataDefinition } from "viem";
import { z } from "zod";
import type { Hex } from "../../src/core/hex.ts";

const hex = z.string().transform((text) => text as Hex);
const requestSchema = z.object({ id: z.number(), method: z.string(), params: z.array(z.unknown()) });
const transactionSchema = z.strictObject({
  from: hex,
  to: hex,
  data: hex,
  gas: hex,
  nonce: hex,
  value: hex,
  maxFeePerGas: hex,
  maxPriorityFeePerGas: hex,
});

export interface StartedRemoteSigner {
  readonly url: string;
  /** Methods in the order in which they were called. */
  readonly calls: string[];
  /** Signs with another key, on another chain, or answers something else altogether. */
  misbehave(how: { account?: LocalAccount; chainId?: number; answer?: string }): void;
  behave(): void;
  stop(): Promise<void>;
}

export async function startRemoteSigner(honest: LocalAccount, chainId: number, port = 0): Promise<StartedRemoteSigner> {
  let how: { account?: LocalAccount; chainId?: number; answer?: string } = {};
  const calls: string[] = [];
  const sign = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    const account = how.account ?? honest;
    switch (method) {
      case "eth_accounts":
        return [honest.address];
      case "eth_sign":
        return account.signMessage({ message: { raw: hex.parse(params[1]) } });
      case "eth_signTypedData":
        return account.signTypedData(JSON.parse(z.string().parse(params[1])) as TypedDataDefinition);
      case "eth_signTransaction": {
        const { to, data, gas, nonce, value, maxFeePerGas, maxPriorityFeePerGas } = transactionSchema.parse(params[0]);
        return account.signTransaction({
          type: "eip1559",
          chainId: how.chainId ?? chainId,
          to,
          data,
          gas: hexToBigInt(gas),
          nonce: hexToNumber(nonce),
          value: hexToBigInt(value),
          maxFeePerGas: hexToBigInt(maxFeePerGas),
          maxPriorityFeePerGas: hexToBigInt(maxPriorityFeePerGas),
        });
      }
      default:
        throw new Error(`method not found: ${method}`);
    }
  };
  const answer = async (body: string): Promise<string> => {
    const { id, method, params } = requestSchema.parse(JSON.parse(body));
    calls.push(method);
    if (how.answer !== undefined) return how.answer;
    return JSON.stringify({ jsonrpc: "2.0", id, result: await sign(method, params) });
  };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      answer(body).then(
        (text) => response.end(text),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    calls,
    misbehave: (wrong) => void (how = wrong),
    behave: () => void (how = {}),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
