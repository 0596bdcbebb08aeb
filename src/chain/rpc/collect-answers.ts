import type { RpcAnswer } from "./rpc-answer.ts";
import type { RpcEndpoint } from "./rpc-endpoint.ts";

/** How long is waited for the rest once a quorum has answered: one that hangs must not slow every read. */
const STRAGGLER_MS = 500;

export interface NamedAnswer {
  readonly endpoint: string;
  readonly answer: RpcAnswer;
}

/** Answers as they come in, until they are enough, all are there, or the stragglers' time is over. */
export function collectAnswers(terms: {
  readonly endpoints: readonly RpcEndpoint[];
  readonly quorum: number;
  readonly ask: (endpoint: RpcEndpoint) => Promise<RpcAnswer>;
  readonly isEnough: (answers: readonly NamedAnswer[]) => boolean;
}): Promise<readonly NamedAnswer[]> {
  const { endpoints, quorum, ask, isEnough } = terms;
  return new Promise((resolve) => {
    const answers: NamedAnswer[] = [];
    let timer: NodeJS.Timeout | undefined;
    const finish = (): void => {
      clearTimeout(timer);
      resolve([...answers]);
    };
    for (const endpoint of endpoints) {
      void ask(endpoint).then((answer) => {
        answers.push({ endpoint: endpoint.name, answer });
        const results = answers.filter((each) => each.answer.kind === "result").length;
        if (answers.length === endpoints.length || isEnough(answers)) finish();
        else if (results >= quorum) timer ??= setTimeout(finish, STRAGGLER_MS);
      });
    }
  });
}
