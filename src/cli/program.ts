import { Command } from "commander";
import { accessCommand } from "./commands/access.ts";
import { aclCommand } from "./commands/acl.ts";
import { anchorCommand } from "./commands/anchor.ts";
import { attestorCommand } from "./commands/attestor.ts";
import { auditCommand } from "./commands/audit.ts";
import { breakerCommand } from "./commands/breaker.ts";
import { claimCommand } from "./commands/claim.ts";
import { deploymentCommand } from "./commands/deployment.ts";
import { escalationCommand } from "./commands/escalation.ts";
import { evidenceCommand } from "./commands/evidence.ts";
import { grantCommand } from "./commands/grant.ts";
import { indexerCommand } from "./commands/indexer.ts";
import { milestoneCommand } from "./commands/milestone.ts";
import { notifyCommand } from "./commands/notify.ts";
import { offboardCommand } from "./commands/offboard.ts";
import { oracleCommand } from "./commands/oracle.ts";
import { policyCommand } from "./commands/policy.ts";
import { poolCommand } from "./commands/pool.ts";
import { projectCommand } from "./commands/project.ts";
import { taskCommand } from "./commands/task.ts";
import { teamCommand } from "./commands/team.ts";
import { whyCommand } from "./commands/why.ts";

/** Every command, by noun. A new noun is one line here. */
const nouns: readonly (() => Command)[] = [
  whyCommand,
  poolCommand,
  projectCommand,
  milestoneCommand,
  claimCommand,
  breakerCommand,
  taskCommand,
  grantCommand,
  escalationCommand,
  anchorCommand,
  teamCommand,
  policyCommand,
  accessCommand,
  attestorCommand,
  evidenceCommand,
  indexerCommand,
  aclCommand,
  oracleCommand,
  notifyCommand,
  offboardCommand,
  auditCommand,
  deploymentCommand,
];

/** The program `mandate`, with all its commands. */
export function createProgram(): Command {
  const program = new Command("mandate")
    .description("An on-chain operating system for an organization's budgets and permissions.")
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
  for (const noun of nouns) program.addCommand(noun());
  return program;
}
