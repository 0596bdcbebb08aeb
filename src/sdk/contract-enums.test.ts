import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as enums from "./contract-enums.ts";

const places: readonly (readonly [file: string, name: string, names: readonly string[]])[] = [
  ["authority/IAuthority.sol", "TaskStatus", enums.taskStatuses],
  ["accountability/IAnchors.sol", "AnchorStatus", enums.anchorStatuses],
  ["policy/ITeams.sol", "TeamStatus", enums.teamStatuses],
  ["policy/ITeams.sol", "Trigger", enums.triggers],
  ["accountability/IEscalations.sol", "EscalationStatus", enums.escalationStatuses],
  ["accountability/IChallenges.sol", "ChallengeStatus", enums.challengeStatuses],
  ["authority/IAuthorityLimits.sol", "ImpactKind", enums.impactKinds],
  ["authority/IAuthorityLimits.sol", "Boundary", enums.boundaries],
  ["authority/IAuthorityLens.sol", "Outcome", enums.ruleOutcomes],
  ["policy/IConstitution.sol", "Stricter", enums.stricter],
  ["treasury/ISafetyLedger.sol", "BreakerState", enums.breakerStates],
];

describe("names of the contracts' enums", () => {
  it.each(places)("of %s %s are in its order", (file, name, names) => {
    const source = readFileSync(new URL(`../../contracts/${file}`, import.meta.url), "utf8");
    const members = new RegExp(`enum ${name} \\{([^}]+)\\}`).exec(source)?.[1]?.match(/\w+/g) ?? [];
    expect(members.map((each) => each.replace(/(?<=.)[A-Z]/g, "-$&").toLowerCase())).toEqual(names);
  });

  it("a value that no version declares is its number", () => {
    expect(enums.nameIn(enums.stricter, 1)).toBe("higher");
    expect(enums.nameIn(enums.stricter, 2)).toBe("2");
  });
});
