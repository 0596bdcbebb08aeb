/** Consensus on the kernel, bent: teams that did not exist when the change was proposed. */
import { expect } from "chai";
import { id } from "ethers";

import { changeDelaySeconds, deployOrganization, office } from "../../support/organization.ts";
import { Parameters } from "../../support/escalations.ts";

describe("Attacks on consensus", () => {
  it("teams that are opened once a change is proposed have no say in it", async () => {
    const { constitution, openTeam, first, networkHelpers } = await deployOrganization();
    const reason = id("reason");
    await constitution.proposeChange(Parameters.CONE_MAX_IMPACT, 10n ** 12n, reason);
    const { required } = await constitution.pendingChange(Parameters.CONE_MAX_IMPACT, 0);
    expect(required, "two of three").to.equal(2);
    await constitution.connect(first).consent(Parameters.CONE_MAX_IMPACT, office.first);
    // A structure office that wants the change opens a team for the same human.
    const late = await openTeam("LATE", first);
    await expect(constitution.connect(first).consent(Parameters.CONE_MAX_IMPACT, late))
      .to.be.revertedWithCustomError(constitution, "ConstitutionNotInElectorate")
      .withArgs(Parameters.CONE_MAX_IMPACT, late, office.second);
    await networkHelpers.time.increase(changeDelaySeconds);
    await expect(constitution.enactChange(Parameters.CONE_MAX_IMPACT, 0))
      .to.be.revertedWithCustomError(constitution, "ConstitutionConsensusMissing")
      .withArgs(Parameters.CONE_MAX_IMPACT, 1, 2);
  });
});
