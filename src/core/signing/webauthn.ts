import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesOf, compareBytes, hexOf, wordOf, type Hex } from "../hex.ts";

/** What a passkey answers to a challenge, as OpenZeppelin's `WebAuthn.WebAuthnAuth` holds it. */
export interface WebAuthnAssertion {
  readonly r: Uint8Array;
  readonly s: Uint8Array;
  /** Where `"challenge":"…"` begins in the client data, in bytes. */
  readonly challengeIndex: bigint;
  /** Where `"type":"webauthn.get"` begins in the client data, in bytes. */
  readonly typeIndex: bigint;
  readonly authenticatorData: Uint8Array;
  readonly clientData: Uint8Array;
}

/** What `navigator.credentials.get` gives, in bytes. */
export interface AuthenticatorResponse {
  readonly authenticatorData: Uint8Array;
  readonly clientDataJSON: Uint8Array;
  /** ECDSA signature in DER. */
  readonly signature: Uint8Array;
}

const WORD = 32;
/** Four words, and the offsets of the two byte strings. */
const HEAD = 6 * WORD;
const KEY_BYTES = 64;
/** Hash of the relying party, flags, counter. */
const SHORTEST_AUTHENTICATOR_DATA = 37;
const FLAGS_INDEX = 32;
const FLAG = { userPresent: 0x01, userVerified: 0x04, backupEligible: 0x08, backedUp: 0x10 };

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const TYPE = ascii('"type":"webauthn.get"');
const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
};

function base64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The member of the client data that says what was signed: a digest in unpadded base64url. */
function challengeOf(digest: Hex): Uint8Array {
  return ascii(`"challenge":"${base64Url(bytesOf(digest))}"`);
}

function indexOf(whole: Uint8Array, part: Uint8Array): number {
  const last = whole.length - part.length;
  for (let index = 0; index <= last; index++) if (holdsAt(whole, part, index)) return index;
  return -1;
}

function holdsAt(whole: Uint8Array, part: Uint8Array, index: number): boolean {
  return index + part.length <= whole.length && compareBytes(whole.subarray(index, index + part.length), part) === 0;
}

/**
 * The signature that OpenZeppelin's `ERC7913WebAuthnVerifier` takes, from what a passkey answered when it was asked to sign
 * `digest` as its challenge. Signatures with a high `s`, which authenticators give half of the time, are mirrored: the verifier
 * takes the low one alone.
 * @returns undefined where the answer is no assertion about `digest`.
 */
export function webAuthnSignature(response: AuthenticatorResponse, digest: Hex): Hex | undefined {
  const { clientDataJSON: clientData, authenticatorData } = response;
  const [challengeIndex, typeIndex] = [indexOf(clientData, challengeOf(digest)), indexOf(clientData, TYPE)];
  if (challengeIndex === -1 || typeIndex === -1) return undefined;
  const parsed = signatureOf(response.signature);
  if (parsed === undefined) return undefined;
  const { ORDER } = p256.Point.Fn;
  return encodeWebAuthnAssertion({
    r: wordOf(parsed.r),
    s: wordOf(parsed.s > ORDER / 2n ? ORDER - parsed.s : parsed.s),
    challengeIndex: BigInt(challengeIndex),
    typeIndex: BigInt(typeIndex),
    authenticatorData,
    clientData,
  });
}

function signatureOf(der: Uint8Array): { r: bigint; s: bigint } | undefined {
  try {
    return p256.Signature.fromBytes(der, "der");
  } catch {
    return undefined; // not DER, or r or s outside of the group
  }
}

/** The six fields side by side. `abi.encode(struct)` would put an offset in front, which the verifier takes for `r`. */
export function encodeWebAuthnAssertion(assertion: WebAuthnAssertion): Hex {
  const dynamic = (bytes: Uint8Array): Uint8Array =>
    concat(wordOf(BigInt(bytes.length)), bytes, new Uint8Array((WORD - (bytes.length % WORD)) % WORD));
  const data = dynamic(assertion.authenticatorData);
  const head = [
    assertion.r,
    assertion.s,
    wordOf(assertion.challengeIndex),
    wordOf(assertion.typeIndex),
    wordOf(BigInt(HEAD)),
    wordOf(BigInt(HEAD + data.length)),
  ];
  return hexOf(concat(...head, data, dynamic(assertion.clientData)));
}

/** The assertion that `signature` encodes, read as leniently as the verifier reads it; undefined where it holds none. */
export function decodeWebAuthnAssertion(signature: Hex): WebAuthnAssertion | undefined {
  const bytes = bytesOf(signature);
  if (bytes.length < HEAD) return undefined;
  const word = (index: number): Uint8Array => bytes.subarray(index, index + WORD);
  const number = (index: number): bigint => BigInt(hexOf(word(index)));
  const dynamic = (field: number): Uint8Array | undefined => {
    const offset = number(field * WORD);
    if (offset > BigInt(bytes.length - WORD)) return undefined;
    const start = Number(offset) + WORD; // safe: below the input's length
    const length = number(Number(offset));
    return length > BigInt(bytes.length - start) ? undefined : bytes.subarray(start, start + Number(length));
  };
  const [authenticatorData, clientData] = [dynamic(4), dynamic(5)];
  if (authenticatorData === undefined || clientData === undefined) return undefined;
  const [r, s] = [word(0), word(WORD)];
  const [challengeIndex, typeIndex] = [number(2 * WORD), number(3 * WORD)];
  return { r, s, challengeIndex, typeIndex, authenticatorData, clientData };
}

/**
 * Whether the passkey `key` (x ‖ y) signed `digest` with its user present and verified. Twin of OpenZeppelin's
 * `ERC7913WebAuthnVerifier`, tied to it by `test/vectors/webauthn.json`; like it, it looks neither at origin and relying party,
 * which the authenticator binds to the key, nor at the counter.
 */
export function verifyWebAuthn(key: Uint8Array, digest: Hex, signature: Hex): boolean {
  const assertion = decodeWebAuthnAssertion(signature);
  if (assertion === undefined || key.length !== KEY_BYTES) return false;
  const { r, s, authenticatorData, clientData, challengeIndex, typeIndex } = assertion;
  const holds = (part: Uint8Array, index: bigint): boolean =>
    index <= BigInt(clientData.length) && holdsAt(clientData, part, Number(index));
  if (authenticatorData.length < SHORTEST_AUTHENTICATOR_DATA) return false;
  if (!flagsAllow(authenticatorData[FLAGS_INDEX] ?? 0)) return false;
  if (!holds(TYPE, typeIndex) || !holds(challengeOf(digest), challengeIndex)) return false;
  const signed = sha256(concat(authenticatorData, sha256(clientData)));
  try {
    return p256.verify(concat(r, s), signed, concat(Uint8Array.of(4), key), { prehash: false, lowS: true });
  } catch {
    return false; // r or s outside of the group, or the key not on the curve
  }
}

/** The user was present and verified, and only what may be backed up says that it is. */
function flagsAllow(flags: number): boolean {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  return has(FLAG.userPresent) && has(FLAG.userVerified) && (has(FLAG.backupEligible) || !has(FLAG.backedUp));
}
