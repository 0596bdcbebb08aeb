import { keccak256, TransactionReceiptNotFoundError, type PrivateKeyAccount } from "viem";
import type { ChainClient } from "../client.ts";
import { contractErrorOf } from "../decode-revert.ts";
import type { Clock } from "../../core/clock.ts";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { assertChainId } from "../client.ts";
import { decideNonce, nextNonce, nonceGaps, type AccountView } from "./decide-nonce.ts";
import { nextFees, type Fees } from "./fees.ts";
import type { Attempt, Intent, IntentRecord } from "./intent.ts";
import type { OutboxStore } from "./outbox-store.ts";
import { classifySendFailure } from "./send-failure.ts";

/** Gas of a plain transfer, which is what fills a nonce. */
const TRANSFER_GAS = 21_000n;

/** What a person must know about. While `out-of-funds` or `fee-limit` stands, nothing new is sent. */
export type OutboxAlert =
  | { readonly type: "out-of-funds"; readonly account: Hex; readonly balance: bigint; readonly required: bigint }
  | { readonly type: "fee-limit"; readonly required: bigint; readonly limit: bigint }
  | { readonly type: "send-failed"; readonly hash: Hex; readonly detail: string }
  | { readonly type: "nonce-taken"; readonly nonce: number; readonly intentId: string };

export interface OutboxOptions {
  readonly client: ChainClient;
  readonly account: PrivateKeyAccount;
  readonly store: OutboxStore;
  readonly clock: Clock;
  /** How long an attempt may stay unmined before the next one offers more. */
  readonly bumpAfterMs: number;
  /** Most that is offered, in wei per gas. */
  readonly feeLimit: bigint;
  readonly onAlert: (alert: OutboxAlert) => void;
}

interface Market {
  readonly fees: Fees;
  readonly balance: bigint;
}

/**
 * Sends transactions so that a crash at any point neither loses nor repeats one: an intent's bytes and nonce are on disk
 * before they leave, and after a restart the same bytes are sent again. One outbox per account; {@link Outbox.tick} drives it.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #alerts: readonly OutboxAlert[] = [];

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** What stood in the way at the last tick. */
  get alerts(): readonly OutboxAlert[] {
    return this.#alerts;
  }

  enqueue(intent: Intent): void {
    this.#options.store.add(intent);
  }

  status(id: string): IntentRecord | undefined {
    return this.#options.store.get(id);
  }

  /** One round: settles what is mined, replaces what is stuck or of no use, repairs gaps, sends what is queued. */
  async tick(): Promise<void> {
    const { store } = this.#options;
    const open = store.withStatus("queued", "pending", "mined");
    if (open.length === 0) {
      this.#alerts = [];
      return;
    }
    const alerts: OutboxAlert[] = [];
    const account = await this.#readAccount();
    for (const intent of open) if (intent.status === "mined") await this.#settle(intent, account);
    const market = await this.#readMarket();
    for (const intent of store.withStatus("pending")) await this.#push(intent, account, market, alerts);
    await this.#pushOrphans(account, market, alerts);
    for (const nonce of nonceGaps(account, store.occupied(account.minedNonce))) {
      await this.#attempt({ nonce, purpose: "fill", intent: undefined, last: undefined }, market, alerts);
    }
    for (const intent of store.withStatus("queued")) {
      if (alerts.some((each) => each.type === "out-of-funds" || each.type === "fee-limit")) break;
      await this.#start(intent, account, market, alerts);
    }
    for (const alert of alerts) this.#options.onAlert(alert);
    this.#alerts = alerts;
  }

  async #readAccount(): Promise<AccountView> {
    const { client, account } = this.#options;
    await assertChainId(client); // an endpoint can be switched to another chain while we run
    const [minedNonce, pendingNonce, block] = await Promise.all([
      client.getTransactionCount({ address: account.address, blockTag: "latest" }),
      client.getTransactionCount({ address: account.address, blockTag: "pending" }),
      client.getBlock({ blockTag: "latest" }),
    ]);
    return { minedNonce, pendingNonce, chainSeconds: Number(block.timestamp) };
  }

  async #readMarket(): Promise<Market> {
    const { client, account } = this.#options;
    const [fees, balance] = await Promise.all([
      client.estimateFeesPerGas(),
      client.getBalance({ address: account.address }),
    ]);
    return { fees, balance };
  }

  async #settle(intent: IntentRecord, account: AccountView): Promise<void> {
    const { store, client } = this.#options;
    if (intent.nonce === null || intent.minedBlock === null) return;
    if (intent.nonce >= account.minedNonce) {
      store.update(intent.id, { status: "pending", minedBlock: null, succeeded: null }); // reorganized away
      return;
    }
    const finalized = await client.getBlock({ blockTag: "finalized" });
    if (Number(finalized.number) < intent.minedBlock) return;
    // The reorganization may have put another transaction at this nonce.
    if (!(await this.#lookUp(intent, intent.nonce))) await this.#startAgain(intent, intent.nonce);
    const found = store.get(intent.id);
    if (found?.status === "mined") store.update(intent.id, { status: "settled" });
  }

  async #push(intent: IntentRecord, account: AccountView, market: Market, alerts: OutboxAlert[]): Promise<void> {
    const { store, clock, bumpAfterMs } = this.#options;
    const lastAttempt = intent.nonce === null ? undefined : store.attemptsAt(intent.nonce).at(-1);
    if (lastAttempt === undefined) {
      store.update(intent.id, { status: "queued", nonce: null });
      return;
    }
    const action = decideNonce({ intent, lastAttempt, account, nowMs: clock.nowMs(), bumpAfterMs });
    switch (action.type) {
      case "look-up": {
        const { nonce } = lastAttempt;
        if (await this.#lookUp(intent, nonce)) return;
        alerts.push({ type: "nonce-taken", nonce, intentId: intent.id });
        await this.#startAgain(intent, nonce);
        return;
      }
      case "replace":
        await this.#attempt(
          { nonce: lastAttempt.nonce, purpose: action.purpose, intent, last: lastAttempt },
          market,
          alerts,
        );
        return;
      case "resend":
        await this.#send(lastAttempt, alerts);
        return;
      case "wait":
        return;
    }
  }

  /**
   * Keeps nonces moving that no open intent owns: what fills a gap, or what an intent left behind that a reorganization took
   * out of its block. Unmined, they would hold back every later one.
   */
  async #pushOrphans(account: AccountView, market: Market, alerts: OutboxAlert[]): Promise<void> {
    const { store, clock, bumpAfterMs } = this.#options;
    const owned = new Set(store.withStatus("pending", "mined").map((each) => each.nonce));
    for (const nonce of store.occupied(account.minedNonce)) {
      const last = store.attemptsAt(nonce).at(-1);
      if (last === undefined || owned.has(nonce)) continue;
      const ofNoUse = { validUntilSeconds: 0 }; // whatever it was meant to do is done, or is done at another nonce
      const nowMs = clock.nowMs();
      const action = decideNonce({ intent: ofNoUse, lastAttempt: last, account, nowMs, bumpAfterMs });
      if (action.type === "resend") await this.#send(last, alerts);
      if (action.type === "replace") {
        await this.#attempt({ nonce, purpose: "fill", intent: undefined, last }, market, alerts);
      }
    }
  }

  /** Whether one of the attempts at a used nonce was mined. An endpoint that does not answer has not said that none was. */
  async #lookUp(intent: IntentRecord, nonce: number): Promise<boolean> {
    const { store, client } = this.#options;
    for (const attempt of store.attemptsAt(nonce).toReversed()) {
      const receipt = await client.getTransactionReceipt({ hash: attempt.hash }).catch((thrown: unknown) => {
        if (thrown instanceof TransactionReceiptNotFoundError) return undefined;
        throw thrown;
      });
      if (receipt === undefined) continue;
      if (attempt.purpose === "fill") store.update(intent.id, { status: "expired" });
      else {
        const succeeded = receipt.status === "success";
        store.update(intent.id, { status: "mined", minedBlock: Number(receipt.blockNumber), succeeded });
      }
      return true;
    }
    return false;
  }

  /**
   * Another transaction took the nonce: the intent gets a new one as soon as that cannot be reorganized away. Earlier, the
   * attempts at the old nonce could be mined in its place, and the intent happen twice.
   */
  async #startAgain(intent: IntentRecord, nonce: number): Promise<void> {
    const { client, account, store } = this.#options;
    const finalNonce = await client.getTransactionCount({ address: account.address, blockTag: "finalized" });
    if (nonce >= finalNonce) return;
    store.update(intent.id, { status: "queued", nonce: null, minedBlock: null, succeeded: null });
  }

  async #start(intent: IntentRecord, account: AccountView, market: Market, alerts: OutboxAlert[]): Promise<void> {
    const { store } = this.#options;
    if (account.chainSeconds >= intent.validUntilSeconds) {
      store.update(intent.id, { status: "expired" });
      return;
    }
    const nonce = nextNonce(account, store.occupied(account.minedNonce));
    await this.#attempt({ nonce, purpose: "call", intent, last: undefined }, market, alerts);
  }

  async #attempt(
    wanted: { nonce: number; purpose: "call" | "fill"; intent: IntentRecord | undefined; last: Attempt | undefined },
    market: Market,
    alerts: OutboxAlert[],
  ): Promise<void> {
    const { client, account, store, feeLimit } = this.#options;
    const { intent, nonce, purpose } = wanted;
    const decision = nextFees(market.fees, wanted.last, feeLimit);
    if (!decision.send) {
      alerts.push({ type: "fee-limit", required: decision.required, limit: decision.limit });
      return;
    }
    const isCall = purpose === "call" && intent !== undefined;
    const gas = isCall ? await this.#gasOf(intent) : TRANSFER_GAS;
    if (gas === undefined) return;
    const value = isCall ? intent.value : 0n;
    const required = gas * decision.fees.maxFeePerGas + value;
    if (market.balance < required) {
      alerts.push({ type: "out-of-funds", account: account.address, balance: market.balance, required });
      return;
    }
    const raw = await account.signTransaction({
      type: "eip1559",
      chainId: client.chain.id,
      nonce,
      gas,
      value,
      to: isCall ? intent.to : account.address,
      data: isCall ? intent.data : "0x",
      ...decision.fees,
    });
    const attempt: Attempt = {
      hash: keccak256(raw),
      intentId: intent?.id ?? null,
      nonce,
      purpose,
      raw,
      ...decision.fees,
      sentAtMs: this.#options.clock.nowMs(),
    };
    store.addAttempt(attempt);
    await this.#send(attempt, alerts);
  }

  /** Gas with a fifth to spare, or undefined where the chain would refuse the call: then nothing is sent. */
  async #gasOf(intent: IntentRecord): Promise<bigint | undefined> {
    const { client, account, store } = this.#options;
    const { to, data, value } = intent;
    try {
      const gas = await client.estimateGas({ account: account.address, to, data, value });
      return gas + gas / 5n;
    } catch (thrown) {
      if (classifySendFailure(thrown) === "out-of-funds") return TRANSFER_GAS * 10n; // the balance check says so, with figures
      // A pending replacement stays: its transaction may be the very reason for which a second would be refused.
      if (intent.status === "queued" && isRevert(thrown)) {
        store.update(intent.id, { status: "refused", detail: reasonOf(thrown) });
      }
      return undefined;
    }
  }

  async #send(attempt: Attempt, alerts: OutboxAlert[]): Promise<void> {
    const { client, account } = this.#options;
    try {
      await client.sendRawTransaction({ serializedTransaction: attempt.raw });
    } catch (thrown) {
      switch (classifySendFailure(thrown)) {
        case "known":
        case "nonce-used": // the next tick looks up by what
          return;
        case "underpriced":
          this.#options.store.markSent(attempt.hash, 0); // due for the next, higher attempt at once
          return;
        case "out-of-funds": {
          const balance = await client.getBalance({ address: account.address });
          alerts.push({ type: "out-of-funds", account: account.address, balance, required: balance + 1n });
          return;
        }
        case "unknown":
          alerts.push({ type: "send-failed", hash: attempt.hash, detail: messageOf(thrown) });
      }
    }
  }
}

/** The contract's error by its name and in words; what the node said where it is no error of the system. */
function reasonOf(thrown: unknown): string {
  const error = contractErrorOf(thrown);
  return error instanceof MandateError ? `${error.code}: ${error.message}` : messageOf(error);
}

function isRevert(thrown: unknown): boolean {
  return /revert/i.test(messageOf(thrown));
}
