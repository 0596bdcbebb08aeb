import { z } from "zod";

import type { Finding, Project, Rule } from "./rule.ts";

/** Bytes of deployed code; the chain's own limit is 24,576 (EIP-170). */
const LIMIT_BYTES = 24_000;

const artifactSchema = z.object({ contractName: z.string(), sourceName: z.string(), deployedBytecode: z.string() });

/** Each contract that is deployed stays under the limit with room to spare. */
export const contractSize: Rule = {
  name: "contract-size",
  promise: `every contract is smaller than ${LIMIT_BYTES} bytes`,
  find: (project) => {
    if (project.artifacts.length === 0) {
      return [{ file: "artifacts", message: "nothing is compiled: run `npm run compile` first" }];
    }
    return project.artifacts.flatMap((path) => measure(project, path));
  },
};

function measure(project: Project, path: string): Finding[] {
  const parsed = artifactSchema.safeParse(JSON.parse(project.read(path)));
  if (!parsed.success) return []; // not an artifact: Hardhat keeps its types beside them
  const { contractName, sourceName, deployedBytecode } = parsed.data;
  const bytes = (deployedBytecode.length - 2) / 2;
  if (sourceName.startsWith("contracts/mocks/") || bytes < LIMIT_BYTES) return [];
  return [{ file: sourceName, message: `${contractName} has ${bytes} bytes of code, the limit is ${LIMIT_BYTES}` }];
}
