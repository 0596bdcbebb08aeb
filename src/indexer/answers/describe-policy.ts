import { impactKinds } from "../../core/api/limits.ts";
import type {
  CatalogActionAnswer,
  ParameterAnswer,
  ParameterChangeAnswer,
  PolicyAnswer,
} from "../../core/api/policy.ts";
import type { AssetAnswer } from "../../core/api/primitives.ts";
import type { Hex } from "../../core/hex.ts";
import type { Entities } from "../fold/rows.ts";
import type { Identified } from "./snapshot.ts";
import { checksummed, checksummedOrNull, nameOf } from "./spelling.ts";

function changeStatus(change: Entities["parameterChange"], now: number): ParameterChangeAnswer["status"] {
  if (change.status !== "pending") return change.status;
  if (now >= change.expiresAt) return "expired";
  return now >= change.enactableFrom && change.consented >= change.required ? "enactable" : "pending";
}

/** A parameter with its values and changes in an answer, as of `now`. Pure. */
export function describeParameter(
  parameter: Identified<"parameter">,
  values: readonly Entities["parameterValue"][],
  changes: readonly Entities["parameterChange"][],
  now: number,
): ParameterAnswer {
  const id = parameter.id as Hex;
  const own = values.filter((value) => value.parameter === id);
  const office = own.find(({ team }) => team === 0);
  if (office === undefined) throw new RangeError(`parameter ${id} has no office value`);
  const stricter = (value: bigint): bigint => {
    const isOwn = parameter.stricter === "lower" ? value < office.value : value > office.value;
    return isOwn ? value : office.value;
  };
  const told = ({ value, version, since, reason }: Entities["parameterValue"]) => ({
    value: value.toString(),
    version,
    since,
    reason,
  });
  return {
    parameter: id,
    stricter: parameter.stricter,
    kernel: parameter.kernel,
    cone: parameter.cone,
    minimum: parameter.minimum.toString(),
    maximum: parameter.maximum.toString(),
    office: told(office),
    teams: own
      .filter(({ team }) => team !== 0)
      .map((value) => ({ ...told(value), team: value.team, effective: stricter(value.value).toString() })),
    changes: changes
      .filter((change) => change.parameter === id)
      .map((change) => ({
        team: change.team,
        status: changeStatus(change, now),
        value: change.value.toString(),
        proposedAt: change.proposedAt,
        enactableFrom: change.enactableFrom,
        expiresAt: change.expiresAt,
        consents: [...change.consents],
        consented: change.consented,
        required: change.required,
        reason: change.reason,
      })),
  };
}

/** A rate in an answer, as of `now`. Pure. */
export function describeRate(
  rate: Entities["assetRate"],
  asset: AssetAnswer,
  now: number,
): PolicyAnswer["rates"][number] {
  const valid = now < rate.validUntil ? ("valid" as const) : ("expired" as const);
  return {
    asset,
    status: rate.rate === null ? "missing" : valid,
    rate: rate.rate?.toString() ?? null,
    validUntil: rate.validUntil,
    minimumRate: rate.minimumRate.toString(),
    maximumRate: rate.maximumRate.toString(),
  };
}

/** An action of the catalog in an answer. Pure. */
export function describeAction(
  { id: _id, ...action }: Identified<"catalogAction">,
  nameOfContract: (address: Hex) => string,
): CatalogActionAnswer {
  const impact = impactKinds[action.impact];
  if (impact === undefined) throw new RangeError(`no kind of impact has the number ${action.impact}`);
  const { inverseTarget, inverseSelector, ...told } = action;
  const inverse = checksummedOrNull(inverseTarget);
  return {
    ...told,
    target: checksummed(action.target),
    targetName: nameOfContract(action.target),
    impact,
    scope: nameOf(action.scope),
    inverse: inverse === null ? null : { target: inverse, selector: inverseSelector },
  };
}
