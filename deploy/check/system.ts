import { z } from "zod";
import type { ChainClient } from "../../src/chain/client.ts";
import type { Deployment } from "../../src/chain/deployment.ts";
import { MandateError } from "../../src/core/errors/mandate-error.ts";
import type { Parameters } from "../parameters.ts";
import type { Comparison } from "./finding.ts";

/** What is checked against what, with everything that a check needs. */
export interface System {
  readonly client: ChainClient;
  readonly deployment: Deployment;
  readonly parameters: Parameters;
  readonly deployer: `0x${string}`;
  readonly comparison: Comparison;
}

const parameterSchema = z.union([z.number(), z.bigint(), z.string()]);

/** A deployment parameter of a module, or of all modules. @throws {MandateError} `ParameterMissing`. */
export function parameterOf(system: System, module: string, name: string): number | bigint | string {
  const value = parameterSchema.safeParse(system.parameters[module]?.[name] ?? system.parameters["$global"]?.[name]);
  if (value.success) return value.data;
  throw new MandateError("ParameterMissing", `the deployment parameters have no ${module}.${name}`, {
    kind: "input",
    data: { module, name },
  });
}

export function addressParameter(system: System, module: string, name: string): `0x${string}` {
  return `0x${String(parameterOf(system, module, name)).slice(2)}`;
}
