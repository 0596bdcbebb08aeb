import type { Session } from "../../src/cli/chain/session.ts";
import type { PlanFile } from "../../src/cli/actions/plan.ts";
import { fundPool } from "../local/fund-pool.ts";
import { urlOf, type Layout } from "../local/layout.ts";
import { commitProject, openAcceptedProject } from "../local/open-project.ts";
import type { Organization } from "../local/organization.ts";
import { publishDocument } from "../local/publish-document.ts";
import { exampleScoreDefinition } from "../local/score-definition.ts";

/** The example projects of `npm start`: one works, the other only looks as if. */
export const exampleProjects = [
  {
    name: "watch",
    portOffset: 0,
    idle: false,
    payee: "payeeOne",
    title: "Chain watch",
    amounts: ["400", "350", "250"],
  },
  { name: "dormant", portOffset: 1, idle: true, payee: "payeeTwo", title: "Dormant idea", amounts: ["300", "200"] },
] as const;

/** What the attestors of an example milestone look for in the evidence document. */
const specification = {
  kind: "json-assertions",
  assertions: [
    { pointer: "/delivered", equals: true },
    { pointer: "/testsPassed", minimum: "20" },
  ],
};

/** Evidence that meets {@link specification}. */
export const exampleEvidence = { delivered: true, testsPassed: 24 };

/** Gives the page something to show: a funded pool, and two projects with money committed. Runs on a fresh chain, once. */
export async function seedExample(session: Session, layout: Layout, organization: Organization): Promise<void> {
  await fundPool(session, organization.pool, "test", "10000");
  await fundPool(session, organization.pool, "coin", "25");
  const specificationHash = publishDocument(layout.documents, specification);
  for (const example of exampleProjects) {
    const url = urlOf(layout.ports.metrics + example.portOffset);
    const definition = exampleScoreDefinition({ title: example.title, repository: example.name, url });
    const plan: PlanFile = {
      pool: organization.pool,
      asset: "test",
      payee: example.payee,
      anchor: "anchor",
      team: example.name,
      scoreDefinition: publishDocument(layout.documents, definition),
      renewalWindow: "30s",
      acceptWithin: "1d",
      milestones: example.amounts.map((amount) => ({
        amount,
        deadlineIn: "60d",
        specification: specificationHash,
        attestorSet: organization.attestorSet,
      })),
    };
    await commitProject(session, await openAcceptedProject(session, plan, example.payee));
  }
}
