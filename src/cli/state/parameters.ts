import { iConstitutionAbi } from "../../chain/abi.ts";
import type { Hex } from "../../core/hex.ts";
import { eventsOf } from "../../sdk/events.ts";
import { read } from "../../sdk/read.ts";
import { addressOf, type Session } from "../../sdk/session.ts";
import { nameIn, stricter } from "../../sdk/contract-enums.ts";
import { parameterName } from "../values/parameter.ts";

/** A change that was announced. */
export interface PendingChange {
  readonly team: number;
  readonly value: bigint;
  readonly enactableFrom: number;
  readonly expiresAt: number;
  readonly expired: boolean;
  readonly consents: number;
  readonly required: number;
  /** Teams whose anchors consented to this change. */
  readonly consented: readonly number[];
  readonly reason: Hex;
}

export interface ParameterState {
  readonly parameter: Hex;
  readonly name: string;
  readonly stricter: string;
  readonly kernel: boolean;
  readonly cone: boolean;
  readonly minimum: bigint;
  readonly maximum: bigint;
  readonly officeValue: bigint;
  readonly version: number;
}

/** Both sides of a team's value, and which of them binds. */
export interface TeamValue {
  readonly team: number;
  readonly own: bigint | undefined;
  readonly office: bigint;
  readonly effective: bigint;
  readonly decidedBy: "team" | "office" | "both";
}

export async function parameterState(session: Session, parameter: Hex): Promise<ParameterState> {
  const [terms, officeValue, version] = await Promise.all([
    read(session, "Constitution", iConstitutionAbi, "termsOf", [parameter]),
    read(session, "Constitution", iConstitutionAbi, "officeValue", [parameter]),
    read(session, "Constitution", iConstitutionAbi, "versionOf", [parameter, 0]),
  ]);
  const { kernel, cone, minimum, maximum } = terms;
  const side = nameIn(stricter, terms.stricter);
  return {
    parameter,
    name: parameterName(parameter),
    stricter: side,
    kernel,
    cone,
    minimum,
    maximum,
    officeValue,
    version,
  };
}

export async function allParameters(session: Session): Promise<ParameterState[]> {
  const parameters = await read(session, "Constitution", iConstitutionAbi, "parameters", []);
  return Promise.all(parameters.map((each) => parameterState(session, each)));
}

export async function teamValue(session: Session, parameter: Hex, team: number): Promise<TeamValue> {
  const [[isSet, value], office, effective] = await Promise.all([
    read(session, "Constitution", iConstitutionAbi, "teamValue", [team, parameter]),
    read(session, "Constitution", iConstitutionAbi, "officeValue", [parameter]),
    read(session, "Constitution", iConstitutionAbi, "effective", [team, parameter]),
  ]);
  const own = isSet ? value : undefined;
  if (own === office) return { team, own, office, effective, decidedBy: "both" };
  return { team, own, office, effective, decidedBy: own !== undefined && effective === own ? "team" : "office" };
}

/** What waits of a parameter: for the office (team 0) and for teams, as far as any was ever announced. */
export async function pendingChanges(session: Session, parameter: Hex, now: number): Promise<PendingChange[]> {
  const address = addressOf(session, "Constitution");
  const proposed = (await eventsOf(session, address, iConstitutionAbi, "ChangeProposed")).filter(
    ({ args }) => args.parameter.toLowerCase() === parameter.toLowerCase(),
  );
  const consents = (await eventsOf(session, address, iConstitutionAbi, "ChangeConsented")).filter(
    ({ args }) => args.parameter.toLowerCase() === parameter.toLowerCase(),
  );
  const last = new Map(proposed.map((event) => [event.args.team, event]));
  const pending: PendingChange[] = [];
  for (const [team, event] of last) {
    const change = await read(session, "Constitution", iConstitutionAbi, "pendingChange", [parameter, team]);
    if (change.enactableFrom === 0) continue;
    const later = consents.filter(
      ({ blockNumber, logIndex }) =>
        blockNumber > event.blockNumber || (blockNumber === event.blockNumber && logIndex > event.logIndex),
    );
    const consented = team === 0 ? later.map(({ args }) => args.team) : [];
    pending.push({ team, ...change, expired: change.expiresAt <= now, consented });
  }
  return pending;
}
