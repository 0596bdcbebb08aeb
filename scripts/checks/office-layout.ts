import { z } from "zod";

import type { Finding, Project, Rule } from "./rule.ts";

/** Whose storage it is, and the contracts whose code runs on it by delegatecall. */
const OWNER = "BudgetVault";
const OFFICES = ["BudgetOffice", "PaymentOffice"];

const artifactSchema = z.object({ contractName: z.string(), inputSourceName: z.string(), buildInfoId: z.string() });
const variableSchema = z.object({ label: z.string(), slot: z.string(), offset: z.int(), type: z.string() });
const layoutSchema = z.object({ storageLayout: z.object({ storage: z.array(variableSchema) }) });
const outputSchema = z.object({
  output: z.object({ contracts: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});

const NOT_COMPILED = "not compiled: run `npm run compile` first";

/** Every office means by each slot what the vault means by it. */
export const officeLayout: Rule = {
  name: "office-layout",
  promise: `the storage of ${OFFICES.join(" and ")} begins as that of ${OWNER}, variable by variable`,
  find: (project) => {
    const [owner, ...offices] = [OWNER, ...OFFICES].map((name) => layoutOf(project, name));
    if (owner === undefined) return [{ file: "artifacts", message: NOT_COMPILED }];
    return OFFICES.flatMap((name, i) => differences(name, offices[i], owner));
  },
};

/** A contract's state variables in their order, each with its place; undefined where it is not compiled. */
function layoutOf(project: Project, name: string): readonly string[] | undefined {
  const path = project.artifacts.find((each) => each.endsWith(`/${name}.json`));
  if (path === undefined) return undefined;
  const { contractName, inputSourceName, buildInfoId } = artifactSchema.parse(JSON.parse(project.read(path)));
  const { output } = outputSchema.parse(JSON.parse(project.read(`artifacts/build-info/${buildInfoId}.output.json`)));
  const { storageLayout } = layoutSchema.parse(output.contracts[inputSourceName]?.[contractName]);
  // A type's name ends with a number of the syntax tree, which differs between compilations.
  return storageLayout.storage.map(
    ({ label, slot, offset, type }) => `${label} at ${slot}.${offset}: ${type.replaceAll(/\)\d+/g, ")")}`,
  );
}

function differences(name: string, office: readonly string[] | undefined, owner: readonly string[]): Finding[] {
  const file = `artifacts/${name}`;
  if (office === undefined) return [{ file, message: NOT_COMPILED }];
  return office.flatMap((variable, place) => {
    const meant = owner[place];
    return variable === meant ? [] : [{ file, message: `${variable}, where ${OWNER} has ${meant ?? "nothing"}` }];
  });
}
