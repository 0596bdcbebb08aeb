import { devAccount } from "../../../src/chain/dev-accounts.ts";
import { readProject } from "../../../src/sdk/project.ts";
import type { PlanFile } from "../../../src/cli/treasury/plan-file.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { urlOf, type Layout } from "../../local/layout.ts";
import { commitProject, openAcceptedProject } from "../../local/open-project.ts";
import { publishDocument } from "../../local/publish-document.ts";
import { exampleScoreDefinition } from "../../local/score-definition.ts";
import { readPoolBalance } from "../balances.ts";
import { renewalWindowSeconds } from "../demo-parameters.ts";
import { demoProjects } from "../demo-services.ts";
import { claim, need, sessionOf, type Step } from "../step.ts";

/** The demonstration's projects by id. */
export interface Projects {
  readonly working: Hex;
  readonly idle: Hex;
}

/** The tag whose existence in the working project's repository its first milestone is about. */
export const releaseTag = "v1.0";

/** What the idle project's milestone asks for: a promise that is easily kept. */
export const promise = { delivered: true };

const specifications = {
  working: { kind: "git-tag", repository: demoProjects.working, tag: releaseTag, branch: "main", files: [] },
  idle: { kind: "json-assertions", assertions: [{ pointer: "/delivered", equals: true }] },
};

function planOf(layout: Layout, project: keyof Projects, common: { pool: Hex; attestorSet: Hex }): PlanFile {
  const working = project === "working";
  const name = demoProjects[project];
  const url = urlOf(layout.ports.metrics + (working ? 0 : 1));
  const specification = publishDocument(layout.documents, specifications[project]);
  const milestone = { deadlineIn: "30d", specification, attestorSet: common.attestorSet };
  return {
    pool: common.pool,
    asset: working ? "test" : "coin",
    payee: working ? "payeeOne" : "payeeTwo",
    anchor: "anchor",
    scoreDefinition: publishDocument(layout.documents, exampleScoreDefinition({ title: name, repository: name, url })),
    initialReports: working ? 2 : 1,
    renewalWindow: `${renewalWindowSeconds}s`,
    acceptWithin: "1h",
    milestones: working
      ? [
          { ...milestone, amount: "1200" },
          { ...milestone, amount: "800" },
        ]
      : [{ ...milestone, amount: "5" }],
  };
}

export const openProjects: Step = {
  name: "open-projects",
  title: "Open two projects; payees and an accountable anchor accept by signature",
  run: async (stage) => {
    const { layout, narrator } = stage;
    const session = sessionOf(stage);
    const { organization, chain } = need(stage.foundation, "foundation");
    const before = await readPoolBalance(session, organization.pool, "test");
    const projects = await chain.minedAtOnce(async () => {
      const working = await openAcceptedProject(session, planOf(layout, "working", organization), "payeeOne");
      const idle = await openAcceptedProject(session, planOf(layout, "idle", organization), "payeeTwo");
      for (const id of [working, idle]) await commitProject(session, id);
      return { working, idle };
    });
    stage.projects = projects;

    const [working, idle] = await Promise.all([
      readProject(session, projects.working),
      readProject(session, projects.idle),
    ]);
    for (const { payeeAccepted, anchorAccepted, anchor } of [working, idle]) {
      claim(payeeAccepted && anchorAccepted, "payee and anchor accepted");
      claim(anchor === devAccount("anchor").address, "the anchor is the enrolled human");
    }
    const after = await readPoolBalance(session, organization.pool, "test");
    claim(before - after === working.committed, "what left the pool is what is committed");
    narrator.say(
      `"${demoProjects.working}" has 2000 TEST committed in two milestones, "${demoProjects.idle}" 5 coins in one.`,
    );
    return {
      projects,
      committed: { working: working.committed, idle: idle.committed },
      paidThrough: { working: working.paidThrough, idle: idle.paidThrough },
      attestorSet: organization.attestorSet,
      anchor: working.anchor,
    };
  },
};
