import type { Hex } from "../../core/hex.ts";
import type { SignedAgreement } from "../agreement/message.ts";
import type { OpenedBundle } from "./open-bundle.ts";
import { differs, notChecked, ok, type ReplayCheck } from "./replay-check.ts";
import { includedIn } from "./replay-outcome.ts";

/**
 * Whether what was included is what its operators committed to, and was committed to before it could be copied: more than f of the included
 * operators say that they heard each commitment in time, so that an honest one did.
 * @throws {MandateError} `BundleInclusionInvalid`.
 */
export function checkHearing(opened: OpenedBundle): readonly ReplayCheck[] {
  const included = includedIn(opened);
  const { faults } = opened.bundle.set;
  const isHeard = (operator: Hex, commitment: Hex): boolean =>
    included.filter(({ heard }) => heard.some((each) => each.operator === operator && each.commitment === commitment))
      .length > faults;
  const unheard = included.filter(({ operator, commitment }) => !isHeard(operator, commitment));
  return [
    checkCommitments(opened),
    unheard.length === 0
      ? ok("heard", `at least ${faults + 1} operators heard in time what each of ${included.length} committed to`)
      : judgeUnheard(
          opened,
          unheard.map((each) => each.operator),
        ),
  ];
}

/** Who signed a commitment to something else than it revealed has contradicted itself. */
function checkCommitments(opened: OpenedBundle): ReplayCheck {
  const included = includedIn(opened);
  const signed = new Set<Hex>();
  for (const { message } of opened.votes) {
    if (message.kind !== "commitment") continue;
    const reveal = included.find((each) => each.operator === message.operator);
    if (reveal === undefined) continue;
    if (message.commitment !== reveal.commitment) {
      const { operator, commitment } = message;
      return differs(
        "commitments",
        `operator ${operator} committed to ${commitment}, and revealed ${reveal.commitment}`,
      );
    }
    signed.add(message.operator);
  }
  return ok("commitments", `${signed.size} of ${included.length} included operators revealed what they had signed`);
}

/** In late views such observations are allowed. Which views are late follows from the report deadline, of which a bundle says nothing. */
function judgeUnheard({ bundle, votes }: OpenedBundle, operators: readonly Hex[]): ReplayCheck {
  const { faults } = bundle.set;
  const view = firstCommittedView(votes, bundle.report?.digest, faults);
  const named = `not heard in time by ${faults + 1}: ${operators.join(", ")}`;
  if (view === 0) return differs("heard", `the report was committed to in the first view; ${named}`);
  return view !== undefined && view > faults
    ? ok("heard", `the report was committed to in view ${view}, where all may be included; ${named}`)
    : notChecked("heard", `whether the view was one in which all may be included; ${named}`);
}

/** The first view in which an honest operator committed to the report. */
function firstCommittedView(
  votes: readonly SignedAgreement[],
  report: Hex | undefined,
  faults: number,
): number | undefined {
  const byView = new Map<number, Set<Hex>>();
  for (const { message } of votes) {
    if (message.kind !== "commit" || message.digest !== report) continue;
    byView.set(message.view, (byView.get(message.view) ?? new Set<Hex>()).add(message.operator));
  }
  const views = [...byView].filter(([, operators]) => operators.size > faults).map(([view]) => view);
  return views.length === 0 ? undefined : Math.min(...views);
}
