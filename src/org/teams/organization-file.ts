import { formatUnitsOfAccount } from "../unit-of-account.ts";
import type { ActionDefinition, Organization, TeamDefinition } from "./organization.ts";

/** The JSON that {@link organizationSchema} reads back as the same organization. */
export function organizationFile(organization: Organization): object {
  return {
    ...organization,
    teams: organization.teams.map(teamEntry),
    actions: organization.actions.map(actionEntry),
  };
}

function teamEntry(team: TeamDefinition): object {
  return { ...team, cone: { ...team.cone, maxImpact: formatUnitsOfAccount(team.cone.maxImpact) } };
}

function actionEntry(action: ActionDefinition): object {
  const { impact } = action;
  return {
    ...action,
    impact: impact.kind === "fixed" ? { ...impact, amount: formatUnitsOfAccount(impact.amount) } : impact,
  };
}
