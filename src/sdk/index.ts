/**
 * Mandate from TypeScript: what the command line asks and sends, without its terminal.
 *
 * A function that ends in `Call` makes a call and sends nothing; `simulate` says what it would do now, or throws the contract's typed
 * error; `send` simulates, sends it as an account, and waits for its block. Amounts are base units (`bigint`), times are seconds since the
 * Unix epoch. Everything that is refused is a `MandateError` with a code, data and a remedy. See docs/sdk.md.
 */
export { createChainClient } from "../chain/client.ts";
export { loadDeployment } from "../chain/deployment.ts";
export { documentHash } from "../core/documents/document-hash.ts";
export { MandateError } from "../core/errors/mandate-error.ts";
export { vaultCall } from "../chain/treasury/vault-call.ts";
export { amountOf, amountText, assetOf, nativeCoin, walletBalance, type Asset } from "./asset.ts";
export { contractCall, type ContractCall } from "./contract-call.ts";
export { chainTime, read } from "./read.ts";
export { receiptOf, send, simulate, submit, type SentCall } from "./send.ts";
export { addressOf, openSession, type Session } from "./session.ts";
export { simulateAll } from "./simulate-all.ts";
export * as agreements from "./agreement.ts";
export * as breaker from "./breaker.ts";
export * as challenges from "./challenge.ts";
export * as claims from "./claim.ts";
export * as milestones from "./milestone.ts";
export * as pools from "./pool.ts";
export * as projects from "./project.ts";
export * as renewals from "./renew.ts";
