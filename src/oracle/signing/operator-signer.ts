import {
  hashTypedData,
  parseCompactSignature,
  compactSignatureToSignature,
  parseSignature,
  recoverAddress,
  recoverMessageAddress,
  serializeCompactSignature,
  signatureToCompactSignature,
  type LocalAccount,
} from "viem";
import type { Hex } from "../../core/hex.ts";
import { typedDataOf, type SigningPlace } from "../../core/signing/typed-data.ts";
import { messageHash, type OperatorMessage, type SignedMessage } from "../agreement/message.ts";
import { reportOf } from "../report-schema.ts";
import type { Report } from "../scoring/evaluate-epoch.ts";

/** How an operator signs, and how it recognizes what others signed. */
export interface OperatorSigner {
  /** This operator, lower case. */
  readonly operator: Hex;
  /** A message in the envelope that shows who sent it. */
  seal(configurationDigest: Hex, message: OperatorMessage): Promise<SignedMessage>;
  /** The signature of a report, whose digest is `digest`, as the contract takes it. */
  signReport(digest: Hex, report: Report): Promise<Hex>;
  /** Whether a message is by whom it says, together with the report and its signature in it. */
  isAuthentic(configurationDigest: Hex, signed: SignedMessage): Promise<boolean>;
}

/** Signs with one key for one oracle, and recognizes signatures by the addresses that they recover to. */
export function ecdsaSigner(account: LocalAccount, place: SigningPlace): OperatorSigner {
  const operator = lowerCase(account.address);
  return {
    operator,
    async seal(configurationDigest, message) {
      return { message, envelope: await signEnvelope(account, messageHash(configurationDigest, message)) };
    },
    async signReport(digest, report) {
      const typed = { ...typedDataOf("HeartbeatReport", place), message: report };
      const signature = compactSignature(await account.signTypedData(typed));
      if ((await recoverCompact(digest, signature)) !== operator) {
        throw new TypeError(`the signature of report ${digest} does not lead to ${operator}`);
      }
      return signature;
    },
    async isAuthentic(configurationDigest, { message, envelope }) {
      const signer = await recoverEnvelope(messageHash(configurationDigest, message), envelope);
      if (signer !== message.operator) return false;
      if (message.kind !== "signature") return true;
      const { epoch, digest, report, signature } = message;
      if (report?.epoch !== epoch || reportDigest(place, reportOf(report)) !== digest) return false;
      return (await recoverCompact(digest, signature)) === signer;
    },
  };
}

/** The EIP-712 digest that a quorum signs. */
export function reportDigest(place: SigningPlace, report: Report): Hex {
  return hashTypedData({ ...typedDataOf("HeartbeatReport", place), message: report });
}

/** A signature in 64 bytes (EIP-2098), as the contract takes it. */
function compactSignature(signature: Hex): Hex {
  return serializeCompactSignature(signatureToCompactSignature(parseSignature(signature)));
}

/** Who signed `digest`, lower case; undefined where the bytes are no signature. */
export async function recoverCompact(digest: Hex, signature: Hex): Promise<Hex | undefined> {
  try {
    const parsed = compactSignatureToSignature(parseCompactSignature(signature));
    return lowerCase(await recoverAddress({ hash: digest, signature: parsed }));
  } catch {
    return undefined; // malformed: nobody signed this
  }
}

/** EIP-191 signature of a message's hash. */
export function signEnvelope(account: LocalAccount, hash: Hex): Promise<Hex> {
  return account.signMessage({ message: { raw: hash } });
}

/** Who signed the envelope, lower case; undefined where the bytes are no signature. */
export async function recoverEnvelope(hash: Hex, envelope: Hex): Promise<Hex | undefined> {
  try {
    return lowerCase(await recoverMessageAddress({ message: { raw: hash }, signature: envelope }));
  } catch {
    return undefined; // malformed: nobody signed this
  }
}

function lowerCase(hex: Hex): Hex {
  return `0x${hex.slice(2).toLowerCase()}`;
}
