import { readFileSync } from "node:fs";
import { Command } from "commander";
import { z } from "zod";

/** Every command, by noun. A new noun is one line here; what it needs is loaded when it is called. */
const nouns: Readonly<Record<string, () => Promise<() => Command>>> = {
  why: async () => (await import("./commands/why.ts")).whyCommand,
  pool: async () => (await import("./commands/pool.ts")).poolCommand,
  project: async () => (await import("./commands/project.ts")).projectCommand,
  milestone: async () => (await import("./commands/milestone.ts")).milestoneCommand,
  claim: async () => (await import("./commands/claim.ts")).claimCommand,
  breaker: async () => (await import("./commands/breaker.ts")).breakerCommand,
  review: async () => (await import("./commands/review.ts")).reviewCommand,
  task: async () => (await import("./commands/task.ts")).taskCommand,
  grant: async () => (await import("./commands/grant.ts")).grantCommand,
  escalation: async () => (await import("./commands/escalation.ts")).escalationCommand,
  challenge: async () => (await import("./commands/challenge.ts")).challengeCommand,
  anchor: async () => (await import("./commands/anchor.ts")).anchorCommand,
  team: async () => (await import("./commands/team.ts")).teamCommand,
  policy: async () => (await import("./commands/policy.ts")).policyCommand,
  access: async () => (await import("./commands/access.ts")).accessCommand,
  attestor: async () => (await import("./commands/attestor.ts")).attestorCommand,
  evidence: async () => (await import("./commands/evidence.ts")).evidenceCommand,
  indexer: async () => (await import("./commands/indexer.ts")).indexerCommand,
  acl: async () => (await import("./commands/acl.ts")).aclCommand,
  oracle: async () => (await import("./commands/oracle.ts")).oracleCommand,
  notify: async () => (await import("./commands/notify.ts")).notifyCommand,
  offboard: async () => (await import("./commands/offboard.ts")).offboardCommand,
  audit: async () => (await import("./commands/audit.ts")).auditCommand,
  deployment: async () => (await import("./commands/deployment.ts")).deploymentCommand,
};

function versionOfPackage(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return z.looseObject({ version: z.string() }).parse(JSON.parse(text)).version;
}

/**
 * The program `mandate`.
 * @param noun The only one that is asked for, which loads in a fraction of the time; any other word, or none, loads all of them.
 */
export async function createProgram(noun = ""): Promise<Command> {
  const program = new Command("mandate")
    .description("An on-chain operating system for an organization's budgets and permissions.")
    .version(versionOfPackage(), "-V, --version", "print the version")
    .option("--json", "print the result as one line of JSON, the last line of standard output")
    .addHelpText(
      "after",
      `
Exit codes: 0 done · 1 the answer is no · 2 wrong usage · 3 port, disk or network · 70 a defect

Examples:
  $ mandate why --caller agent --target BudgetVault --function 'withdraw(bytes32,address,address,uint256)'
  $ mandate project list --json`,
    )
    .showHelpAfterError("(mandate --help shows what there is)");
  const only = Object.hasOwn(nouns, noun) ? nouns[noun] : undefined;
  const loaded = await Promise.all((only === undefined ? Object.values(nouns) : [only]).map((load) => load()));
  for (const command of loaded) program.addCommand(command());
  return program;
}
