import type { Absence, OperatorParticipation, Participation } from "../../oracle/participation/participation.ts";
import { tableText } from "./table.ts";

/** Participation for a person: the chain's record, what evidence adds, and who paid. */
export function participationText({ from, to, accepted, skipped, operators, submitters }: Participation): string {
  if (accepted === 0) return `No report of the epochs ${from} to ${to} was accepted.`;
  const summary = `Epochs ${from} to ${to}: ${accepted} reports accepted, ${skipped} epochs without one.`;
  const record = tableText(
    ["operator", "seats", "in report", "share", "longest absence", "suspended"],
    operators.map((each) => [
      each.operator,
      seatsText(each),
      `${each.signed}/${each.due}`,
      shareText(each.shareBps),
      absenceText(each.longestAbsence),
      each.suspensions.length === 0 ? "never" : `epoch ${each.suspensions.join(", ")}`,
    ]),
    "No set of operators.",
  );
  const paid = tableText(
    ["paid by", "reports"],
    submitters.map(({ account, reports }) => [account, String(reports)]),
    "Nobody.",
  );
  const note = "A report carries a quorum of signatures, the lowest seats first: who is not in it may have signed.";
  const held = operators.filter((each) => each.agreement !== null);
  return [summary, record, note, ...(held.length === 0 ? [] : [agreementText(held)]), paid].join("\n\n");
}

function agreementText(operators: readonly OperatorParticipation[]): string {
  const table = tableText(
    ["operator", "signed", "committed in time", "late", "withheld", "observed", "readings that deviate"],
    operators.map(({ operator, agreement }) => [
      operator,
      `${agreement?.signed ?? 0}/${agreement?.epochs ?? 0}`,
      `${agreement?.committedInTime ?? 0}/${agreement?.epochs ?? 0}`,
      String(agreement?.committedLate ?? 0),
      String(agreement?.withheld ?? 0),
      `${agreement?.included ?? 0}/${agreement?.epochs ?? 0}`,
      `${agreement?.deviating ?? 0}/${agreement?.readings ?? 0}`,
    ]),
    "",
  );
  return `By this operator's evidence:\n${table}`;
}

/** Each seat with its set; a seat that stays the same over several sets once. */
function seatsText({ seats }: OperatorParticipation): string {
  const bySeat = new Map<number, number[]>();
  for (const { seat, configuration } of seats) bySeat.set(seat, [...(bySeat.get(seat) ?? []), configuration]);
  return [...bySeat].map(([seat, sets]) => `${seat} (set ${sets.join(", ")})`).join("; ");
}

/** Basis points as a percentage with two places. */
function shareText(bps: number | null): string {
  return bps === null ? "" : `${Math.floor(bps / 100)}.${String(bps % 100).padStart(2, "0")} %`;
}

function absenceText(absence: Absence | null): string {
  if (absence === null) return "none";
  const { reports, fromEpoch, toEpoch } = absence;
  return reports === 1 ? `1 report, epoch ${fromEpoch}` : `${reports} reports, epochs ${fromEpoch} to ${toEpoch}`;
}
