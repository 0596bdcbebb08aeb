import type { Hex } from "../../core/hex.ts";
import type { Plan, Step } from "./plan.ts";
import type { StepOutcome } from "./send-plan.ts";

function stepText({ holding, way, others }: Step, index: number): string {
  const delay = way.delaySeconds === 0 ? "" : `, ${way.delaySeconds} seconds after it is announced`;
  const senders = [...new Set(others.map(({ sender }) => sender))].filter((each) => each !== way.sender);
  const or =
    senders.length === 0 ? "" : `\n     or by ${senders.slice(0, 4).join(", ")}${senders.length > 4 ? ", …" : ""}`;
  return `  ${index + 1}. it ${holding.sentence}\n     ends by ${way.call.contract}.${way.call.functionName}, ${way.right}${delay}${or}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

/** The plan in sentences, by who must send what. */
export function planText(plan: Plan, account: Hex, block: bigint): string {
  const { groups, follows, open, stays } = plan;
  const calls = groups.reduce((sum, { steps }) => sum + steps.length, 0);
  const count = calls + follows.length + open.length + stays.length;
  if (count === 0) return `${account} holds nothing at block ${block}, by the complete record of every contract.`;
  return [
    `${account} holds ${count} things at block ${block}, by the complete record of every contract.`,
    ...groups.flatMap(({ sender, steps }) => section(`${sender} sends:`, steps.map(stepText))),
    ...section(
      "Ends with these, or by itself:",
      follows.map(({ sentence, ending }) => `  - it ${sentence}: ${ending.kind === "follows" ? ending.what : ""}`),
    ),
    ...section(
      "Needs a decision first:",
      open.map(({ holding, what }) => `  - it ${holding.sentence}: ${what}`),
    ),
    ...section(
      "Stays:",
      stays.map(({ holding, why }) => `  - it ${holding.sentence}: ${why}`),
    ),
  ].join("\n");
}

const outcomeWords: Record<StepOutcome["outcome"], string> = {
  ended: "ended",
  announced: "announced",
  waiting: "waits",
  refused: "REFUSED",
};

/** What became of each step that was sent. */
export function outcomesText(outcomes: readonly StepOutcome[]): string {
  return outcomes
    .map(({ outcome, sentence, readyAt, problem }) => {
      const when = readyAt === undefined ? "" : `, can be made from ${new Date(readyAt * 1_000).toISOString()} on`;
      return `${outcomeWords[outcome].padEnd(9)} ${sentence}${when}${problem === undefined ? "" : `: ${problem}`}`;
    })
    .join("\n");
}
