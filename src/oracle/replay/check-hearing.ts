import type { Hex } from "../../core/hex.ts";
import type { SignedAgreement } from "../agreement/message.ts";
import { epochScheduleOf } from "../agreement/view-schedule.ts";
import { hearersIn } from "../observations/reveal.ts";
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
  const hearersOf = hearersIn(included);
  const unheard = included.filter(({ operator, commitment }) => hearersOf(operator, commitment) <= faults);
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

/** In late views such observations are allowed. */
function judgeUnheard({ bundle, votes }: OpenedBundle, operators: readonly Hex[]): ReplayCheck {
  const named = `not heard in time by ${bundle.set.faults + 1}: ${operators.join(", ")}`;
  const view = firstCommittedView(votes, bundle.report?.digest, bundle.set.faults);
  if (view === undefined) return notChecked("heard", `the bundle does not show the report's view; ${named}`);
  const { strictViews } = epochScheduleOf({ ...bundle, endSeconds: bundle.window.endSeconds });
  const where = `the report was committed to in view ${view}, of which the first ${strictViews} take only what was`;
  return view < strictViews ? differs("heard", `${where}; ${named}`) : ok("heard", `${where}; ${named}`);
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
