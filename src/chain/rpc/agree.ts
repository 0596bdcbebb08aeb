import { RpcRequestError } from "viem";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { NoAnswer, RpcAnswer, RpcError } from "./rpc-answer.ts";
import type { RpcEndpoint } from "./rpc-endpoint.ts";

/** Pauses before an endpoint that gave no answer is asked again: a block reaches the last endpoint some time after the first. */
const PAUSES_MS = [150, 400, 1_000] as const;

export type ComparedAnswer = Exclude<RpcAnswer, NoAnswer>;

export interface AgreementTerms {
  readonly method: string;
  readonly endpoints: readonly RpcEndpoint[];
  readonly quorum: number;
  readonly ask: (endpoint: RpcEndpoint) => Promise<RpcAnswer>;
  /** Whether an endpoint without an answer is asked again. */
  readonly patient: boolean;
  /** Where set, honest endpoints cannot differ: it is told who answered otherwise than the quorum, also of those that answer late. */
  readonly onDisagreement?: (endpoint: string) => void;
}

/**
 * The answer that `quorum` endpoints give alike, as soon as they have given it. An endpoint without an answer counts for nothing.
 * @throws {MandateError} `RpcQuorumMissing` where no answer can reach the quorum any more, `WrongChain` where that is
 * because endpoints serve another chain.
 * @throws {RpcRequestError} where a quorum refuses the call.
 */
export function agree(terms: AgreementTerms): Promise<ComparedAnswer> {
  const { endpoints, quorum, onDisagreement } = terms;
  return new Promise((resolve, reject) => {
    const groups = new Map<string, string[]>();
    const silent: (readonly [name: string, NoAnswer])[] = [];
    let waiting = endpoints.length;
    let agreed: string | undefined;
    let isOver = false;

    const take = (name: string, answer: RpcAnswer): void => {
      waiting -= 1;
      if (answer.kind === "none") silent.push([name, answer]);
      else {
        const key = keyOf(answer);
        const group = groups.get(key) ?? [];
        groups.set(key, [...group, name]);
        if (agreed !== undefined && isContradiction(key, agreed)) onDisagreement?.(name);
        if (!isOver && group.length + 1 === quorum) {
          agreed = key;
          isOver = true;
          for (const [other, names] of groups) {
            if (isContradiction(other, key)) for (const each of names) onDisagreement?.(each);
          }
          resolve(answer);
        }
      }
      const best = Math.max(0, ...[...groups.values()].map((each) => each.length));
      if (isOver || best + waiting >= quorum) return;
      isOver = true;
      reject(failureOf(terms, groups, silent));
    };
    for (const endpoint of endpoints) {
      void askPatiently(terms, endpoint, () => isOver).then((answer) => take(endpoint.name, answer));
    }
  });
}

async function askPatiently(terms: AgreementTerms, endpoint: RpcEndpoint, isOver: () => boolean): Promise<RpcAnswer> {
  let answer = await terms.ask(endpoint);
  for (const pauseMs of terms.patient ? PAUSES_MS : []) {
    const mayChange = answer.kind === "none" && answer.reason !== "wrong-chain" && answer.reason !== "refused";
    if (!mayChange || isOver()) break;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    if (isOver()) break;
    answer = await terms.ask(endpoint);
  }
  return answer;
}

/** A refusal that says nothing: a contract's own, or that of one that ran out of the gas that the endpoint gives a call. */
const BARE_REFUSAL = "reverted 0x";

/** Of a refusal by the contract only its data counts: each client words it differently. */
function keyOf(answer: ComparedAnswer): string {
  return answer.kind === "result"
    ? JSON.stringify(answer.value)
    : `reverted ${typeof answer.error.data === "string" ? answer.error.data.toLowerCase() : "0x"}`;
}

/** Endpoints bound the gas of a call, each as it likes: that honest ones cannot differ holds of values, and of refusals with data. */
function isContradiction(one: string, other: string): boolean {
  return one !== other && one !== BARE_REFUSAL && other !== BARE_REFUSAL;
}

function failureOf(
  { method, endpoints, quorum }: AgreementTerms,
  groups: ReadonlyMap<string, readonly string[]>,
  silent: readonly (readonly [name: string, answer: NoAnswer])[],
): Error {
  const refusals = silent.flatMap(([, { error }]) => (error === undefined ? [] : [error]));
  const [refusal] = refusals;
  if (refusal !== undefined && refusals.length >= quorum) return requestError(method, refusal);
  const said = [...groups.values()].map(
    (names) => `${names.join(" and ")} ${names.length > 1 ? "say" : "says"} one thing`,
  );
  const unsaid = silent.map(([name, { reason, detail }]) => `${name} is ${reason}: ${detail}`);
  const detail = [...said, ...unsaid].join("; ");
  const wrong = silent.filter(([, { reason }]) => reason === "wrong-chain").length;
  if (endpoints.length - wrong < quorum) {
    return new MandateError("WrongChain", `too few endpoints serve the configured chain (${detail})`, {
      kind: "environment",
      data: { quorum, endpoints: endpoints.length, wrong },
      remedy: "Correct the URLs in rpc.urls, or the chain id.",
    });
  }
  return new MandateError(
    "RpcQuorumMissing",
    `no ${quorum} of ${endpoints.length} endpoints agree on ${method} (${detail})`,
    {
      kind: "retry",
      data: { method, quorum, endpoints: endpoints.length },
      remedy: "Mend or replace the endpoints named; mandate oracle check shows each of them.",
    },
  );
}

/** An endpoint's error in the form in which viem's callers look for the contract's error in it. */
export function requestError(method: string, { code, message, data }: RpcError): RpcRequestError {
  return new RpcRequestError({ body: { method }, error: { code, message, data }, url: "the endpoints" });
}
