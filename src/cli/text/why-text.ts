import { zeroAddress } from "viem";
import { roleNameOf } from "../../chain/roles.ts";
import type { WhyAnswer } from "../state/why.ts";
import { teamText } from "../state/teams.ts";
import type { AddressBook } from "../values/address-book.ts";
import { countdownText, timeText } from "../values/time.ts";
import { unitsText } from "../values/units.ts";
import { obstacleText, verdictText } from "../values/verdict.ts";
import { boundaryText } from "./boundary-text.ts";

/** What sentences about an answer need to know beside it. */
export interface WhyView {
  readonly book: AddressBook;
  readonly places: ReadonlyMap<number, string>;
  readonly scopes: readonly string[];
  /** Seconds on the clock of the chain. */
  readonly now: number;
}

type Rule = WhyAnswer["rules"][number];

const passedTexts: Record<string, (rule: Rule) => string> = {
  unlisted: () => "the catalog lists the action",
  scope: () => "its scope is among the team's",
  reversibility: ({ actual, limit, margin }) =>
    `it is reversible to ${actual} %, ${limit} % are needed: ${margin} to spare`,
  unreadable: () => "its impact can be read from its arguments",
  "rate-missing": ({ limit }) => `its asset has a valuation, valid until ${timeText(limit)}`,
  "grant-cap": ({ actual, limit, margin }) =>
    `its impact of ${unitsText(actual)} fits into the ${unitsText(limit)} left of the grant's cap: ${unitsText(margin)} to spare`,
  "team-impact": ({ actual, limit, margin }) =>
    `it brings the team's impact to ${unitsText(actual)} of ${unitsText(limit)} in 24 hours: ${unitsText(margin)} to spare`,
};

function ruleText(rule: Rule, scopes: readonly string[]): string | undefined {
  switch (rule.outcome) {
    case "passed":
      return `  kept     ${passedTexts[rule.boundary]?.(rule) ?? rule.boundary}`;
    case "crossed":
      return `  crossed  ${boundaryText(rule, scopes)}`;
    case "unknown":
      return `  unknown  ${rule.boundary}: a rule before it leaves the facts open`;
    default:
      return undefined; // does not concern this call
  }
}

function approvalLines(why: WhyAnswer, view: WhyView): string[] {
  const { approval } = why;
  const { book, places, now } = view;
  if (approval.status === "approved") {
    return [`An escalation of exactly this call is approved: it can be made once, until ${timeText(approval.until)}.`];
  }
  const who = approval.resolvers.map(({ team, anchor, substitute, opensAt }) => {
    const instead = substitute === zeroAddress ? "" : ` or ${book.short(substitute)}`;
    const from = opensAt <= now ? "now" : `from ${timeText(opensAt)} on`;
    return `  ${book.short(anchor)}${instead}, for team ${teamText(places, team)}, ${from}`;
  });
  if (approval.status === "pending") {
    const until = `${timeText(approval.until)}, ${countdownText(approval.until, now)}`;
    return [
      `It is escalated (${approval.operation}), and denied by silence at ${until}. It can be approved by`,
      ...who,
    ];
  }
  if (!approval.canOpen || who.length === 0) return [];
  return ["If the caller escalates it (mandate escalation open), it can be approved by", ...who];
}

function passingLine(why: WhyAnswer, now: number): string[] {
  if (why.answer !== "denied") return [];
  if (why.passesFrom > now) {
    return [`By itself it passes from ${timeText(why.passesFrom)} on (${countdownText(why.passesFrom, now)}).`];
  }
  return ["It never passes by itself."];
}

function granterLine(why: WhyAnswer): string[] {
  const isWithout = ["grant-missing", "grant-ended", "grant-expired", "grant-used-up"].includes(why.verdict);
  const isOver = why.verdict.startsWith("task-");
  if (why.answer !== "denied" || why.granterRole === 0n || (!isWithout && !isOver)) return [];
  return [`Who holds ${roleNameOf(why.granterRole)} can grant it, for an open task.`];
}

/** The authority's answer as sentences: the verdict, every rule that was consulted, when it would pass, who can approve. Pure. */
export function whyText(why: WhyAnswer, view: WhyView): string {
  if (why.answer === "could-not-check") return `Could not check: ${obstacleText(why)}.`;
  const crossed = why.rules.find(({ outcome }) => outcome === "crossed");
  const hasGrant = why.verdict === "allowed";
  const head =
    hasGrant && crossed !== undefined
      ? `${why.answer === "allowed" ? "Allowed by an approval" : "Denied"}: the caller's grant of task ${why.grant.task} has effect, but ${boundaryText(crossed, view.scopes)}.`
      : verdictText(why);
  const rules = why.rules.map((rule) => ruleText(rule, view.scopes)).filter((line) => line !== undefined);
  const limits = rules.length === 0 ? [] : ["Limits:", ...rules];
  return [head, ...limits, ...passingLine(why, view.now), ...approvalLines(why, view), ...granterLine(why)].join("\n");
}
