import { layFoundation } from "../../local/foundation.ts";
import { fundPool } from "../../local/fund-pool.ts";
import { readPoolBalance } from "../balances.ts";
import { demoParameters } from "../demo-parameters.ts";
import { startDemoServices } from "../demo-services.ts";
import { claim, type Step } from "../step.ts";

export const deployAndFund: Step = {
  name: "deploy-and-fund",
  title: "Deploy; fund the pool with a token and with the chain's own coin",
  run: async (stage) => {
    const { layout, supervisor, narrator } = stage;
    const foundation = await layFoundation({
      layout,
      supervisor,
      parameters: demoParameters,
      throwaway: true,
      onProgress: (text) => narrator.say(text),
    });
    stage.foundation = foundation;
    stage.services = startDemoServices(layout, foundation, supervisor);
    const { session, organization, chain, origin } = foundation;
    claim(origin.fresh, "the chain is fresh");

    const funded = await chain.minedAtOnce(async () => ({
      test: await fundPool(session, organization.pool, "test", "10000"),
      coin: await fundPool(session, organization.pool, "coin", "20"),
    }));
    const balances = {
      test: await readPoolBalance(session, organization.pool, "test"),
      coin: await readPoolBalance(session, organization.pool, "coin"),
    };
    claim(balances.test === funded.test && balances.coin === funded.coin, "the pool holds exactly what was paid in");
    narrator.say(
      "The pool holds 10000 TEST and 20 coins. Four operators, three attestors and two projects are starting.",
    );
    return { ...session.deployment, valuesReadBack: origin.checked, pool: organization.pool, balances };
  },
};
