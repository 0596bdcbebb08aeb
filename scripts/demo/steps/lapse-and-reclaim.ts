import { devAccount } from "../../../src/chain/dev-accounts.ts";
import { releaseCall } from "../../../src/sdk/milestone.ts";
import { isLeaseRunning, readProject, reclaimCall } from "../../../src/sdk/project.ts";
import { send, simulate } from "../../../src/sdk/send.ts";
import { readPoolBalance } from "../balances.ts";
import { claim, need, refusal, sessionOf, type Step } from "../step.ts";
import { waitFor } from "../wait-for.ts";

/** A lease of one report ends with the renewal window after the next one, two epochs away at most. */
const LAPSE_TIMEOUT_MS = 60_000;

export const lapseAndReclaim: Step = {
  name: "lapse-and-reclaim",
  title:
    "The other project stays below τ: its lease runs out, its release is refused, anybody returns the money to the pool",
  run: async (stage) => {
    const { narrator, supervisor } = stage;
    const session = sessionOf(stage);
    const project = need(stage.projects, "projects").idle;
    const { pool } = need(stage.foundation, "foundation").organization;
    const anybody = devAccount("agent");

    const { proof, refusal: tooLow } = need(stage.lowScore, "score below τ");
    claim(BigInt(proof.leaf.score) < BigInt(proof.header.threshold), "the project scored below τ");
    narrator.say(
      `It scored ${proof.leaf.score}, τ is ${proof.header.threshold}; renewing with that was refused: ${tooLow.code}.`,
    );

    await waitFor("the end of the lease", { timeoutMs: LAPSE_TIMEOUT_MS, signal: supervisor.signal }, async () =>
      (await isLeaseRunning(session, project)) ? undefined : true,
    );
    const release = releaseCall(session, need(stage.earlyProof, "early proof"));
    const refused = await refusal("BudgetVaultLeaseLapsed", () => simulate(session, anybody, release));
    narrator.say(`The lease ran out. Two attestors' signatures are there, and still: ${refused.code}.`);

    const before = await readPoolBalance(session, pool, "coin");
    const { committed } = await readProject(session, project);
    const { transaction } = await send(session, anybody, reclaimCall(session, project));
    const after = await readPoolBalance(session, pool, "coin");
    claim(committed > 0n && after - before === committed, "the pool has exactly the committed money back");
    const left = (await readProject(session, project)).committed;
    claim(left === 0n, "nothing stays committed");
    narrator.say("Somebody without any role reclaimed it: 5 coins are back in the pool.");
    return {
      score: proof.leaf.score,
      threshold: proof.header.threshold,
      renewalRefusedWith: { code: tooLow.code, ...tooLow.data },
      releaseRefusedWith: { code: refused.code, ...refused.data },
      reclaimed: committed,
      pool: { before, after },
      transaction,
    };
  },
};
