import { parameterIds, type ParameterName } from "../src/org/policy/parameters.ts";

/** As `IConstitution.Stricter` counts them. */
const stricter = { lower: 0, higher: 1 } as const;

/** A parameter of the constitution as the deployment defines it. Bounds are inclusive and never change afterwards. */
export interface ParameterDefinition {
  readonly name: ParameterName;
  readonly stricter: keyof typeof stricter;
  readonly kernel: boolean;
  readonly cone: boolean;
  readonly minimum: bigint;
  readonly maximum: bigint;
  /** Deployment parameter of the module `Wiring` that holds the office's first value. */
  readonly value: string;
}

const MINUTE = 60n;
const HOUR = 3_600n;
const DAY = 86_400n;
/** Of shares, of which 1e18 is the whole. More than the whole is a limit that hardly binds. */
const PERCENT = 10n ** 16n;

/** Every parameter that a contract enforces. Amounts are units of account with 4 decimals, reversibility is in percent. */
export const parameterDefinitions: readonly ParameterDefinition[] = [
  {
    name: "cone.maxImpact",
    stricter: "lower",
    kernel: true,
    cone: true,
    minimum: 0n,
    maximum: 10_000_000_0000n,
    value: "maxImpactE4",
  },
  {
    name: "cone.minReversibility",
    stricter: "higher",
    kernel: true,
    cone: true,
    minimum: 0n,
    maximum: 100n,
    value: "minReversibilityPercent",
  },
  {
    name: "escalation.deadlineSeconds",
    stricter: "lower",
    kernel: true,
    cone: false,
    minimum: MINUTE,
    maximum: 30n * DAY,
    value: "escalationDeadlineSeconds",
  },
  {
    name: "escalation.usableSeconds",
    stricter: "lower",
    kernel: true,
    cone: false,
    minimum: MINUTE,
    maximum: 7n * DAY,
    value: "escalationUsableSeconds",
  },
  {
    name: "breaker.outflowShare",
    stricter: "lower",
    kernel: true,
    cone: false,
    minimum: PERCENT,
    maximum: 1_000n * PERCENT,
    value: "breakerOutflowShareE18",
  },
  {
    name: "breaker.reclaimShare",
    stricter: "lower",
    kernel: true,
    cone: false,
    minimum: PERCENT,
    maximum: 1_000n * PERCENT,
    value: "breakerReclaimShareE18",
  },
  {
    name: "breaker.tripSeconds",
    stricter: "higher",
    kernel: true,
    cone: false,
    minimum: HOUR,
    maximum: 30n * DAY,
    value: "breakerTripSeconds",
  },
  {
    name: "enclaves.poolShare",
    stricter: "lower",
    kernel: true,
    cone: false,
    minimum: PERCENT,
    maximum: 100n * PERCENT,
    value: "enclavePoolShareE18",
  },
];

export function termsOf(definition: ParameterDefinition) {
  return {
    stricter: stricter[definition.stricter],
    kernel: definition.kernel,
    cone: definition.cone,
    minimum: definition.minimum,
    maximum: definition.maximum,
  };
}

export function parameterId(definition: ParameterDefinition) {
  return parameterIds[definition.name];
}
