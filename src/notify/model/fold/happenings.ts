import type { ArgumentsOf, EventName } from "../../../chain/events/decode-event.ts";
import type { Hex } from "../../../core/hex.ts";
import type { State } from "../rows.ts";
import { peopleOfSafety } from "../people-of-safety.ts";

/** What people are told of an event, and who. */
export interface Told {
  readonly title: string;
  readonly text: string;
  readonly addresses?: readonly Hex[];
  readonly teams?: readonly number[];
}

type Teller<N extends EventName> = (args: ArgumentsOf<N>, state: State) => Told;

/** As `ITeams.Trigger` counts them. */
const triggers = ["a circuit breaker tripped", "an attestation was overturned", "a challenge was upheld"] as const;

const anchorsOf = (state: State, team: number): readonly Hex[] => {
  const anchor = state.get("team", team.toString())?.anchor;
  return anchor === undefined ? [] : [anchor];
};

/**
 * Events of which people hear as soon as they happened. `state` is as it was before the event. A new one is one entry here.
 */
export const happenings: { readonly [N in EventName]?: Teller<N> } = {
  TierLowered: ({ team, tier, trigger }, state) => ({
    title: `Team ${team} fell to tier ${tier}`,
    text: `The tier of team ${team} was lowered to ${tier} at once, because ${triggers[trigger] ?? "a trigger fired"}. More of what it does escalates now. An anchor up its path can raise it again.`,
    addresses: anchorsOf(state, team),
    teams: [team],
  }),
  MilestoneOverturned: ({ project, milestone, by, anchor }, state) => ({
    title: `Milestone ${milestone} of a project was overturned`,
    text: `The proof of milestone ${milestone} of project ${project} was overturned by ${by} in its challenge window. Nothing was paid for it; a new proof is needed.`,
    addresses: [state.get("project", project)?.payee, anchor].filter((each) => each !== undefined),
  }),
  ProjectAmended: ({ project, planVersion, anchor }, state) => ({
    title: "A project's plan was amended",
    text: `Payee and anchor put version ${planVersion} in the place of the plan of project ${project}. Proofs signed for the version before no longer count; what was proved stays payable.`,
    addresses: [
      state.get("project", project)?.payee,
      state.get("project", project)?.opener,
      state.get("project", project)?.anchor,
      anchor,
    ]
      .filter((each) => each !== undefined)
      .filter((each, place, all) => all.indexOf(each) === place),
  }),
  ProjectCancelled: ({ project, amount, anchor }, state) => ({
    title: "A project was cancelled",
    text: `Payee and anchor ended project ${project}. What was pending, ${amount} base units, went back to its plan's account; what was proved stays payable.`,
    addresses: [state.get("project", project)?.payee, state.get("project", project)?.opener, anchor].filter(
      (each) => each !== undefined,
    ),
  }),
  EscalationRejected: ({ operation, resolver }, state) => ({
    title: "An escalation was rejected",
    text: `${resolver} rejected the escalation ${operation}. The call stays refused.`,
    addresses: [state.get("escalation", operation)?.caller].filter((each) => each !== undefined),
  }),
  AssetReset: ({ asset, by }, state) => ({
    title: "A tripped asset was reset",
    text: `Anchors approved it and ${by} reset ${asset}: payments go out by themselves again, within the whole limits. Nothing is reclaimed before a renewal window has passed.`,
    addresses: peopleOfSafety(state),
  }),
  LeaseExtended: ({ project, paidThrough, anchor }, state) => ({
    title: "A lease was extended by hand",
    text: `The anchor ${anchor} extended the lease of project ${project} through report ${paidThrough}, without a proof.`,
    addresses: [state.get("project", project)?.payee].filter((each) => each !== undefined),
  }),
  AnchorRemoved: ({ anchor }) => ({
    title: "An anchor was removed",
    text: `${anchor} is an accountable anchor no longer. Its open tasks, and the grants in them, ended at once.`,
    addresses: [anchor],
  }),
};
