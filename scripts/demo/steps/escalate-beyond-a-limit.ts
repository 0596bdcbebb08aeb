import { encodeFunctionData, encodeAbiParameters, keccak256, type Hex } from "viem";
import { iEscalationsAbi } from "../../../src/chain/abi.ts";
import { devAccount } from "../../../src/chain/dev-accounts.ts";
import { contractCall, type ContractCall } from "../../../src/sdk/contract-call.ts";
import { send, simulate } from "../../../src/sdk/send.ts";
import type { Session } from "../../../src/sdk/session.ts";
import { documentHash } from "../../../src/core/documents/document-hash.ts";
import type { Narrator } from "../narrator.ts";
import { claim, refusal, type Evidence } from "../step.ts";

/** The first human up the example finance team's path. */
const resolverName = "strategyAnchor";

/**
 * A call that only a limit refuses: its caller escalates exactly this call, a human up the team's path approves it, the
 * caller makes it once, and a second time it is refused again.
 */
export async function escalateBeyondALimit(
  session: Session,
  narrator: Narrator,
  call: ContractCall,
): Promise<Evidence> {
  const agent = devAccount("agent");
  const outside = await refusal("AuthorityOutsideLimits", () => simulate(session, agent, call));
  const data = encodeFunctionData(call);
  const operation: Hex = keccak256(
    encodeAbiParameters(
      [{ type: "address" }, { type: "address" }, { type: "bytes" }],
      [agent.address, call.address, data],
    ),
  );
  const recommendation = documentHash({ recommendation: "pay it: the fee was announced too low" });
  const context = documentHash({ context: "invoice of the conference" });
  const open = contractCall(session, "Escalations", iEscalationsAbi, "open", [
    call.address,
    data,
    recommendation,
    context,
  ]);
  const opened = await send(session, agent, open);
  claim(opened.result === operation, "the escalation is of exactly this call");
  const pending = await refusal("AuthorityOutsideLimits", () => simulate(session, agent, call));
  narrator.say(`A larger withdrawal crosses the grant's cap (${outside.code}); the agent escalates exactly that call.`);

  const reason = documentHash({ reason: "the invoice is right" });
  const approve = contractCall(session, "Escalations", iEscalationsAbi, "approve", [operation, 0n, reason]);
  await refusal("EscalationsNotResolver", () => simulate(session, agent, approve));
  const approved = await send(session, devAccount(resolverName), approve);
  const executed = await send(session, agent, call);
  const again = await refusal("AuthorityOutsideLimits", () => simulate(session, agent, call));
  narrator.say("A human up the team's path approves it; the agent makes the call once, and not a second time.");
  return {
    operation,
    refused: { code: outside.code, whilePending: pending.code, afterwards: again.code },
    opened: opened.transaction,
    approved: { by: devAccount(resolverName).address, transaction: approved.transaction },
    executed: executed.transaction,
  };
}
