import { join } from "node:path";
import { stackPorts, type StackPorts } from "../../src/stack/ports.ts";

/** Where a local stack keeps its state, and on which ports it serves. */
export interface Layout {
  readonly directory: string;
  readonly ports: StackPorts;
  readonly chain: string;
  readonly postgres: string;
  readonly documents: string;
  readonly logs: string;
  readonly deployment: string;
  /** Parameters of the deployment. */
  readonly parameters: string;
  /** Addresses and ids that the founding of the example organization made. */
  readonly organization: string;
  operator(number: number): string;
  attestor(number: number): string;
  /** State of the notification service. */
  readonly notify: string;
  /** What the evidence store keeps. */
  readonly evidence: string;
  configuration(name: string): string;
  log(name: string): string;
}

export function layoutOf(directory: string, portBase: number): Layout {
  const at = (...parts: string[]): string => join(directory, ...parts);
  return {
    directory,
    ports: stackPorts(portBase),
    chain: at("chain"),
    postgres: at("postgres"),
    documents: at("documents"),
    logs: at("logs"),
    deployment: at("deployment.json"),
    parameters: at("parameters.json"),
    organization: at("organization.json"),
    operator: (number) => at("operators", String(number)),
    attestor: (number) => at("attestors", String(number)),
    notify: at("notify"),
    evidence: at("evidence"),
    configuration: (name) => at("configuration", `${name}.json`),
    log: (name) => at("logs", `${name}.log`),
  };
}

export function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}
