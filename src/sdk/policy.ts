import { iActionCatalogAbi, iConstitutionAbi } from "../chain/abi.ts";
import type { Hex } from "../core/hex.ts";
import type { RegistrationArgument } from "../org/teams/founding-calls.ts";
import { contractCall, type ContractCall } from "./contract-call.ts";
import type { Session } from "./session.ts";
import type { Action } from "./task.ts";

/** @param reason Hash of the document that says why; the same below. */
export function proposeChangeCall(session: Session, parameter: Hex, value: bigint, reason: Hex): ContractCall {
  return contractCall(session, "Constitution", iConstitutionAbi, "proposeChange", [parameter, value, reason]);
}

/** @param team The team whose live anchor consents. */
export function consentCall(session: Session, parameter: Hex, team: number): ContractCall {
  return contractCall(session, "Constitution", iConstitutionAbi, "consent", [parameter, team]);
}

/** @param team 0 for the office's own value. */
export function cancelChangeCall(session: Session, parameter: Hex, team: number, reason: Hex): ContractCall {
  return contractCall(session, "Constitution", iConstitutionAbi, "cancelChange", [parameter, team, reason]);
}

/** @param team 0 for the office's own value. */
export function enactChangeCall(session: Session, parameter: Hex, team: number): ContractCall {
  return contractCall(session, "Constitution", iConstitutionAbi, "enactChange", [parameter, team]);
}

export function setTeamValueCall(
  session: Session,
  change: { readonly team: number; readonly parameter: Hex; readonly value: bigint },
  reason: Hex,
): ContractCall {
  const { team, parameter, value } = change;
  return contractCall(session, "Constitution", iConstitutionAbi, "setTeamValue", [team, parameter, value, reason]);
}

/** Rates in parts of the unit of account for 1e18 base units of the asset. */
export function defineAssetCall(session: Session, asset: Hex, minimumRate: bigint, maximumRate: bigint): ContractCall {
  return contractCall(session, "Constitution", iConstitutionAbi, "defineAsset", [asset, minimumRate, maximumRate]);
}

export function setRateCall(
  session: Session,
  valuation: { readonly asset: Hex; readonly rate: bigint; readonly validUntil: number },
  reason: Hex,
): ContractCall {
  const { asset, rate, validUntil } = valuation;
  return contractCall(session, "Constitution", iConstitutionAbi, "setRate", [asset, rate, validUntil, reason]);
}

/** The facts of an action, as the catalog registers them. */
export function registerActionCall(session: Session, registration: RegistrationArgument, reason: Hex): ContractCall {
  return contractCall(session, "ActionCatalog", iActionCatalogAbi, "registerAction", [registration, reason]);
}

export function retireActionCall(session: Session, action: Action, reason: Hex): ContractCall {
  const { target, selector } = action;
  return contractCall(session, "ActionCatalog", iActionCatalogAbi, "retireAction", [target, selector, reason]);
}

export function defineCapabilityCall(
  session: Session,
  capability: Hex,
  actions: readonly Action[],
  reason: Hex,
): ContractCall {
  return contractCall(session, "ActionCatalog", iActionCatalogAbi, "defineCapability", [capability, actions, reason]);
}
