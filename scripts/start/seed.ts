import type { Session } from "../../src/sdk/session.ts";
import type { PlanFile } from "../../src/cli/treasury/plan-file.ts";
import { fundPool, mintTestTokens } from "../local/fund-pool.ts";
import { urlOf, type Layout } from "../local/layout.ts";
import { commitProject, openAcceptedProject } from "../local/open-project.ts";
import type { Organization } from "../local/organization.ts";
import { publishDocument } from "../local/publish-document.ts";
import { exampleScoreDefinition } from "../local/score-definition.ts";

/** The example projects of `npm start`: one works, another only looks as if, and the third waits for a wallet to fund it. */
export const exampleProjects = [
  {
    name: "watch",
    portOffset: 0,
    idle: false,
    payee: "payeeOne",
    title: "Chain watch",
    amounts: ["400", "350", "250"],
    isFunded: true,
  },
  {
    name: "dormant",
    portOffset: 1,
    idle: true,
    payee: "payeeTwo",
    title: "Dormant idea",
    amounts: ["300", "200"],
    isFunded: true,
  },
  {
    name: "next",
    portOffset: 2,
    idle: false,
    payee: "payeeOne",
    title: "Next step",
    amounts: ["120", "80"],
    isFunded: false,
  },
] as const;

/** Test tokens in finance's wallet, for the project that waits to be funded: base units. */
const walletTokens = 1_000n * 10n ** 18n;

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

/** Gives the page something to show: a funded pool, and projects with and without money. Runs on a fresh chain, once. */
export async function seedExample(session: Session, layout: Layout, organization: Organization): Promise<void> {
  await fundPool(session, organization.pool, "test", "10000");
  await fundPool(session, organization.pool, "coin", "25");
  await mintTestTokens(session, walletTokens);
  const specificationHash = publishDocument(layout.documents, specification);
  for (const example of exampleProjects) {
    const url = urlOf(layout.ports.metrics + example.portOffset);
    const definition = exampleScoreDefinition({ title: example.title, repository: example.name, url });
    const plan: PlanFile = {
      pool: organization.pool,
      asset: "test",
      payee: example.payee,
      anchor: "anchor",
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
    const project = await openAcceptedProject(session, plan, example.payee);
    if (example.isFunded) await commitProject(session, project);
  }
}
