import { keccak256Text } from "../../core/keccak.ts";
import type { Hex } from "../../core/hex.ts";
import { messageHash, type OperatorMessage, type SignedMessage } from "../agreement/message.ts";
import type { OperatorSigner } from "../signing/operator-signer.ts";

/** Told of each statement as it is signed, whoever hears it. */
export type OnSigned = (operator: Hex, message: OperatorMessage) => void;

/**
 * Signatures that nobody forges, at the price of a hash: an envelope is known only to whom it was given for a message, and a
 * report's signature is a function of operator and digest that is only called for the operator itself.
 */
export class ModelSignatures {
  readonly #onSigned: OnSigned;
  readonly #senders = new Map<Hex, Hex>();
  /** Messages never change, so that each object is hashed once. */
  readonly #hashes = new WeakMap<OperatorMessage, Hex>();

  constructor(onSigned: OnSigned) {
    this.#onSigned = onSigned;
  }

  seal(operator: Hex, configurationDigest: Hex, message: OperatorMessage): SignedMessage {
    this.#onSigned(operator, message);
    const envelope = this.#envelope(operator, configurationDigest, message);
    this.#senders.set(envelope, operator);
    return { message, envelope };
  }

  signReport(operator: Hex, digest: Hex): Hex {
    const half = keccak256Text(`${operator} signs ${digest}`).slice(2);
    return `0x${half}${half}`;
  }

  isAuthentic(configurationDigest: Hex, { message, envelope }: SignedMessage): boolean {
    const sender = this.#senders.get(envelope);
    if (sender !== message.operator) return false;
    if (envelope !== this.#envelope(sender, configurationDigest, message)) return false;
    return message.kind !== "signature" || message.signature === this.signReport(sender, message.digest);
  }

  /** What one operator signs with. */
  signerOf(operator: Hex): OperatorSigner {
    return {
      operator,
      seal: (configurationDigest, message) => Promise.resolve(this.seal(operator, configurationDigest, message)),
      signReport: (digest) => Promise.resolve(this.signReport(operator, digest)),
      isAuthentic: (configurationDigest, signed) => Promise.resolve(this.isAuthentic(configurationDigest, signed)),
    };
  }

  /** Forgets the envelopes of epochs that are over. */
  forget(): void {
    this.#senders.clear();
  }

  #envelope(operator: Hex, configurationDigest: Hex, message: OperatorMessage): Hex {
    let hash = this.#hashes.get(message);
    if (hash === undefined) {
      hash = messageHash(configurationDigest, message);
      this.#hashes.set(message, hash);
    }
    return `0x${hash.slice(2)}${operator.slice(2)}${"0".repeat(26)}`; // as long as a real one
  }
}
