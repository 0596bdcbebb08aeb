import type { Page } from "playwright-core";
import { createWalletClient, hexToBigInt, http, type Hex, type LocalAccount } from "viem";
import { chainOf } from "../../../src/chain/client.ts";

/** A request that the page made to its wallet. */
export interface WalletRequest {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What a person does with their wallet: it signs for real, as soon as the person agrees. */
export interface TestWallet {
  readonly requests: readonly WalletRequest[];
  /** Transactions sent, in order. */
  readonly sent: readonly Hex[];
  /** The person's next answer to "send this?"; agrees by default. */
  refuseNext(): void;
}

interface TransactionRequest {
  readonly to: Hex;
  readonly data?: Hex;
  readonly value?: Hex;
  readonly gas?: Hex;
}

const binding = "mandateTestWalletRequest";

/**
 * Injects a wallet that announces itself by EIP-6963 and signs with `account`, whose key stays outside the page. Reading
 * requests go to the chain.
 */
export async function injectWallet(
  page: Page,
  options: { account: LocalAccount; chainId: number; rpcUrl: string },
): Promise<TestWallet> {
  const { account, chainId, rpcUrl } = options;
  const client = createWalletClient({ account, chain: chainOf(chainId, rpcUrl), transport: http(rpcUrl) });
  const requests: WalletRequest[] = [];
  const sent: Hex[] = [];
  const person = { refusesNext: false, hasConnected: false };

  const answer = async (request: WalletRequest): Promise<unknown> => {
    requests.push(request);
    switch (request.method) {
      case "eth_requestAccounts":
        person.hasConnected = true;
        return [account.address];
      case "eth_accounts":
        return person.hasConnected ? [account.address] : [];
      case "eth_chainId":
        return `0x${chainId.toString(16)}`;
      case "wallet_switchEthereumChain":
        return null;
      case "eth_sendTransaction": {
        if (person.refusesNext) {
          person.refusesNext = false;
          throw Object.assign(new Error("User rejected the request."), { code: 4001 });
        }
        const [transaction] = request.params as readonly [TransactionRequest];
        const hash = await client.sendTransaction({
          to: transaction.to,
          ...(transaction.data === undefined ? {} : { data: transaction.data }),
          ...(transaction.value === undefined ? {} : { value: hexToBigInt(transaction.value) }),
        });
        sent.push(hash);
        return hash;
      }
      default:
        return await client.request(request as never);
    }
  };

  await page.exposeFunction(binding, async (request: WalletRequest) => {
    try {
      return { result: await answer(request) };
    } catch (error) {
      const { code, message } = error as { code?: number; message: string };
      return { error: { code: code ?? -32_603, message } };
    }
  });
  await page.addInitScript((name) => {
    type Answer = { result: unknown } | { error: { code: number; message: string } };
    const ask = async (request: { method: string; params?: unknown[] }): Promise<unknown> => {
      const send = (globalThis as unknown as Record<string, (request: unknown) => Promise<Answer>>)[name];
      if (send === undefined) throw new Error("the wallet is not connected to its keeper");
      const reply = await send({ method: request.method, params: request.params ?? [] });
      if ("error" in reply) throw Object.assign(new Error(reply.error.message), { code: reply.error.code });
      return reply.result;
    };
    const provider = { request: ask, on: () => provider, removeListener: () => provider };
    const info = {
      uuid: "6f1b1f3e-6d1e-4a0e-9d2a-2f6f6d616e64",
      name: "Test wallet",
      icon: "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>",
      rdns: "test.wallet",
    };
    const announce = (): void => {
      window.dispatchEvent(
        new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info: Object.freeze(info), provider }) }),
      );
    };
    window.addEventListener("eip6963:requestProvider", announce);
    announce();
  }, binding);
  return {
    requests,
    sent,
    refuseNext: () => {
      person.refusesNext = true;
    },
  };
}
