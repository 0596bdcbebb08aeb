import type { LocalAccount } from "viem";
import { authorityAbi, iAuthorityAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import type { ContractCall } from "../../sdk/contract-call.ts";
import { send } from "../../sdk/send.ts";
import type { Session } from "../../sdk/session.ts";
import { dataOf } from "../chain/transaction-file.ts";
import { announcementOf } from "./batch-file.ts";
import type { Plan, Step } from "./plan.ts";

/** What became of a step. */
export interface StepOutcome {
  readonly id: string;
  readonly sentence: string;
  /** `ended`: sent. `announced`: it can be made at `readyAt`. `waiting`: announced before. `refused`: the contract said no. */
  readonly outcome: "ended" | "announced" | "waiting" | "refused";
  readonly transaction?: Hex;
  readonly readyAt?: number;
  readonly problem?: string;
}

/** A call to make now for a step. */
interface Due {
  readonly step: Step;
  readonly call: ContractCall;
  readonly outcome: "ended" | "announced";
  readonly readyAt?: number;
}

/** What each step takes now: the call, its announcement, or time. */
async function dueOf(
  session: Session,
  authority: Hex,
  signer: Hex,
  steps: readonly Step[],
): Promise<{ due: Due[]; waiting: StepOutcome[] }> {
  const due: Due[] = [];
  const waiting: StepOutcome[] = [];
  const { timestamp } = await session.client.getBlock();
  for (const step of steps) {
    const { way, holding } = step;
    if (way.delaySeconds === 0) {
      due.push({ step, call: way.call, outcome: "ended" });
      continue;
    }
    const read = { address: authority, abi: iAuthorityAbi } as const;
    const args = [signer, way.call.address, dataOf(way.call)] as const;
    const operation = await session.client.readContract({ ...read, functionName: "hashOperation", args });
    const readyAt = await session.client.readContract({ ...read, functionName: "getSchedule", args: [operation] });
    if (readyAt === 0) {
      const call = announcementOf(authority, way.call);
      due.push({ step, call, outcome: "announced", readyAt: Number(timestamp) + way.delaySeconds });
    } else if (readyAt <= Number(timestamp)) due.push({ step, call: way.call, outcome: "ended" });
    else waiting.push({ id: holding.id, sentence: holding.sentence, outcome: "waiting", readyAt });
  }
  return { due, waiting };
}

function outcomeOf({ step, outcome, readyAt }: Due, transaction: Hex): StepOutcome {
  const { id, sentence } = step.holding;
  return { id, sentence, outcome, transaction, ...(readyAt === undefined ? {} : { readyAt }) };
}

async function sendEach(session: Session, account: LocalAccount, due: readonly Due[]): Promise<StepOutcome[]> {
  const outcomes: StepOutcome[] = [];
  for (const each of due) {
    try {
      outcomes.push(outcomeOf(each, (await send(session, account, each.call)).transaction));
    } catch (thrown) {
      // One that is refused holds up no other; the chain is read again afterwards and says what is left.
      if (!(thrown instanceof MandateError) || thrown.kind !== "refused") throw thrown;
      const { id, sentence } = each.step.holding;
      outcomes.push({ id, sentence, outcome: "refused", problem: `${thrown.code}: ${thrown.message}` });
    }
  }
  return outcomes;
}

/** Several calls of the authority as one transaction: all of them or none. */
function together(authority: Hex, due: readonly Due[]): ContractCall {
  const args = [due.map(({ call }) => dataOf(call))];
  return { contract: "Authority", address: authority, abi: authorityAbi, functionName: "multicall", args, value: 0n };
}

/**
 * Sends what `account` can of a plan: calls of other contracts one by one, then those of the authority in one transaction
 * or, where that is refused, one by one. Roles go last, as the plan has them.
 */
export async function sendPlan(
  session: Session,
  authority: Hex,
  account: LocalAccount,
  plan: Plan,
): Promise<readonly StepOutcome[]> {
  const signer = account.address.toLowerCase() as Hex;
  const steps = plan.groups.filter(({ sender }) => sender === signer).flatMap((group) => group.steps);
  const { due, waiting } = await dueOf(session, authority, signer, steps);
  const isLast = ({ step }: Due): boolean => step.holding.ending.kind === "call" && step.holding.ending.last === true;
  const ofAuthority = due.filter(({ call }) => call.address === authority);
  const others = due.filter(({ call }) => call.address !== authority);
  const outcomes = await sendEach(
    session,
    account,
    others.filter((each) => !isLast(each)),
  );
  if (ofAuthority.length > 1) {
    try {
      const { transaction } = await send(session, account, together(authority, ofAuthority));
      outcomes.push(...ofAuthority.map((each) => outcomeOf(each, transaction)));
    } catch (thrown) {
      if (!(thrown instanceof MandateError) || thrown.kind !== "refused") throw thrown;
      outcomes.push(...(await sendEach(session, account, ofAuthority)));
    }
  } else outcomes.push(...(await sendEach(session, account, ofAuthority)));
  outcomes.push(...(await sendEach(session, account, others.filter(isLast))));
  return [...outcomes, ...waiting];
}
