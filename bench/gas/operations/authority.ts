import { deployAuthority, Roles } from "../../../test/support/authority.ts";
import { harmless, ImpactKind } from "../../../test/support/new-authority.ts";
import { gasOf, type GasTable } from "../measurement.ts";
import { deployOpenZeppelin } from "../peers/open-zeppelin.ts";

type Stage = Awaited<ReturnType<typeof deployAuthority>>;

/**
 * The same guarded function behind OpenZeppelin's AccessManager: a standing role, no expiry, no task, no count. `check` is what the
 * contract's own question costs, `execute` what it costs to call through the manager instead.
 */
async function accessManagerPeer({ ethers, admin, agent, outsider }: Stage) {
  const manager = await deployOpenZeppelin("AccessManager", admin, [admin.address]);
  const target = await ethers.deployContract("ManagedMock", [manager.target]);
  const guarded = target.interface.getFunction("guarded").selector;
  const role = 42n;
  const grantRole = manager.getFunction("grantRole");
  await manager.getFunction("setTargetFunctionRole")(target.target, [guarded], role);
  await grantRole(role, outsider.address, 0);
  const grant = await gasOf(grantRole.send(role, agent.address, 0));
  const as = target.connect(agent);
  await as.unguarded(1);
  const bare = await gasOf(as.unguarded(1));
  const check = (await gasOf(as.guarded(1))) - bare;
  const execute = manager.connect(agent).getFunction("execute");
  const call = target.interface.encodeFunctionData("guarded", [1]);
  await execute(target.target, call);
  return { grant, check, execute: (await gasOf(execute.send(target.target, call))) - bare };
}

/** Giving and checking just-in-time grants. */
export async function measureAuthority(): Promise<GasTable> {
  const stage = await deployAuthority();
  const { authority, target, granter, agent, outsider, openTask, request, networkHelpers, guarded } = stage;
  const task = await openTask();
  const as = target.connect(agent);
  await target.connect(outsider).unguarded(1);
  const bare = await gasOf(as.unguarded(1));

  const soon = (await networkHelpers.time.latest()) - 5;
  const limits = { uses: 3, cap: 1_000, notBefore: soon };
  const grant = await gasOf(authority.connect(granter).grant(request(task, limits)));
  // Uses, cap and the team's impact are all written; nothing is used up.
  await authority.setActionFacts(target, guarded, { ...harmless, impact: ImpactKind.Amount });
  await as.guarded(1);
  const counted = await gasOf(as.guarded(1));

  // The same with an amount that a rate turns into impact.
  const pay = target.interface.getFunction("pay").selector;
  await authority.setTargetFunctionRole(target, [pay], Roles.GRANT);
  await authority.setActionGranter(target, pay, Roles.GRANTER);
  await authority.setActionFacts(target, pay, { ...harmless, impact: ImpactKind.AssetAmount, amountWord: 1 });
  await authority.setRate(target, 10n ** 18n, task.deadline);
  await authority.connect(granter).grant(request(task, { ...limits, selector: pay }));
  await as.payUnguarded(target, 1);
  const barePayment = await gasOf(as.payUnguarded(target, 1));
  await as.pay(target, 1);
  const rated = await gasOf(as.pay(target, 1));

  await authority.setActionFacts(target, guarded, harmless);
  await authority.connect(granter).grant(request(task));
  const check = await gasOf(as.guarded(1));
  const peer = await accessManagerPeer(stage);
  return {
    grant: { gas: grant, peers: { "OpenZeppelin AccessManager role": peer.grant } },
    check: {
      gas: check - bare,
      peers: { "OpenZeppelin AccessManager role": peer.check, "OpenZeppelin AccessManager.execute": peer.execute },
    },
    checkCounted: { gas: counted - bare, peers: {} },
    checkRated: { gas: rated - barePayment, peers: {} },
  };
}
