import { iBudgetVaultAbi, iStrategyForksAbi } from "../../../chain/abi.ts";
import type { Holding } from "../holding.ts";
import type { Finder } from "./finder.ts";

/** As `IBudgetVault.ProjectStatus` counts them. */
const OPEN_PROJECTS = new Set([1, 2]);
/** As `IStrategyForks.ForkStatus` counts them. */
const OPEN_FORK = 1;

/** Pools that it is the steward of. */
export const findPools: Finder = (view, { account }) => {
  const opened = view
    .eventsNamed("PoolOpened")
    .filter(({ args }) => args.steward === account || args.anchor === account);
  return Promise.resolve(
    opened.map(({ args: { pool, steward } }): Holding => {
      const sentence =
        steward === account ? `is the steward of pool ${pool}` : `is named as the anchor of pool ${pool}`;
      const why = "a pool keeps its steward and anchor; its money can be moved by those who may";
      return { kind: "pool", id: `pool/${pool}`, sentence, ending: { kind: "stays", why } };
    }),
  );
};

/** Open forks in which it leads a branch or answers. */
export const findForks: Finder = async (view, { account }) => {
  const found = await Promise.all(
    view.eventsNamed("ForkOpened").map(async ({ args, contract }): Promise<Holding[]> => {
      const { fork, branches, anchor } = args;
      const led = branches.flatMap(({ steward }, place) => (steward === account ? [place] : []));
      if (led.length === 0 && anchor !== account) return [];
      const { status } = await view.read(contract, iStrategyForksAbi, "getFork", [fork]);
      if (status !== OPEN_FORK) return [];
      const sentence = led.length > 0 ? `leads branch ${led.join(", ")} of fork ${fork}` : `answers for fork ${fork}`;
      const why = "a fork ends by merge or archive";
      return [{ kind: "fork", id: `fork/${fork}`, sentence, ending: { kind: "stays", why } }];
    }),
  );
  return found.flat();
};

/** Open projects that pay it, or that it opened or answers for, by the version of the plan that runs. */
export const findProjects: Finder = async (view, { account }) => {
  const found = await Promise.all(
    view.eventsNamed("ProjectOpened").map(async ({ args, contract }): Promise<Holding[]> => {
      const { project } = args;
      const amended = view.eventsNamed("ProjectAmended").filter((each) => each.args.project === project);
      const plan = amended.at(-1)?.args.plan ?? args.plan;
      const parts = (["payee", "opener", "anchor"] as const).filter((part) => plan[part] === account);
      if (parts.length === 0) return [];
      const { status } = await view.read(contract, iBudgetVaultAbi, "getProject", [project]);
      if (!OPEN_PROJECTS.has(status)) return [];
      const why = parts.includes("payee")
        ? "what it earns there is its money"
        : "its payee and its anchor can amend the plan or end the project; else it ends by its milestones, its lease or its time";
      const sentence = `is the ${parts.join(" and the ")} of project ${project}`;
      return [{ kind: "project", id: `project/${project}`, sentence, ending: { kind: "stays", why } }];
    }),
  );
  return found.flat();
};

/** Money that waits for it in the vault. */
export const findClaims: Finder = async (view, { account }) => {
  const paid = view.eventsNamed("MilestonePaid").filter(({ args }) => args.payee === account);
  const places = new Map(
    paid.map(({ args, contract }) => [`${contract}/${args.asset}`, { contract, asset: args.asset }]),
  );
  const found = await Promise.all(
    [...places].map(async ([id, { contract, asset }]): Promise<Holding[]> => {
      const amount = await view.read(contract, iBudgetVaultAbi, "claimable", [account, asset]);
      if (amount === 0n) return [];
      const sentence = `has ${amount} base units of ${asset} to claim from the vault`;
      return [{ kind: "claim", id: `claim/${id}`, sentence, ending: { kind: "stays", why: "it is its money" } }];
    }),
  );
  return found.flat();
};
