import { decideLease } from "../../org/lease.ts";
import type { Entities, State } from "../model/rows.ts";
import type { Rule } from "./rule.ts";
import { timeText } from "./words.ts";

/** Where a lease stands, and until when it can be renewed, if that is known. */
function standingOf(
  project: Entities["project"],
  state: State,
  now: number,
): { readonly step: "last-report" | "window" | "lapsed"; readonly until: number | null } | undefined {
  const latest = state.get("oracle", project.oracle) ?? { report: 0, acceptedAt: 0 };
  const lease = decideLease({
    paidThrough: BigInt(project.paidThrough),
    renewalWindow: BigInt(project.renewalWindow),
    latestReport: BigInt(latest.report),
    latestAcceptedAt: BigInt(latest.acceptedAt),
    now: BigInt(now),
  });
  if (!lease.running) return { step: "lapsed", until: null };
  if (lease.reason === "renewal-window") return { step: "window", until: Number(lease.until) };
  return latest.report === project.paidThrough - 1 ? { step: "last-report", until: null } : undefined;
}

/** A lease that is not renewed in time gives the project's money back to its pool. */
export const leaseLapses: Rule = {
  name: "lease-lapses",
  about: "a project's lease has to be renewed, or has run out",
  ahead: [],
  *due(state, { now }) {
    for (const [project, row] of state.all("project")) {
      const standing = row.status === "active" ? standingOf(row, state, now) : undefined;
      if (standing === undefined) continue;
      const { step, until } = standing;
      const oracle = state.get("oracle", row.oracle);
      const reviewed = oracle?.reviewed === true;
      const acceptedAt = oracle === undefined || oracle.report === 0 ? row.openedAt : oracle.acceptedAt;
      const command = reviewed
        ? `mandate project extend ${project} --reason <why it goes on>`
        : `mandate project renew ${project} --operators <address of an operator>`;
      const common = {
        id: `lease-lapses/${project}/${row.paidThrough}/${step}`,
        addresses: [...new Set([row.payee, row.anchor])],
        teams: [],
        anchor: row.anchor,
        since: acceptedAt,
        dueAt: until,
      };
      if (step === "last-report") {
        yield {
          ...common,
          urgency: "notice",
          title: reviewed ? "An enclave is reviewed in the next period" : "A lease needs the next report",
          text: reviewed
            ? `Project ${project} is paid through review period ${row.paidThrough}, which is the next one. Unless its anchor reviews it then, its lease runs out.`
            : `Project ${project} is paid through report ${row.paidThrough}, which is the next one. Unless a report in which it survives is proved by then, its lease runs out.`,
          command,
        };
      } else if (step === "window" && until !== null) {
        yield {
          ...common,
          urgency: "urgent",
          title: `A lease runs out at ${timeText(until)}`,
          text: reviewed
            ? `Review period ${row.paidThrough} has begun. The lease of project ${project} runs out at ${timeText(until)} unless its anchor reviews it before.`
            : `Project ${project} was paid through report ${row.paidThrough}, which is accepted. Its lease runs out at ${timeText(until)} unless it is renewed with that report before.`,
          command,
        };
      } else {
        yield {
          ...common,
          urgency: "urgent",
          title: "A lease has run out",
          text: `The lease of project ${project} ran out after report ${row.paidThrough}. Anybody can now return what is committed to it to its pool; milestones that are proved already are still paid.`,
          command: `mandate project show ${project}`,
        };
      }
    }
  },
};
