import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cancelChange,
  consent,
  consentsOf,
  effectiveOf,
  enactableForSeconds,
  enactChange,
  pendingOf,
  proposeChange,
  setTeamValue,
  type Parameter,
  type ParameterChange,
} from "./constitution.ts";
import { effectiveValue, isLooser, stricterOf, type Stricter } from "./effective-value.ts";

const delay = 3_600;
const value = fc.bigInt(0n, 20n);
const direction = fc.constantFrom<Stricter>("Lower", "Higher");
const team = fc.integer({ min: 1, max: 3 });

function parameterOf(stricter: Stricter, kernel = false, office = 10n): Parameter {
  const terms = { stricter, kernel, minimum: 2n, maximum: 18n };
  return { terms, values: new Map([[0, office]]), pending: new Map() };
}

function changed(change: ParameterChange): Parameter {
  if (!change.done) throw new Error(change.error);
  return change.parameter;
}

const proposal = (to: bigint) => ({ value: to, openTeams: 3, teamCount: 3, delay });

describe("the stricter of two values", () => {
  it("is one of them, and neither is stricter than it", () => {
    fc.assert(
      fc.property(direction, value, value, (stricter, a, b) => {
        const result = stricterOf(stricter, a, b);
        expect([a, b]).toContain(result);
        expect(result).toBe(stricterOf(stricter, b, a));
        expect(stricter === "Lower" ? result <= a && result <= b : result >= a && result >= b).toBe(true);
        expect(isLooser(stricter, result, a) || isLooser(stricter, result, b)).toBe(false);
        expect(isLooser(stricter, a, b)).toBe(stricter === "Lower" ? a > b : a < b);
      }),
    );
  });

  it("is the office's where the team has no value of its own", () => {
    expect(effectiveValue("Lower", 5n, undefined)).toBe(5n);
    expect(effectiveValue("Higher", 5n, undefined)).toBe(5n);
  });
});

type Act =
  | { readonly kind: "propose"; readonly value: bigint }
  | { readonly kind: "consent" | "cancel" | "enact"; readonly team: number }
  | { readonly kind: "set"; readonly team: number; readonly value: bigint };

const acts: fc.Arbitrary<{ act: Act; after: number }[]> = fc.array(
  fc.record({
    act: fc.oneof(
      fc.record({ kind: fc.constant("propose" as const), value }),
      fc.record({ kind: fc.constantFrom("consent" as const, "cancel" as const), team }),
      fc.record({ kind: fc.constant("enact" as const), team: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ kind: fc.constant("set" as const), team, value }),
    ),
    after: fc.constantFrom(0, 1, delay - 1, delay, enactableForSeconds),
  }),
  { maxLength: 40 },
);

function apply(parameter: Parameter, act: Act, now: number): Parameter {
  const change = ((): ParameterChange => {
    switch (act.kind) {
      case "propose":
        return proposeChange(parameter, proposal(act.value), now);
      case "consent":
        return consent(parameter, act.team, now);
      case "cancel":
        return cancelChange(parameter, act.team, now);
      case "enact":
        return enactChange(parameter, act.team, now);
      case "set":
        return setTeamValue(parameter, { ...act, delay }, now);
    }
  })();
  return change.done ? change.parameter : parameter;
}

describe("a team's effective value", () => {
  it("iMO-006: is never looser than the office's, nor out of bounds, for every sequence of changes", () => {
    fc.assert(
      fc.property(direction, fc.boolean(), acts, (stricter, kernel, all) => {
        let parameter = parameterOf(stricter, kernel);
        let now = 0;
        for (const { act, after } of all) {
          parameter = apply(parameter, act, (now += after));
          for (const each of [1, 2, 3]) {
            const applies = effectiveOf(parameter, each);
            expect(isLooser(stricter, applies, effectiveOf(parameter, 0))).toBe(false);
            expect(applies >= 2n && applies <= 18n).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("iMO-006: is loosened only by a change that was announced for the whole delay", () => {
    fc.assert(
      fc.property(direction, acts, (stricter, all) => {
        let parameter = parameterOf(stricter);
        let now = 0;
        for (const { act, after } of all) {
          now += after;
          const before = parameter;
          parameter = apply(parameter, act, now);
          for (const each of [0, 1, 2, 3]) {
            if (!isLooser(stricter, effectiveOf(parameter, each), effectiveOf(before, each))) continue;
            expect(act.kind).toBe("enact");
            const waited = act.kind === "enact" ? before.pending.get(act.team) : undefined;
            expect(waited !== undefined && waited.enactableFrom <= now && now < waited.expiresAt).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("follows the office at once where that becomes stricter, and comes back to its own where it loosens", () => {
    const own = changed(setTeamValue(parameterOf("Lower"), { team: 1, value: 7n, delay }, 0));
    const office = (to: bigint, from: Parameter, now: number) =>
      changed(enactChange(changed(proposeChange(from, proposal(to), now)), 0, now + delay));
    const stricter = office(5n, own, 0);
    expect(effectiveOf(stricter, 1)).toBe(5n);
    expect(effectiveOf(office(18n, stricter, delay), 1)).toBe(7n);
  });
});

describe("a change of the constitution", () => {
  it("applies from the first second after its delay to the last before it expires", () => {
    const waiting = changed(proposeChange(parameterOf("Lower"), proposal(12n), 100));
    const enact = (now: number) => enactChange(waiting, 0, now);
    expect(enact(100 + delay - 1)).toEqual({ done: false, error: "ConstitutionTooEarly" });
    expect(effectiveOf(changed(enact(100 + delay)), 0)).toBe(12n);
    expect(enact(100 + delay + enactableForSeconds - 1)).toMatchObject({ done: true });
    expect(enact(100 + delay + enactableForSeconds)).toEqual({ done: false, error: "ConstitutionNothingPending" });
  });

  it("waits alone: a second one is refused until the first is enacted, cancelled or expired", () => {
    const waiting = changed(proposeChange(parameterOf("Lower"), proposal(12n), 0));
    expect(proposeChange(waiting, proposal(13n), 1)).toEqual({ done: false, error: "ConstitutionChangePending" });
    expect(proposeChange(changed(cancelChange(waiting, 0, 1)), proposal(13n), 1)).toMatchObject({ done: true });
    expect(proposeChange(waiting, proposal(13n), delay + enactableForSeconds)).toMatchObject({ done: true });
    expect(cancelChange(parameterOf("Lower"), 0, 1)).toEqual({ done: false, error: "ConstitutionNothingPending" });
  });

  it("stays within the bounds, which are inclusive", () => {
    for (const [to, isAllowed] of [
      [1n, false],
      [2n, true],
      [18n, true],
      [19n, false],
    ] as const) {
      expect(proposeChange(parameterOf("Lower"), proposal(to), 0).done).toBe(isAllowed);
    }
    expect(setTeamValue(parameterOf("Lower"), { team: 1, value: 1n, delay }, 0)).toEqual({
      done: false,
      error: "ConstitutionOutOfBounds",
    });
  });

  it("of a kernel parameter takes more than half of the teams, or the root's", () => {
    const waiting = changed(proposeChange(parameterOf("Lower", true), proposal(12n), 0));
    const missing = { done: false, error: "ConstitutionConsensusMissing" };
    expect(enactChange(waiting, 0, delay)).toEqual(missing);
    const two = changed(consent(waiting, 2, 1));
    expect(enactChange(two, 0, delay)).toEqual(missing);
    expect(consent(two, 2, 1)).toEqual({ done: false, error: "ConstitutionAlreadyConsented" });
    expect(enactChange(changed(consent(two, 3, 1)), 0, delay)).toMatchObject({ done: true });
    const root = changed(consent(waiting, 1, 1));
    expect(consentsOf(pendingOf(root, 0, 1) ?? never())).toBe(2);
    expect(enactChange(root, 0, delay)).toMatchObject({ done: true });
  });

  it("is no matter of teams that were opened later, nor of parameters that are not kernel", () => {
    const kernel = changed(proposeChange(parameterOf("Lower", true), proposal(12n), 0));
    expect(consent(kernel, 4, 1)).toEqual({ done: false, error: "ConstitutionNotInElectorate" });
    const plain = changed(proposeChange(parameterOf("Lower"), proposal(12n), 0));
    expect(consent(plain, 1, 1)).toEqual({ done: false, error: "ConstitutionNotKernel" });
    expect(consent(parameterOf("Lower", true), 1, 1)).toEqual({ done: false, error: "ConstitutionNothingPending" });
  });

  it("of a team's own value is refused where it is looser than the office's, then and when it is enacted", () => {
    const looser = { done: false, error: "ConstitutionLooserThanOffice" };
    const own = changed(setTeamValue(parameterOf("Lower"), { team: 1, value: 4n, delay }, 0));
    expect(setTeamValue(own, { team: 1, value: 11n, delay }, 0)).toEqual(looser);
    const waiting = changed(setTeamValue(own, { team: 1, value: 9n, delay }, 0));
    expect(effectiveOf(waiting, 1)).toBe(4n);
    expect(effectiveOf(changed(enactChange(waiting, 1, delay)), 1)).toBe(9n);
    const office = changed(enactChange(changed(proposeChange(waiting, proposal(8n), 0)), 0, delay));
    expect(enactChange(office, 1, delay)).toEqual(looser);
  });

  it("that would loosen a team falls away when its anchor sets a stricter value", () => {
    const own = changed(setTeamValue(parameterOf("Lower"), { team: 1, value: 4n, delay }, 0));
    const waiting = changed(setTeamValue(own, { team: 1, value: 9n, delay }, 0));
    const stricter = changed(setTeamValue(waiting, { team: 1, value: 3n, delay }, 1));
    expect(enactChange(stricter, 1, delay)).toEqual({ done: false, error: "ConstitutionNothingPending" });
  });
});

function never(): never {
  throw new Error("nothing is pending");
}
