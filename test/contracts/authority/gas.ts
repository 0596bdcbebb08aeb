import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";

import { deployAuthority } from "../../support/authority.ts";
import { harmless, ImpactKind } from "../../support/new-authority.ts";

async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<number> {
  const receipt = await (await sent).wait();
  return Number(receipt?.gasUsed);
}

describe("Authority: gas of whole transactions, warm steady state", () => {
  it("a fresh grant, a check by grant and a counted check stay within their figures", async () => {
    const { authority, target, guarded, granter, agent, outsider, openTask, request, networkHelpers } =
      await deployAuthority();
    const task = await openTask();
    const as = target.connect(agent);
    await target.connect(outsider).unguarded(1);
    const bare = await gasOf(as.unguarded(1));

    const soon = (await networkHelpers.time.latest()) - 5;
    const grant = await gasOf(authority.connect(granter).grant(request(task, { uses: 3, notBefore: soon })));
    await as.guarded(1);
    const counted = await gasOf(as.guarded(1));
    await authority.connect(granter).grant(request(task, { uses: 3, cap: 1_000 }));
    await authority.setActionFacts(target, guarded, { ...harmless, impact: ImpactKind.Amount });
    await as.guarded(1);
    const charged = await gasOf(as.guarded(1));
    await authority.setActionFacts(target, guarded, harmless);
    await authority.connect(granter).grant(request(task));
    const check = await gasOf(as.guarded(1));

    expect(grant).to.be.at.most(78_000);
    expect(check - bare).to.be.at.most(18_000);
    expect(counted - bare).to.be.at.most(26_000);
    // Counted, capped, and charged to the team: two slots written.
    expect(charged - bare).to.be.at.most(26_500);
  });
});
