import { isAddressEqual } from "viem";
import { readMilestoneFacts, type MilestoneFacts } from "../../attestor/chain/milestone-facts.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import {
  isLeaseRunning,
  milestoneStatuses,
  projectStatuses,
  readMilestones,
  readProject,
  type Party,
} from "../../sdk/project.ts";
import { chainTime } from "../../sdk/read.ts";
import { addressOf, fromBlockOf, type Session } from "../../sdk/session.ts";
import { amountText, assetOf } from "../../sdk/asset.ts";
import { addressBookOf } from "../values/address-book.ts";
import { durationText } from "../values/time.ts";
import { allPools, momentText } from "./vault.ts";

const REVIEWED = "none: an enclave, which its anchor reviews once in each review period";

/** What the vault says of a project now. */
export async function projectState(session: Session, id: Hex) {
  const found = await readProject(session, id);
  const [asset, milestones, leaseRunning] = await Promise.all([
    assetOf(session, found.asset),
    readMilestones(session, id, found.milestones),
    isLeaseRunning(session, id),
  ]);
  return { id, found, status: projectStatuses[found.status] ?? "none", asset, milestones, leaseRunning };
}

export type ProjectState = Awaited<ReturnType<typeof projectState>>;

/** A project with what people need to read about it. */
export async function projectTerms(session: Session, id: Hex) {
  const [state, now, pools] = await Promise.all([projectState(session, id), chainTime(session), allPools(session)]);
  const { found, asset, milestones } = state;
  const total = milestones.reduce((sum, { amount }) => sum + amount, 0n);
  const poolText = (pool: Hex): string => `pool ${pools.find((each) => each.pool === pool)?.name ?? pool}`;
  return {
    ...state,
    /** Whether people review it: an enclave. */
    reviewed: isAddressEqual(found.oracle, addressOf(session, "ReviewCalendar")),
    now,
    total,
    totalText: amountText(asset, total),
    source: poolText(found.pool),
    destination: poolText(found.reclaimTo),
    book: addressBookOf(session),
  };
}

export type ProjectTerms = Awaited<ReturnType<typeof projectTerms>>;
type Facts = readonly (readonly [string, string])[];

/** A milestone's terms and where it stands, on one line each. Pure. */
export function milestoneFacts({ milestones, asset, now }: ProjectTerms, index: number): Facts {
  const found = milestones[index];
  if (found === undefined) return [];
  const status = milestoneStatuses[found.status] ?? "none";
  const window = found.challengeWindow === 0 ? "none: paid at once" : durationText(found.challengeWindow);
  return [
    ["amount", amountText(asset, found.amount)],
    ["status", status],
    ...(found.paid > 0n && status !== "paid" ? ([["paid so far", amountText(asset, found.paid)]] as const) : []),
    ["proof until", momentText(found.deadline, now)],
    ["challenge window", window],
    ...(status === "proved" ? ([["payable from", momentText(found.payableFrom, now)]] as const) : []),
    ["attestors", `version ${found.attestorSetVersion} of ${found.attestorSet}`],
  ];
}

/** What a proof of a part says; nothing of one of the whole. Pure. */
export function partFacts({ milestones, asset }: ProjectTerms, index: number, part: bigint | undefined): Facts {
  if (part === undefined) return [];
  const paid = milestones[index]?.paid ?? 0n;
  return [
    ["due so far", amountText(asset, part)],
    ["pays now", amountText(asset, part - paid)],
  ];
}

/** What is not paid of a milestone, as people write it. Pure. */
export function restText({ milestones, asset }: ProjectTerms, index: number): string {
  const found = milestones[index];
  return found === undefined ? "nothing" : amountText(asset, found.amount - found.paid);
}

/** When a proved milestone is paid. Pure. */
export function windowText({ challengeWindow }: { readonly challengeWindow: number }): string {
  return challengeWindow === 0 ? "paid at once" : `paid ${durationText(challengeWindow)} later`;
}

/** What follows from a sudden rise of a project's score; nothing where there is none. Pure. */
export function risingText({ isRising, lastProvedReport }: { isRising: boolean; lastProvedReport: number }): string {
  return isRising
    ? `, by its report alone: the score rose suddenly, and report ${lastProvedReport + 1} has to confirm it`
    : "";
}

/** Where a project stands. Pure. */
export function stateFacts(terms: ProjectTerms): Facts {
  const { id, found, status, leaseRunning, reviewed, asset, milestones, source } = terms;
  const counted = reviewed ? "review period" : "report";
  const lease = `${leaseRunning ? "running" : "lapsed"}, paid through ${counted} ${found.paidThrough}${risingText(found)}`;
  return [
    ["project", id],
    ["status", status],
    ...(status === "active" ? ([["lease", lease]] as const) : []),
    ["committed", `${amountText(asset, found.committed)}, from the ${source}`],
    [
      "milestones",
      milestones
        .map(
          (each, index) => `${index}: ${amountText(asset, each.amount)}, ${milestoneStatuses[each.status] ?? "none"}`,
        )
        .join("\n"),
    ],
  ];
}

/** What somebody accepts or funds: parties, total, every milestone with its dates. Pure. */
export function planFacts(terms: ProjectTerms): Facts {
  const { found, milestones, book, now, asset } = terms;
  const said = (yes: boolean): string => (yes ? "yes" : "not yet");
  return [
    ["project", terms.id],
    ["pays", book.full(found.payee)],
    ["answers for it", book.full(found.anchor)],
    ["total", terms.totalText],
    [
      "milestones",
      milestones
        .map(
          (each, index) =>
            `${index}: ${amountText(asset, each.amount)}, proved before ${momentText(each.deadline, now)}, ${windowText(each)}`,
        )
        .join("\n"),
    ],
    [
      "lease",
      terms.reviewed ? REVIEWED : `${found.initialReports} reports at first, ${found.leaseReports} with each renewal`,
    ],
    ["reclaimed to", terms.destination],
    ["accepted", `payee: ${said(found.payeeAccepted)}, anchor: ${said(found.anchorAccepted)}`],
    ["accepted before", momentText(found.acceptBy, now)],
  ];
}

/** The address that a plan names for a party. */
export function partyAddress({ found }: ProjectTerms, party: Party): Hex {
  return party === "payee" ? found.payee : found.anchor;
}

/** @throws {MandateError} `NotTheParty` where `signer` is not who the plan names: its signature would be refused. */
export function requireParty(terms: ProjectTerms, party: Party, signer: Hex): void {
  const named = partyAddress(terms, party);
  if (named.toLowerCase() === signer.toLowerCase()) return;
  throw new MandateError(
    "NotTheParty",
    `the plan's ${party} is ${terms.book.full(named)}, not ${terms.book.full(signer)}`,
    {
      kind: "refused",
      data: { party, named, signer },
      remedy: `Have ${terms.book.full(named)} accept it.`,
    },
  );
}

/** Terms of one milestone, proved by the project's id. @throws {MandateError} `MilestoneUnknown`. */
export async function milestoneOf(session: Session, project: Hex, milestone: number): Promise<MilestoneFacts> {
  const vault = addressOf(session, "BudgetVault");
  const outcome = await readMilestoneFacts(session.client, {
    vault,
    project,
    milestone,
    fromBlock: fromBlockOf(session),
  });
  if (outcome.found) return outcome.facts;
  throw new MandateError("MilestoneUnknown", `${project} has no milestone ${milestone}`, {
    kind: "input",
    data: { project, milestone, reason: outcome.reason },
    remedy: "mandate project show <project> lists its milestones, counted from 0.",
  });
}
