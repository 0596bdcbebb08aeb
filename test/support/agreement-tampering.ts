/** Ways in which what both sides agreed to, or an opener overturned, could have been otherwise: each breaks its rule. */
import type { Plan } from "../../src/audit/replay/project-replay.ts";
import {
  again,
  args,
  flip,
  indexOf,
  later,
  onEvent,
  strange,
  stranger,
  transaction,
  withArgs,
  without,
  type Tampering,
} from "./tampering.ts";

/** The first amendment puts another plan in the place of the one that runs. */
function amendedTo(change: (plan: Plan) => Plan): Tampering {
  return onEvent("ProjectAmended", (event) =>
    event.eventName === "ProjectAmended" ? withArgs(event, { plan: change(event.args.plan) }) : event,
  );
}

/** The first proof that was overturned stands in the journal once more. */
const acceptedAgain: Tampering = ({ events, transactions }) => {
  const proof = events[indexOf(events, "MilestoneProved", 0)];
  const after = indexOf(events, "MilestoneOverturned", 0) + 1;
  return { events: events.toSpliced(after, 0, ...(proof === undefined ? [] : [proof])), transactions };
};

export const agreementTamperings = {
  "treasury-overturn": [
    ["somebody else overturns", args("MilestoneOverturned", { by: stranger })],
    ["nothing speaks against the proof", args("MilestoneOverturned", { cause: `0x${"0".repeat(64)}` }, 1)],
    ["what was overturned is accepted again", acceptedAgain],
  ],
  "treasury-agreement": [
    ["more comes back than is pending", args("ProjectCancelled", { amount: 2n * 10n ** 18n })],
    ["what comes back goes elsewhere", args("ProjectCancelled", { reclaimTo: strange })],
    ["another end was agreed", args("ProjectCancelled", { cause: strange })],
    ["the end comes after its agreement's deadline", later("ProjectCancelled", 2_000n)],
    ["the payee did not sign the end", transaction("ProjectCancelled", flip(6))],
    ["the anchor did not sign the end", transaction("ProjectCancelled", flip(2))],
    ["another version was agreed", args("ProjectAmended", { cause: strange })],
    ["the payee did not sign the version", transaction("ProjectAmended", flip(7), 1)],
    ["the anchor did not sign the version", transaction("ProjectAmended", flip(3), 1)],
  ],
  "treasury-amendment": [
    ["a version is skipped", without("ProjectAmended")],
    ["the same version comes twice", again("ProjectAmended")],
    ["less comes from the pool than it costs", args("ProjectAmended", { added: 1n })],
    ["more goes back than it saves", args("ProjectAmended", { returned: 10n ** 20n }, 1)],
    ["the lease had lapsed", args("ProjectFunded", { paidThrough: 0 }, 4)],
    ["it comes after the plan's last second", later("ProjectAmended", 100_000n)],
    ["somebody else is paid", amendedTo((plan) => ({ ...plan, payee: stranger }))],
    ["a proved milestone changes", amendedTo((plan) => ({ ...plan, milestones: plan.milestones.slice(1) }))],
  ],
} as const satisfies Readonly<Record<string, readonly (readonly [string, Tampering])[]>>;
