import { id } from "ethers";
import { deployEscalations } from "../../../test/support/escalations.ts";
import { gasOf, type GasTable } from "../measurement.ts";

/** A call outside its limits, from the refusal to its execution: three transactions, of the requester and of an anchor. */
export async function measureEscalations(): Promise<GasTable> {
  const { escalations, target, agent, first, authority } = await deployEscalations();
  const reason = id("reason");
  const cycle = async (amount: number) => {
    const data = target.interface.encodeFunctionData("run", [amount]);
    const opened = await gasOf(escalations.connect(agent).open(target, data, reason, reason));
    const operation = await authority.hashOperation(agent, target, data);
    const approved = await gasOf(escalations.connect(first).approve(operation, 0, reason));
    const executed = await gasOf(target.connect(agent).run(amount));
    return { opened, approved, executed };
  };
  await cycle(130);
  const { opened, approved, executed } = await cycle(131);
  console.error(`  open ${opened}, approve ${approved}, execute ${executed}`);
  return { escalate: { gas: opened + approved + executed, peers: {} } };
}
