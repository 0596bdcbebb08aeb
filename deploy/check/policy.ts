import { iActionCatalogAbi, iAuthorityLimitsAbi, iConstitutionAbi } from "../../src/chain/abi.ts";
import { catalog, impactKinds, selectorOf } from "../catalog.ts";
import { parameterDefinitions, parameterId, termsOf } from "../constitution.ts";
import { parameterOf, type System } from "./system.ts";

/** Every parameter of the constitution has its bounds and its first value, and there is no other. */
async function checkConstitution(system: System): Promise<void> {
  const { client, comparison, deployment } = system;
  const constitution = { address: deployment.contracts.Constitution, abi: iConstitutionAbi } as const;
  const defined = await client.readContract({ ...constitution, functionName: "parameters" });
  comparison.expectMembers("parameters of the constitution", defined, parameterDefinitions.map(parameterId));
  for (const definition of parameterDefinitions) {
    const args = [parameterId(definition)] as const;
    const terms = await client.readContract({ ...constitution, functionName: "termsOf", args });
    const value = await client.readContract({ ...constitution, functionName: "officeValue", args });
    for (const [name, meant] of Object.entries(termsOf(definition))) {
      comparison.expect(`${name} of ${definition.name}`, terms[name as keyof typeof terms], meant);
    }
    comparison.expect(`value of ${definition.name}`, value, parameterOf(system, "Wiring", definition.value));
  }
  const delay = await client.readContract({ ...constitution, functionName: "changeDelay" });
  comparison.expect("Constitution.changeDelay", delay, parameterOf(system, "Policy", "changeDelaySeconds"));
}

/** Catalog and authority know the same facts of every action that grants reach. */
async function checkCatalog({ client, comparison, deployment: { contracts } }: System): Promise<void> {
  for (const entry of catalog) {
    const args = [contracts[entry.contract], selectorOf(entry.signature)] as const;
    const subject = `${entry.contract}.${entry.signature}`;
    const [version] = await client.readContract({
      address: contracts.ActionCatalog,
      abi: iActionCatalogAbi,
      functionName: "actionOf",
      args,
    });
    const facts = await client.readContract({
      address: contracts.Authority,
      abi: iAuthorityLimitsAbi,
      functionName: "actionFacts",
      args,
    });
    comparison.expect(`version of ${subject} in the catalog`, version, 1);
    comparison.expect(`impact of ${subject}`, facts.impact, impactKinds[entry.impact]);
    comparison.expect(`reversibility of ${subject}`, facts.reversibility, entry.reversibilityPercent);
    comparison.expect(`amount of ${subject}`, facts.amountWord, entry.amountWord);
    comparison.expect(`asset of ${subject}`, facts.assetWord, entry.assetWord);
  }
}

/** What limits calls by grant, as it was meant before anybody could change it. */
export async function checkPolicy(system: System): Promise<void> {
  await checkConstitution(system);
  await checkCatalog(system);
}
