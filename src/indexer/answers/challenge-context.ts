import type { ChallengeParties } from "../../core/challenges/party-of.ts";
import type { Hex } from "../../core/hex.ts";
import type { ChallengeRow } from "../fold/rows.ts";
import type { Identified, Snapshot } from "./snapshot.ts";

/** Who is what of challenges. */
export type PartiesOf = (row: ChallengeRow) => ChallengeParties;

/** Reads who is what of some challenges. Accounts that sign for an operator in its place are not known here. */
export async function readParties(
  snapshot: Snapshot,
  challenges: readonly Identified<"challenge">[],
): Promise<PartiesOf> {
  const ids = challenges.map(({ project }) => project);
  const projects = await snapshot.rows("project", "WHERE id = ANY ($1::text[])", [ids]);
  const plans = new Map(projects.map(({ id, plan }) => [id, plan]));
  const reportId = ({ project, report }: ChallengeRow): string =>
    `${plans.get(project)?.oracle.toLowerCase() ?? ""}/${report}`;
  const reports = await snapshot.rows("report", "WHERE id = ANY ($1::text[])", [challenges.map(reportId)]);
  const signedBy = new Map(reports.map(({ id, oracle, configuration }) => [id, `${oracle}/${configuration}`]));
  const sets = new Map((await snapshot.rows("operatorSet")).map(({ id, operators }) => [id, operators]));
  const anchors = new Map((await snapshot.rows("team")).map(({ id, anchor }) => [Number(id), anchor]));
  const members = await snapshot.rows("teamMember", "WHERE until IS NULL");
  return (row) => {
    const plan = plans.get(row.project);
    return {
      challenger: row.challenger,
      payee: spelled(plan?.payee),
      members: new Set(members.filter(({ team }) => team === row.team).map(({ account }) => account)),
      operators: new Set(sets.get(signedBy.get(reportId(row)) ?? "")),
      planAnchors: [row.planAnchor, spelled(plan?.anchor)],
      teamAnchor: row.team === 0 ? undefined : anchors.get(row.team),
    };
  };
}

/** As rows spell addresses. */
function spelled(address: string | undefined): Hex | undefined {
  return address === undefined ? undefined : (address.toLowerCase() as Hex);
}
