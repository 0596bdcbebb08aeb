import { devAccount, type DevAccountName } from "../../src/chain/dev-accounts.ts";
import { planFrom, type PlanFile } from "../../src/cli/treasury/plan-file.ts";
import * as project from "../../src/sdk/project.ts";
import { send } from "../../src/sdk/send.ts";
import type { Session } from "../../src/sdk/session.ts";
import type { Hex } from "../../src/core/hex.ts";

/** Opens a project: finance proposes the plan, payee and anchor accept by signature, and somebody else relays both. */
export async function openAcceptedProject(session: Session, plan: PlanFile, payee: DevAccountName): Promise<Hex> {
  const finance = devAccount("finance");
  const terms = await planFrom(session, plan, finance.address);
  const id = await project.planId(session, terms);
  await send(session, finance, project.openProjectCall(session, terms));
  for (const [party, name] of [
    ["payee", payee],
    ["anchor", "anchor"],
  ] as const) {
    const signature = await project.signAcceptance(session, devAccount(name), id, party);
    await send(session, devAccount("relayer"), project.acceptProjectCall(session, { project: id, party, signature }));
  }
  return id;
}

/** Commits a project's total from its pool; the lease starts. */
export async function commitProject(session: Session, id: Hex): Promise<void> {
  await send(session, devAccount("finance"), project.commitProjectCall(session, id));
}
