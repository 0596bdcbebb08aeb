import { buildModule } from "@nomicfoundation/ignition-core";
import { handoverModule } from "./handover.ts";

/** Rows of the local stack's example table that can be read by just-in-time grants. */
export const localRecords = [
  { id: "roadmap", title: "Roadmap", body: "What the example organization means to build next." },
  { id: "salaries", title: "Salaries", body: "What nobody reads without a reason." },
] as const;

export function recordResource(id: string): string {
  return `postgres://records/${id}`;
}

const mandateModule = handoverModule(localRecords.map(({ id }) => recordResource(id)));

/** The system, a test token without value, and rows to read: for local chains only. */
export default buildModule("Local", (m) => ({ ...m.useModule(mandateModule), TestToken: m.contract("TestToken") }));
