import { Command } from "commander";
import { policyActionCommand } from "./policy-action.ts";
import { policyCapabilityCommand } from "./policy-capability.ts";
import {
  policyCancelCommand,
  policyConsentCommand,
  policyEnactCommand,
  policyProposeCommand,
  policyTeamSetCommand,
} from "./policy-change.ts";
import { policyAssetCommand, policyRateCommand } from "./policy-rate.ts";
import { policyHistoryCommand, policyListCommand, policyShowCommand } from "./policy-show.ts";

/** `mandate policy …` */
export function policyCommand(): Command {
  return new Command("policy")
    .description("policy: parameters within bounds that nobody can move, actions and what they can do at worst")
    .addCommand(policyListCommand())
    .addCommand(policyShowCommand())
    .addCommand(policyHistoryCommand())
    .addCommand(policyProposeCommand())
    .addCommand(policyConsentCommand())
    .addCommand(policyCancelCommand())
    .addCommand(policyEnactCommand())
    .addCommand(policyTeamSetCommand())
    .addCommand(policyAssetCommand())
    .addCommand(policyRateCommand())
    .addCommand(policyActionCommand())
    .addCommand(policyCapabilityCommand())
    .addHelpText(
      "after",
      `
Examples:
  $ mandate policy list --team G1.U1.P6
  $ mandate policy propose cone.maxImpact 150000 --reason 'the audit of the third quarter' --as governor
  $ mandate policy consent cone.maxImpact --team G1.U1.P0 --as anchor
  $ mandate policy enact cone.maxImpact
  $ mandate policy team-set G1.U1.P6 cone.maxImpact 50000 --reason 'closing week' --as anchor
  $ mandate policy rate test --price 1.00 --for 30d --reason 'a test token counts as one' --as finance
  $ mandate policy action register BudgetVault withdraw --impact asset-amount --amount-argument 3 --asset-argument 1 --scope 'budget' --reversibility 50 --reason 'money leaves a pool'
  $ mandate policy capability define treasurer --action 'BudgetVault#withdraw' --reason 'what a treasurer does'`,
    );
}
