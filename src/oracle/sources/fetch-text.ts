import type { EgressClient } from "../egress/egress-client.ts";
import type { FailedSource, SourceFailure } from "./reading.ts";
import type { SourceSecrets } from "./source-secrets.ts";

export interface FetchLimits {
  readonly timeoutMs: number;
  readonly maximumBytes: number;
}

export type FetchedText =
  { readonly ok: true; readonly text: string; readonly header: (name: string) => string | undefined } | FailedSource;

/** What a status other than 200 counts as, where it is not simply `declined`. */
export type JudgeStatus = (status: number, header: (name: string) => string | undefined) => SourceFailure;

/** Reads a text over HTTP with this operator's credentials, where its policy allows the URL. */
export type FetchText = (
  url: string,
  headers: Readonly<Record<string, string>>,
  judgeStatus?: JudgeStatus,
) => Promise<FetchedText>;

export interface TextFetcherOptions {
  readonly egress: EgressClient;
  readonly permits: (url: string) => boolean;
  readonly secrets: SourceSecrets;
  readonly limits: FetchLimits;
}

/**
 * Redirects are not followed: the operator's policy judged this URL and no other. A status other than 200, an over-long body and one
 * that cannot be decoded are `declined`; no answer in time, or none within the policy, is `unreachable`. What comes back has no
 * secret in it: a service that repeats what it was sent puts nothing of it into a value, a capture or a log.
 */
export function textFetcher({ egress, permits, secrets, limits }: TextFetcherOptions): FetchText {
  return async (url, headers, judgeStatus = () => "declined") => {
    if (!permits(url)) {
      return { ok: false, failure: "unreachable", detail: `this operator's policy does not allow ${url}` };
    }
    const answer = await egress.request(url, { ...limits, headers: { ...headers, ...secrets.headersFor(url) } });
    if (!answer.ok) {
      const isAnswer = answer.problem === "too-large" || answer.problem === "undecodable";
      return { ok: false, failure: isAnswer ? "declined" : "unreachable", detail: secrets.redact(answer.detail) };
    }
    const { status, text, header } = answer;
    if (status !== 200) return { ok: false, failure: judgeStatus(status, header), detail: `status ${status}` };
    return { ok: true, text: secrets.redact(text), header };
  };
}
