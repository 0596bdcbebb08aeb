/** What both sides of a running project agree to, signed as their wallets would: for tests of the vault. */
import { TypedDataEncoder } from "ethers";

import { signedTypes } from "../../src/core/signing/signed-types.ts";
import { day, type VaultStage } from "./treasury-stage.ts";
import { planTypes, type PlanTerms } from "./treasury.ts";

export const cancellationTypes = { Cancellation: [...signedTypes.Cancellation] };
export const amendmentTypes = { Amendment: [...signedTypes.Amendment] };

type Signer = Pick<VaultStage["payee"], "signTypedData">;

const totalOf = ({ milestones }: PlanTerms): bigint => milestones.reduce((sum, { amount }) => sum + amount, 0n);

/** The message that ends `project`, which runs by `terms`. */
export const cancellationOf = (stage: VaultStage, terms: PlanTerms, project: string, returned: bigint) => ({
  project,
  planVersion: terms.version,
  payee: terms.payee,
  anchor: terms.anchor,
  asset: terms.asset,
  returned,
  deadline: stage.start + 50 * day,
});

export type Cancellation = ReturnType<typeof cancellationOf>;

export const cancellationDigest = ({ domain }: VaultStage, message: Cancellation): string =>
  TypedDataEncoder.hash(domain, cancellationTypes, message);

/** What `cancelProject` takes: the agreement and the signatures of `signers`, the payee's first. */
export async function signedCancellation(
  stage: VaultStage,
  message: Cancellation,
  signers: readonly [Signer, Signer] = [stage.payee, stage.anchor],
): Promise<[string, bigint, number, string, string]> {
  const [byPayee, byAnchor] = signers;
  const { project, returned, deadline } = message;
  return [
    project,
    returned,
    deadline,
    await byPayee.signTypedData(stage.domain, cancellationTypes, message),
    await byAnchor.signTypedData(stage.domain, cancellationTypes, message),
  ];
}

/** The next version of a project's plan, changed. */
export const nextVersion = (terms: PlanTerms, project: string, changes: Partial<PlanTerms> = {}): PlanTerms => ({
  ...terms,
  version: terms.version + 1,
  project,
  ...changes,
});

/** The message that puts `plan` in the place of the one that runs. */
export const amendmentOf = ({ domain }: VaultStage, plan: PlanTerms) => ({
  project: plan.project,
  planVersion: plan.version,
  planHash: TypedDataEncoder.hash(domain, planTypes, plan),
  payee: plan.payee,
  anchor: plan.anchor,
  asset: plan.asset,
  total: totalOf(plan),
});

export type Amendment = ReturnType<typeof amendmentOf>;

export const amendmentDigest = (stage: VaultStage, message: Amendment): string =>
  TypedDataEncoder.hash(stage.domain, amendmentTypes, message);

/** What `amendProject` takes: the plan and the signatures of `signers`: the payee's, the anchor's and, if any, the new anchor's. */
export async function signedAmendment(
  stage: VaultStage,
  plan: PlanTerms,
  signers: readonly [Signer, Signer, Signer?] = [stage.payee, stage.anchor],
  message: Amendment = amendmentOf(stage, plan),
): Promise<[PlanTerms, string, string, string]> {
  const [byPayee, byAnchor, byNewAnchor] = signers;
  const sign = (signer: Signer) => signer.signTypedData(stage.domain, amendmentTypes, message);
  return [plan, await sign(byPayee), await sign(byAnchor), byNewAnchor === undefined ? "0x" : await sign(byNewAnchor)];
}
