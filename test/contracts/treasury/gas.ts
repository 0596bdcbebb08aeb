import { expect } from "chai";

import { deployVault, unit } from "../../support/treasury-stage.ts";
import { leafOf, reportHeader } from "../../support/treasury.ts";

/** GOALS, column "first"; whole transactions in warm steady state. The oracle here is a double, which reads as much. */
const ceilings = { release1: 100_000n, release3: 120_000n, reclaim: 70_000n };

describe("BudgetVault: gas", () => {
  it("given a payee who holds the token, release stays below its ceiling with one and with three attestors", async () => {
    const stage = await deployVault();
    const set = await stage.createAttestorSet(
      stage.attestors.map((wallet) => wallet.address),
      1,
      `0x${"11".repeat(32)}`,
    );
    const terms = stage.plan({ milestones: Array.from({ length: 4 }, () => stage.milestone({ attestorSet: set })) });
    const project = await stage.openActive(terms);
    await stage.token.mint(stage.payee, unit);
    const used: bigint[] = [];
    for (const [index, seats] of [
      [0, [0]],
      [1, [0]],
      [2, [0, 1, 2]],
    ] as [number, number[]][]) {
      const sent = await stage.vault.release(...(await stage.proof(terms, stage.claim(project, index), seats)));
      used.push((await sent.wait())?.gasUsed ?? 0n);
    }
    console.log("      release1, release3:", used.slice(1).join(" "));
    expect(used[1]).to.be.at.most(ceilings.release1);
    expect(used[2]).to.be.at.most(ceilings.release3);
  });

  it("given three pending milestones, reclaim stays below its ceiling", async () => {
    const stage = await deployVault();
    const project = await stage.openActive(stage.plan());
    await stage.oracle.accept(9, stage.start);
    const receipt = await (await stage.vault.reclaim(project)).wait();
    console.log("      reclaim:", receipt?.gasUsed);
    expect(receipt?.gasUsed).to.be.at.most(ceilings.reclaim);
  });

  it("renewal", async () => {
    const stage = await deployVault();
    const project = await stage.openActive(stage.plan());
    for (const index of [1, 2]) {
      await stage.oracle.accept(index, (await stage.networkHelpers.time.latest()) + 1);
      const sent = await stage.vault.renew(
        project,
        reportHeader(index),
        leafOf(project),
        Array.from({ length: 20 }, () => `0x${"a7".repeat(32)}`),
      );
      console.log("      renew:", (await sent.wait())?.gasUsed);
    }
    await stage.completeJournal();
  });
});
