import type { SignInDecision } from "../../chain/sign-in/check-sign-in.ts";
import type { Problem } from "../../core/api/problem.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { AccessDecision } from "../access/decide-access.ts";
import type { PartiesOutcome } from "../access/read-parties.ts";
import type { PutOutcome } from "../store/evidence-store.ts";

export type ProblemStatus = 400 | 401 | 403 | 404 | 413 | 415 | 422 | 500 | 503 | 507;

/** Thrown by a route: an answer that is a problem. */
export class ProblemAnswer extends Error {
  readonly status: ProblemStatus;
  readonly problem: Problem;

  constructor(status: ProblemStatus, code: string, message: string, remedy?: string) {
    super(message);
    this.name = code;
    this.status = status;
    this.problem = { code, message, ...(remedy === undefined ? {} : { remedy }) };
  }
}

type Refused<T> = Extract<T, { readonly reason: string }>["reason"];

const signInReasons: Readonly<Record<Refused<SignInDecision>, string>> = {
  "message-unreadable": "this is no EIP-4361 sign-in message",
  "wrong-domain": "the message was written for another site",
  "wrong-chain": "the message was written for another chain",
  "nonce-unknown": "the message's nonce was not issued here, was used already, or is too old",
  "message-expired": "the message is not valid now",
  "signature-invalid": "the signature is not the signer's",
};

const accessReasons: Readonly<Record<Refused<AccessDecision>, string>> = {
  "not-a-party": "only the milestone's payee, opener, anchor and attestors may do this",
  "seat-revoked": "this attestor's seat is revoked",
  "may-only-read": "evidence is uploaded by the project's payee or opener",
};

const placeReasons: Readonly<Record<Refused<PartiesOutcome>, readonly [code: string, message: string]>> = {
  "unknown-project": ["ProjectUnknown", "the vault has no such project"],
  "plan-mismatch": ["ProjectUnknown", "the project's id is not the hash of the plan that the chain tells"],
  "unknown-milestone": ["MilestoneUnknown", "the project's plan has no such milestone"],
};

const fullReasons: Readonly<Record<Refused<PutOutcome>, readonly [code: string, message: string]>> = {
  "milestone-full": ["MilestoneFull", "the milestone's share of the store would be exceeded"],
  "milestone-records": ["MilestoneFull", "the milestone has as many records as the store takes"],
  "store-full": ["StoreFull", "the store is full"],
};

export const signInRefused = (reason: Refused<SignInDecision>): ProblemAnswer =>
  new ProblemAnswer(401, "SignInRefused", signInReasons[reason]);

export const accessRefused = (reason: Refused<AccessDecision>): ProblemAnswer =>
  new ProblemAnswer(403, "EvidenceForbidden", accessReasons[reason]);

export const placeUnknown = (reason: Refused<PartiesOutcome>): ProblemAnswer =>
  new ProblemAnswer(404, ...placeReasons[reason]);

export const challengeUnknown = (): ProblemAnswer =>
  new ProblemAnswer(
    404,
    "ChallengeUnknown",
    "there is no such challenge",
    "Upload once its transaction is in a block.",
  );

export const notTheChallenger = (): ProblemAnswer =>
  new ProblemAnswer(403, "EvidenceForbidden", "only who opened the challenge uploads its evidence");

export const tooLarge = (maximumBytes: number): ProblemAnswer =>
  new ProblemAnswer(413, "EvidenceTooLarge", `more than ${maximumBytes} bytes are not taken`);

export const storeFull = (reason: Refused<PutOutcome>): ProblemAnswer => new ProblemAnswer(507, ...fullReasons[reason]);

/** What a thrown value is answered with; undefined for what nobody expected. */
export function problemOf(thrown: unknown): ProblemAnswer | undefined {
  if (thrown instanceof ProblemAnswer) return thrown;
  if (thrown instanceof MandateError && thrown.kind === "input") {
    return new ProblemAnswer(400, thrown.code, thrown.message, thrown.remedy);
  }
  if (thrown instanceof Error && "code" in thrown && ["ENOSPC", "EDQUOT"].includes(String(thrown.code))) {
    return new ProblemAnswer(507, "StoreFull", "the store's disk is full");
  }
  return undefined;
}
